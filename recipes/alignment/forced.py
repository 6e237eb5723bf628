"""Word times from Whisper held to the known text: where its attention lies as each word is "said" (no text is guessed).

Its attention knows a word's start to about 50 ms and is early by habit; where the voice comes out of silence, the
silence says it better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recipes.text.pieces import STRESS, bare
from recipes.voices import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job
    from recipes.recognition.whisper import Placed

SOURCE = "whisper"
# Seconds. Measured on RHVoice and Piper (`benchmarks/speech.py`): attention moves to a word this much before it sounds.
_EARLY = 0.03
_SNAP_BACK, _SNAP_AHEAD = 0.08, 0.3
# Of a sound longer than one clip: fewer words are placed than may have been said in it, and the last ones again.
_FEWER, _AGAIN = 0.85, 3


def align(job: Job, text: str, samples: NDArray[np.float32], rate: int, language: str) -> tuple[Word, ...]:
    """When each whitespace-separated word of `text` sounds in `samples` (mono, trimmed to the speech).

    Raises StepError where the extra [qa] is missing, or Whisper does not know the language.
    """
    import soxr  # noqa: PLC0415  # steps load it when they run

    from recipes.recognition.whisper import RATE  # noqa: PLC0415  # numpy

    words = text.split()
    heard = soxr.resample(samples, rate, RATE) if rate != RATE else samples
    placed = place(job, [bare(word).replace(STRESS, "") for word in words], heard, language)
    breaks = [False, *(not word[-1].isalnum() and word[-1] != STRESS for word in words[:-1])]
    starts = snapped([spot.start for spot in placed], breaks, heard)
    ends = [max(start, spot.end) for start, spot in zip(starts, placed, strict=True)]
    limits = [*starts[1:], len(heard) / RATE]
    return tuple(
        Word(word, round(start * 1000), round(min(end, limit) * 1000), SOURCE)
        for word, start, end, limit in zip(words, starts, ends, limits, strict=True)
    )


def place(job: Job, words: Sequence[str], samples: NDArray[np.float32], language: str) -> list[Placed]:
    """Where Whisper finds each word, in seconds of `samples` (mono at 16 kHz), of any length.

    Sound longer than Whisper can hear at once is heard in pieces: the words that are likely to have been said in one
    are placed, and the next piece begins where all but the last few of them end.
    """
    from recipes.recognition.whisper import LONGEST, RATE, Clip, Placed  # noqa: PLC0415  # numpy

    found: list[Placed] = []
    at = 0.0
    total = len(samples) / RATE
    while len(found) < len(words):
        left = words[len(found) :]
        piece = samples[int(at * RATE) : int((at + LONGEST) * RATE)]
        if at + LONGEST < total:
            left = left[: _AGAIN + max(1, int(len(left) * LONGEST * _FEWER / (total - at)))]
        spots = Clip(job, piece, language).place(left)
        kept = spots if at + LONGEST >= total else spots[: max(1, len(spots) - _AGAIN)]
        found += [Placed(at + spot.start, at + spot.end, spot.log_probabilities) for spot in kept]
        at = found[-1].end
    return found


def snapped(starts: Sequence[float], breaks: Sequence[bool], samples: NDArray[np.float32]) -> list[float]:
    """Starts, in seconds, with the habit of being early taken off, none in a pause; those after a mark at its end."""
    from recipes.alignment.sounds import HOP, describe, runs  # noqa: PLC0415  # numpy
    from recipes.recognition.whisper import RATE  # noqa: PLC0415

    pauses = [(first * HOP, last * HOP) for first, last in runs(~describe(samples, RATE).speech)]
    result: list[float] = []
    for index, (start, after) in enumerate(zip(starts, breaks, strict=True)):
        time = start + _EARLY
        back, ahead = (0.5, 0.5) if after or not index else (_SNAP_BACK, _SNAP_AHEAD)
        within = [last for first, last in pauses if first - _SNAP_BACK <= time <= last]
        near = [last for _, last in pauses if -back <= last - time <= ahead] if after or not index else []
        if options := within or near:
            time = min((abs(end - time), end) for end in options)[1]
        result.append(max(time, result[-1] if result else 0.0))
    return result
