"""What a cold short costs beside x264 alone, and beside MoviePy doing the same the usual way.

    uv run python -m benchmarks.short [--preset veryfast] [--runs 3] [--moviepy]

A 30 s, five-block, 1080×1920 carousel of photographs with word-by-word captions, built by the real `doit` from a cache
that holds nothing but speech. All its CPU time counts (user and system, children included): loading the spec, the mix,
the proof, the captions, the segments, the joins. Beside it, x264 alone encodes the very same raw frames, captions
burned in, from one file, at the same settings. Both in turn, `--runs` times; the medians are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks import photographs
from benchmarks.edit import share_tools
from factory.step import File, Output
from recipes import encoding, ffmpeg, final, fonts
from recipes.picture import pipe
from recipes.spec import load_videos
from tests.e2e.studio import ROOT, Studio
from tests.workbench import BenchJob

SPEC = """\
extends: shorts
language: ru
voice: rhvoice/aleksandr-hq
encoding: {{preset: {preset}}}
videos:
  - id: short
    title: Пять фотографий
    blocks:
      - say: Каждую ночь над нами восходит Луна, и каждый раз она смотрит на нас одной и той же стороной.
        show: {{image: 0.jpg, motion: zoom_in}}
      - say: Сначала кажется, что она совсем не вращается, но это не так, и в этом легко убедиться.
        show: {{image: 1.jpg, motion: pan_right}}
        transition: slide
      - say: Один оборот вокруг своей оси длится у неё ровно столько же, сколько оборот вокруг Земли.
        show: {{image: 2.jpg, motion: zoom_out}}
        transition: zoom
      - say: Поэтому обратную сторону люди увидели только тогда, когда туда долетел первый аппарат.
        show: {{image: 3.jpg, motion: pan_up}}
      - say: А с самой Луны Земля почти не движется по небу, она висит там, как огромный голубой фонарь.
        show: {{image: 4.jpg, motion: zoom_in}}
"""
FINAL = "short/short/final.mp4"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--preset", default="veryfast")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--moviepy", action="store_true")
    options.add_argument("--draw", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.draw:
        draw(Studio(chosen.draw))
        return
    with tempfile.TemporaryDirectory(prefix="short-") as name:
        studio = Studio.open(Path(name) / "studio")
        share_tools(studio)
        studio.write("short/project.yaml", SPEC.format(preset=chosen.preset))
        for number in range(5):
            photographs.take(studio.folder / "projects" / "short" / f"{number}.jpg", number)
        studio.doit()
        # In a process of its own: a child's peak memory counts what its parent held when it was made.
        subprocess.run([sys.executable, "-m", "benchmarks.short", "--draw", str(studio.folder)], check=True)
        frames = len(studio.packets(FINAL))
        alone, whole = [], []
        for _ in range(chosen.runs):
            alone.append(measured(encoder(studio, chosen.preset), studio.folder))
            keep_speech_only(studio)
            whole.append(measured([sys.executable, "-m", "doit"], studio.folder))
        report(chosen.preset, frames, alone, whole)
        if chosen.moviepy:
            seconds = rival(studio)
            ours = statistics.median(run[1] for run in whole)
            print(f"  MoviePy 2    {seconds:6.1f} s wall, {seconds / ours:.1f} times ours")


def report(preset: str, frames: int, alone: list[tuple[float, float]], whole: list[tuple[float, float]]) -> None:
    """Print both, and the ratio of each pair."""
    print(f"{frames} frames 1080x1920, {preset}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    for title, runs in (("x264 alone", alone), ("whole build", whole)):
        cpu, wall = (statistics.median(run[index] for run in runs) for index in (0, 1))
        print(f"  {title:12} {cpu:6.2f} CPU s, {cpu / frames * 1000:5.1f} ms/frame, {wall:6.2f} s wall")
    pairs = [b[0] / a[0] for a, b in zip(alone, whole, strict=True)]
    print(f"  ratio        {statistics.median(pairs):6.3f} (of each pair: {', '.join(f'{p:.3f}' for p in pairs)})")


def measured(line: list[str], folder: Path) -> tuple[float, float]:
    """CPU seconds and wall seconds of a program, its children included."""
    begun = time.monotonic()
    # As on anyone's machine: Python keeps what it compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    child = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment, cwd=folder)
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, line
    child.returncode = status
    return used.ru_utime + used.ru_stime, time.monotonic() - begun


def keep_speech_only(studio: Studio) -> None:
    """Forget everything that was built but what was spoken."""
    for record in (studio.folder / "cache" / "ac").rglob("*.json"):
        if json.loads(record.read_text("utf-8"))["kind"] != "speech":
            record.unlink()
    for path in (studio.folder / "cache").glob("state*"):
        path.unlink()
    shutil.rmtree(studio.folder / "build")


def encoder(studio: Studio, preset: str) -> list[str]:
    """x264 alone, over the raw frames."""
    settings = encoding.picture(preset=preset, crf=20, fps=(30, 1), threads=os.cpu_count() or 2)
    raw = ffmpeg.own(
        studio.folder / "frames.yuv", f="rawvideo", pixel_format="yuv420p", s="1080x1920", framerate="30/1"
    )
    return ffmpeg.arguments(raw.output(str(studio.folder / "alone.mp4"), **settings))


def draw(studio: Studio) -> None:
    """The frames x264 got, captions burned in, in one file: the segments' own graphs, without the encoder."""
    os.chdir(studio.folder)
    (video,) = load_videos(Path())
    target = final.target(video)
    output = target.expand(target.params, target.sources)["final.mp4"]
    segments = [item for role, item in sorted(output.step.inputs.items()) if role.startswith("segment")]
    with Path("frames.yuv").open("wb") as file:
        for number, item in enumerate(segments):
            assert isinstance(item, Output)
            folder = studio.folder / f"raw{number}"
            folder.mkdir()
            staged = {role: put.path.absolute() for role, put in item.step.inputs.items() if isinstance(put, File)}
            job = BenchJob(item.step, staged, folder, os.cpu_count() or 2)
            clip, picture = final.captioned(job)
            line = ffmpeg.arguments(picture.output("part.yuv", f="rawvideo", pix_fmt="yuv420p"))
            job.pipe(line, partial(pipe.feed, clip, job))
            file.write((folder / "part.yuv").read_bytes())
            (folder / "part.yuv").unlink()


def rival(studio: Studio) -> float:
    """Seconds MoviePy takes for the same pictures, words and sound."""
    built = studio.folder / "build" / "short" / "short"
    cues = json.loads((built / "cues.json").read_text("utf-8"))["blocks"]
    blocks = [
        {
            "image": str(studio.folder / "projects" / "short" / f"{number}.jpg"),
            "seconds": block["frames"] / 30,
            "cues": [
                {"text": " ".join(cue["lines"]), "start": cue["start"] / 1000, "end": cue["end"] / 1000}
                for cue in block["cues"]
            ],
        }
        for number, block in enumerate(cues)
    ]
    font = str(fonts.resolve("Fira Sans Condensed ExtraBold", None))
    job = {"size": [1080, 1920], "fps": 30, "font": font, "audio": str(built / "audio.wav"), "blocks": blocks}
    (studio.folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    program = [
        *("uv", "run", "--no-project", "--python", "3.12", "--with", "moviepy==2.2.1", "python"),
        str(ROOT / "benchmarks" / "rival_moviepy.py"),
        str(studio.folder),
    ]
    told = subprocess.run(program, stdout=subprocess.PIPE, check=True, cwd=studio.folder)
    return float(json.loads(told.stdout.splitlines()[-1])["seconds"])


if __name__ == "__main__":
    main()
