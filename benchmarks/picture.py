"""What a cold picture costs beside x264 alone: the proof, the captions, the segments and the joins of a 30 s short.

    uv run python -m benchmarks.picture [--preset veryfast] [--runs 3]

The build is a fresh Python process that makes blocks.mp4, subs.* and final.mp4 from photographs, words and sound; all
its CPU time counts (user + system, children included). Beside it, x264 alone encodes the very same raw frames, captions
burned in, from one file, at the same settings. Both in turn, `--runs` times; the medians are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from factory.step import File, Output
from recipes import blocks, encoding, ffmpeg, final, subs
from recipes.picture import pipe
from recipes.spec.model import (
    Block,
    Captions,
    Encoding,
    Frame,
    SafeArea,
    Transition,
    Video,
    Voice,
)
from tests.workbench import BenchJob, Workbench

BLOCKS, FRAMES, FPS = 5, 180, (30, 1)
WIDTH, HEIGHT = 1080, 1920
RAW = "frames.yuv"
SAID = "каждую ночь над нами восходит луна и всегда смотрит на нас одной и той же стороной почему"
WORDS = SAID.split()
MOTIONS = ("zoom_in", "pan_right", "zoom_out", "pan_up", "zoom_in")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--preset", default="veryfast")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.build:
        _build(chosen.build, chosen.preset)
        return
    if chosen.prepare:
        _prepare(chosen.prepare)
        return
    with tempfile.TemporaryDirectory(prefix="picture-") as name:
        folder = Path(name)
        # In a process of its own: a child's peak memory counts what its parent held when it was made.
        _measured([sys.executable, "-m", "benchmarks.picture", "--prepare", str(folder)])
        raw = folder / RAW
        alone, whole = [], []
        for run in range(chosen.runs):
            alone.append(_measured(_encoder(raw, chosen.preset)))
            build = folder / f"run{run}"
            build.mkdir()
            for photo in folder.glob("photo*.jpg"):
                os.link(photo, build / photo.name)
            whole.append(
                _measured(
                    [sys.executable, "-m", "benchmarks.picture", "--build", str(build), "--preset", chosen.preset]
                )
            )
        print(f"{BLOCKS * FRAMES} frames {WIDTH}x{HEIGHT}, {chosen.preset}, {os.cpu_count()} CPUs")
        for title, runs in (("x264 alone", alone), ("whole build", whole)):
            cpu = statistics.median(run[0] for run in runs)
            print(
                f"  {title:12} {cpu:6.2f} CPU s, {cpu / BLOCKS / FRAMES * 1000:5.1f} ms/frame, "
                f"{statistics.median(run[1] for run in runs):6.2f} s wall, "
                f"{max(run[2] for run in runs):4.0f} MB at most in one process"
            )
        pairs = sorted(b[0] / a[0] for a, b in zip(alone, whole, strict=True))
        print(f"  ratio        {statistics.median(pairs):6.3f} (of each pair: {', '.join(f'{p:.3f}' for p in pairs)})")


def _prepare(folder: Path) -> None:
    """Photographs, and the frames x264 alone is given."""
    for number in range(BLOCKS):
        _photograph(folder / f"photo{number}.jpg", number)
    _build(folder / "frames", "ultrafast", photos=folder)
    _draw(folder)


def _measured(line: list[str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds, and the largest resident size in MB of a process and its children."""
    begun = time.monotonic()
    # As on anyone's machine: Python keeps what it compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    child = subprocess.Popen(line, stdin=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, line
    child.returncode = status
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return used.ru_utime + used.ru_stime, time.monotonic() - begun, used.ru_maxrss / scale


def _build(folder: Path, preset: str, photos: Path | None = None) -> None:
    folder.mkdir(exist_ok=True)
    video = _video(folder, preset, photos or folder)
    _words(video)
    bench = Workbench(folder / "steps")
    for target in (blocks.target(video), subs.target(video), final.target(video)):
        bench.deliver(target)


def _encoder(raw: Path, preset: str) -> list[str]:
    settings = encoding.picture(preset=preset, crf=20, fps=FPS, threads=os.cpu_count() or 2)
    source = ffmpeg.own(raw, f="rawvideo", pixel_format="yuv420p", video_size=(WIDTH, HEIGHT), framerate="30/1")
    return ffmpeg.arguments(source.output(str(raw.with_suffix(".mp4")), **settings))


def _draw(folder: Path) -> None:
    """The frames x264 got, captions burned in, in one file: the segments' own graphs, without the encoder."""
    video = _video(folder / "frames", "ultrafast", folder)
    target = final.target(video)
    output = target.expand(target.params, target.sources)["final.mp4"]
    segments = [item for role, item in sorted(output.step.inputs.items()) if role.startswith("segment")]
    steps = [item.step for item in segments if isinstance(item, Output)]
    with (folder / RAW).open("wb") as file:
        for number, step in enumerate(steps):
            job_folder = folder / f"raw{number}"
            job_folder.mkdir()
            staged = {role: item.path for role, item in step.inputs.items() if isinstance(item, File)}
            job = BenchJob(step, staged, job_folder, os.cpu_count() or 2)
            clip, picture = final.captioned(job)
            line = ffmpeg.arguments(picture.output("part.yuv", f="rawvideo", pix_fmt="yuv420p"))
            job.pipe(line, partial(pipe.feed, clip, job))
            file.write((job_folder / "part.yuv").read_bytes())
            (job_folder / "part.yuv").unlink()


def _photograph(path: Path, seed: int) -> None:
    """2400×3200: detail at every scale as in nature, a few hard edges, colour, and the grain of a good sensor.

    The amplitude of natural pictures falls with frequency as 1/f^1.1 or so (Tolhurst, Tadmor and Chao 1992).
    """
    rng = np.random.default_rng(seed)
    height, width = 3200, 2400
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    radius[0, 0] = 1
    layers = []
    for _ in range(3):
        phase = np.exp(2j * np.pi * rng.random(radius.shape))
        field = np.fft.irfft2(phase / radius**1.1, s=(height, width))
        layers.append(field / field.std())
    light = 118 + 34 * layers[0] + 26 * np.sin(x / 700 + seed) - 20 * y / height
    for _ in range(14):
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(80, 500)
        inside = (x - cx) ** 2 + ((y - cy) * rng.uniform(0.6, 1.6)) ** 2 < r * r
        light[inside] += rng.uniform(-45, 45)
    colour = [light + 22 * layers[1], light, light + 26 * layers[2]]
    pixels = np.stack([plane + rng.normal(0, 3.5, light.shape) for plane in colour], axis=-1)
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path, quality=93)


def _video(folder: Path, preset: str, photos: Path) -> Video:
    shown = [
        Block(
            id=f"{number + 1:02d}",
            say="",
            speaker="",
            translations={},
            show={"image": f"photo{number}.jpg", "motion": MOTIONS[number]},
            files={"image": photos / f"photo{number}.jpg"},
            mode="carousel",
            voice=Voice("none", "none", 1.0, 0.0),
            pause=0.3,
            transition=Transition(("crossfade", "slide", "zoom")[number % 3], 0.5),
        )
        for number in range(BLOCKS)
    ]
    return Video(
        project="benchmark",
        id="picture",
        title="Benchmark",
        language="ru",
        frame=Frame(WIDTH, HEIGHT, FPS),
        safe_area=SafeArea(150, 180, 250, 60),
        encoding=Encoding(preset, 20, 192),
        captions=Captions("shorts", "burned", {}),
        music=None,
        blocks=tuple(shown),
        lexicon={},
        align="auto",
        allow_noncommercial=False,
        must_pass=False,
        description="",
        tags=(),
        folder=folder,
        project_folder=photos,
    )


def _words(video: Video) -> None:
    """Speech without a voice: a word every 340 ms, and sound of the right length."""
    described: list[Any] = []
    timed: list[Any] = []
    for number, block in enumerate(video.blocks):
        described.append(
            {
                "id": block.id,
                "mode": block.mode,
                "show": {"motion": block.show["motion"]},
                "files": {"image": block.files["image"].name},
                "transition": {"kind": block.transition.kind, "ms": round(block.transition.seconds * 1000)},
                "sentences": [{"text": SAID}],
            }
        )
        words = [
            {"text": word, "start": 100 + 340 * at, "end": 400 + 340 * at, "sentence": 0, "source": "made"}
            for at, word in enumerate(WORDS[: FRAMES * 1000 // 30 // 340 - 1])
        ]
        timed.append({"id": block.id, "start_frame": number * FRAMES, "frames": FRAMES, "words": words})
    total = BLOCKS * FRAMES
    script = {"version": 1, "language": "ru", "blocks": described}
    spoken = {"version": 1, "fps": list(FPS), "sample_rate": 48000, "frames": total, "blocks": timed}
    (video.folder / "script.json").write_text(json.dumps(script), encoding="utf-8")
    (video.folder / "words.json").write_text(json.dumps(spoken), encoding="utf-8")
    at = np.arange(total * 48000 // 30) / 48000
    # A voice, more or less: harmonics that come and go four times a second, and breath.
    voice = sum(np.sin(2 * np.pi * 120 * k * at + k) / k for k in range(1, 30)) * (1 + np.sin(2 * np.pi * 4 * at))
    breath = np.random.default_rng(0).normal(0, 150, len(at))
    samples = np.repeat((3000 * voice + breath).clip(-32768, 32767).astype("<i2")[:, None], 2, axis=1)
    with wave.open(str(video.folder / "audio.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(samples.tobytes())


if __name__ == "__main__":
    main()
