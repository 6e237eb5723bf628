"""Where each sentence of each block lies, in samples and in whole frames.

Every block is padded with silence to a whole number of frames, so the picture is exactly as long as the sound by
construction, and an edit of one block changes no other block's length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recipes.sound import waves

if TYPE_CHECKING:
    from factory.step import Job

SAMPLE_RATE = 48_000
LEAD = SAMPLE_RATE * 80 // 1000
"""Silence before a block's first word: a voice that starts with the cut itself sounds clipped."""
GAP = SAMPLE_RATE * 250 // 1000
"""Silence between sentences of one block: what readers leave at a full stop, less what trimmed speech keeps."""


@dataclass(frozen=True)
class Place:
    """A block on the timeline; frames count from the start of the video, `offsets` are samples from its own start."""

    start_frame: int
    frames: int
    offsets: tuple[int, ...]
    """One per sentence."""


def arrange(blocks: Sequence[tuple[Sequence[int], int]], fps: tuple[int, int]) -> list[Place]:
    """Lay blocks, each given as (length of every sentence in samples, pause after it in milliseconds), end to end."""
    places = []
    frame = 0
    for lengths, pause in blocks:
        at = LEAD
        offsets = []
        for length in lengths:
            offsets.append(at)
            at += length + GAP
        end = (at - GAP if lengths else at) + SAMPLE_RATE * pause // 1000
        # A whole number of frames, and at least one: a block nobody sees is not one.
        frames = max(1, -(-end * fps[0] // (SAMPLE_RATE * fps[1])))
        places.append(Place(frame, frames, tuple(offsets)))
        frame += frames
    return places


def lay(job: Job) -> tuple[list[list[int]], list[Place]]:
    """The length of every sentence of a step's blocks in samples, and where they lie: the same for sound and words."""
    params: Any = job.params
    lengths = [[_resampled(*waves.size(job.inputs[role])) for role in block["speech"]] for block in params["blocks"]]
    pauses = (block["pause_ms"] for block in params["blocks"])
    return lengths, arrange(list(zip(lengths, pauses, strict=True)), (params["fps"][0], params["fps"][1]))


def sample_of(frame: int, fps: tuple[int, int]) -> int:
    """The sample a frame starts at, to the nearest."""
    return round(frame * SAMPLE_RATE * fps[1] / fps[0])


def _resampled(length: int, rate: int) -> int:
    """How many samples `length` samples at `rate` are at 48 kHz."""
    return -(-length * SAMPLE_RATE // rate)
