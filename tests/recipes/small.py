"""A whole small video for tests of the picture: real pictures, made-up words, a tone for a voice."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from recipes.spec.model import Block, Captions, Encoding, Frame, SafeArea, Transition, Video, Voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from factory.step import Json

FPS = (30, 1)
ASS = """[Script Info]
ScriptType: v4.00+
PlayResX: 108
PlayResY: 192
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Outline, Alignment
Style: D,Rubik ExtraBold,30,&H00FFFFFF,&H00000000,&H00000000,2,5
[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.00,0:01:00.00,D,СЛОВО
"""


def photograph(path: Path, seed: int = 0, size: tuple[int, int] = (300, 400)) -> Path:
    """Soft shapes and some grain: something that shows when it moves."""
    rng = np.random.default_rng(seed)
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    planes = [120 + 70 * np.sin(x / rng.uniform(9, 30) + y / rng.uniform(20, 60) + seed) for _ in range(3)]
    pixels = np.stack(planes, axis=-1) + rng.normal(0, 4, (height, width, 3))
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)
    return path


def carousel(path: Path, number: int = 1, *, transition: str = "cut", **show: Json) -> Block:
    """A block that shows a picture."""
    return Block(
        id=f"{number:02d}",
        say=f"Block {number}.",
        speaker="",
        translations={},
        show={"image": path.name, "motion": "zoom_in", **show},
        files={"image": path},
        mode="carousel",
        voice=Voice("none", "none", 1.0, 0.0, 0.0),
        pause=0.0,
        transition=Transition(transition, 0.1),
    )


def video(folder: Path, blocks: Sequence[Block], **changes: Any) -> Video:
    """A 108×192 video of these blocks, whose pictures are in `folder`."""
    made = Video(
        project="small",
        id="one",
        title="One",
        language="ru",
        frame=Frame(108, 192, FPS),
        safe_area=SafeArea(150, 180, 250, 60),
        encoding=Encoding("ultrafast", 28, 64),
        captions=Captions("shorts", "none", {}),
        music=None,
        blocks=tuple(blocks),
        recording=None,
        lexicon={},
        allow_noncommercial=False,
        align="auto",
        must_pass=False,
        description="About one.",
        tags=("one",),
        folder=folder / "build",
        project_folder=folder,
    )
    return replace(made, **changes)


def write(video: Video, frames: Sequence[int]) -> Video:
    """What comes before the picture: script.json, words.json, cues.json, subs.srt and audio.wav."""
    video.folder.mkdir(parents=True, exist_ok=True)
    rate, per = video.frame.fps
    starts = [sum(frames[:number]) for number in range(len(frames))]
    script = [_described(block, video.project_folder) for block in video.blocks]
    timed = [
        {"id": block.id, "start_frame": start, "frames": count, "words": []}
        for block, start, count in zip(video.blocks, starts, frames, strict=True)
    ]
    cues = [{"id": block.id, "ass": ASS, "cues": []} for block in video.blocks]
    _json(video.folder / "script.json", {"version": 1, "language": video.language, "blocks": script})
    _json(video.folder / "words.json", {"version": 1, "fps": [rate, per], "frames": sum(frames), "blocks": timed})
    _json(video.folder / "cues.json", {"version": 1, "blocks": cues})
    (video.folder / "subs.srt").write_text("1\n00:00:00,000 --> 00:00:00,400\nСлово\n", encoding="utf-8")
    count = round(sum(frames) * 48000 * per / rate)
    tone = (np.sin(np.arange(count) / 20) * 3000).astype("<i2")
    with wave.open(str(video.folder / "audio.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(np.repeat(tone, 2).tobytes())
    return video


def _described(block: Block, folder: Path) -> dict[str, Any]:
    return {
        "id": block.id,
        "mode": block.mode,
        "show": {key: value for key, value in block.show.items() if key not in block.files},
        "files": {role: path.relative_to(folder).as_posix() for role, path in block.files.items()},
        "transition": {"kind": block.transition.kind, "ms": round(block.transition.seconds * 1000)},
        "sentences": [{"text": block.say}],
    }


def _json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
