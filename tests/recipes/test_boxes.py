"""Boxes of MP4 files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from factory.errors import StepError
from factory.step import Step
from recipes import encoding, ffmpeg, join
from recipes.boxes import encoder_header
from tests.workbench import BenchJob

if TYPE_CHECKING:
    from pathlib import Path


def segment(folder: Path, name: str, preset: str = "ultrafast") -> Path:
    """Four frames of grey, encoded as segments are."""
    import ffmpeg as graphs  # noqa: PLC0415 - see recipes.ffmpeg

    settings = encoding.picture(preset=preset, crf=30, fps=(25, 1), threads=2)
    grey = graphs.input("color=gray:s=64x64:r=25:d=0.16", f="lavfi")
    job = BenchJob(Step("encode", print, (name,)), {}, folder)
    job.call(ffmpeg.arguments(grey.output(name, **settings)))
    return folder / name


def test_the_header_of_the_encoder_is_the_one_a_decoder_is_given(tmp_path: Path) -> None:
    """It is read without opening the file as media, and is the same to the byte."""
    path = segment(tmp_path, "one.mp4")
    with av.open(str(path)) as container:
        assert encoder_header(path) == bytes(container.streams.video[0].codec_context.extradata or b"")


def test_what_is_no_video_has_none(tmp_path: Path) -> None:
    """Half a file, or one of something else, has an empty header and is no error."""
    path = segment(tmp_path, "one.mp4")
    for size in (0, 7, 40, len(path.read_bytes()) // 2):
        (tmp_path / "cut.mp4").write_bytes(path.read_bytes()[:size])
        assert encoder_header(tmp_path / "cut.mp4") == b""


def test_segments_of_two_encoders_are_not_joined(tmp_path: Path) -> None:
    """A player would decode the second with the settings of the first."""
    paths = {
        join.role(number): segment(tmp_path, f"{number}.mp4", preset)
        for number, preset in enumerate(("ultrafast", "veryfast"))
    }
    job = BenchJob(Step("mux", print, ("final.mp4",)), paths, tmp_path)
    with pytest.raises(StepError, match="different settings"):
        join.joined(job, (4, 4), (25, 1))
