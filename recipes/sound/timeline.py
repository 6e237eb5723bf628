"""Where each sentence of each block lies, in samples and in whole frames.

Every block is padded with silence to a whole number of frames, so the picture is exactly as long as the sound by
construction, and an edit of one block changes no other block's length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recipes.sound import waves
from recipes.sound.speaking import KEPT_AFTER, KEPT_BEFORE

if TYPE_CHECKING:
    from factory.step import Job

SAMPLE_RATE = 48_000
LEAD = SAMPLE_RATE * 80 // 1000
"""Silence before a block's first word: a voice that starts with the cut itself sounds clipped."""
GAP = SAMPLE_RATE * 250 // 1000
"""Silence between sentences of one block: what readers leave at a full stop, less what trimmed speech keeps."""
_KEPT = round(SAMPLE_RATE * (KEPT_BEFORE + KEPT_AFTER))


@dataclass(frozen=True)
class Place:
    """A block on the timeline; frames count from the start of the video, `offsets` are samples from its own start."""

    start_frame: int
    frames: int
    offsets: tuple[int, ...]
    """One per sentence."""


def arrange(blocks: Sequence[tuple[Sequence[int], Sequence[int], int]], fps: tuple[int, int]) -> list[Place]:
    """Lay blocks end to end.

    Each is given as the length of every sentence in samples, the milliseconds of silence asked for before each (0 where
    it follows as ever; nothing is before the first), and the milliseconds of silence after the last.
    """
    places = []
    frame = 0
    for lengths, silences, pause in blocks:
        at = LEAD
        offsets: list[int] = []
        for length, silence in zip(lengths, silences, strict=True):
            if offsets:
                at += max(0, SAMPLE_RATE * silence // 1000 - _KEPT) if silence else GAP
            offsets.append(at)
            at += length
        end = at + SAMPLE_RATE * pause // 1000
        # A whole number of frames, and at least one: a block nobody sees is not one.
        frames = max(1, -(-end * fps[0] // (SAMPLE_RATE * fps[1])))
        places.append(Place(frame, frames, tuple(offsets)))
        frame += frames
    return places


def lay(job: Job) -> tuple[list[list[int]], list[Place]]:
    """The length of every sentence of a step's blocks in samples, and where they lie: the same for sound and words."""
    params: Any = job.params
    lengths = [[_resampled(*waves.size(job.inputs[role])) for role in block["speech"]] for block in params["blocks"]]
    laid = [
        (length, block["silences_ms"], block["pause_ms"])
        for length, block in zip(lengths, params["blocks"], strict=True)
    ]
    return lengths, arrange(laid, (params["fps"][0], params["fps"][1]))


def sample_of(frame: int, fps: tuple[int, int]) -> int:
    """The sample a frame starts at, to the nearest."""
    return round(frame * SAMPLE_RATE * fps[1] / fps[0])


def _resampled(length: int, rate: int) -> int:
    """How many samples `length` samples at `rate` are at 48 kHz."""
    return -(-length * SAMPLE_RATE // rate)
