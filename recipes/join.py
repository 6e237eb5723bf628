"""Segments one after another without touching a packet: ffmpeg's concat demuxer, told every length in exact frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from recipes import encoding, ffmpeg
from recipes.boxes import encoder_header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factory.step import Job

_LIST = "segments.txt"


def role(number: int) -> str:
    """The input role of a segment: sorts as it counts."""
    return f"segment{number:04d}"


def joined(job: Job, frames: Sequence[int], fps: tuple[int, int]) -> Any:
    """The job's segments as one input of a graph; segment n lasts `frames[n]` frames. Raises if they do not match.

    The list names only files the engine named. Lengths are given in microseconds, which ffmpeg adds up; `copied`
    then moves every time back onto its frame, so nothing accumulates.
    """
    paths = [job.inputs[role(number)] for number in range(len(frames))]
    _check_headers(paths)
    lines = ["ffconcat version 1.0"]
    done = 0
    for path, count in zip(paths, frames, strict=True):
        start = _microseconds(done, fps)
        done += count
        lines += [
            f"file '{path.relative_to(job.folder).as_posix()}'",
            f"duration {(_microseconds(done, fps) - start) / 1e6:.6f}",
        ]
    (job.folder / _LIST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ffmpeg.own(_LIST, f="concat", safe=1)


def copied(fps: tuple[int, int]) -> dict[str, str | int]:
    """Output options for the joined picture as it is, every packet on a whole frame."""
    scale = encoding.timescale(fps)
    tick = scale * fps[1] // fps[0]
    return {
        "c:v": "copy",
        "bsf:v": f"setts=time_base=1/{scale}:pts=round(PTS*TB*{scale}/{tick})*{tick}:"
        f"dts=round(DTS*TB*{scale}/{tick})*{tick}:duration={tick}",
        "video_track_timescale": scale,
        "movflags": "+faststart",
        **ffmpeg.BITEXACT,
    }


def _microseconds(frames: int, fps: tuple[int, int]) -> int:
    return (frames * fps[1] * 1_000_000 + fps[0] // 2) // fps[0]


def _check_headers(paths: Sequence[Any]) -> None:
    """Equal encoder headers, or a player would decode the second segment with the first one's settings."""
    if len({encoder_header(path) for path in paths}) > 1:
        raise StepError(
            "the segments were encoded with different settings and cannot be joined", hint="clean and rebuild"
        )
