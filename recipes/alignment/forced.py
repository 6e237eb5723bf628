"""Word times from Whisper held to the known text: where its attention lies as each word is "said" (no text is guessed).

Its attention knows a word's start to about 50 ms and is early by habit; where the voice comes out of silence, the
silence says it better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recipes.recognition import RATE
from recipes.text.pieces import STRESS
from recipes.voices import Word, timed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job
    from recipes.recognition.whisper import Placed

SOURCE = "whisper"
# Seconds. Measured on RHVoice and Piper (`benchmarks/speech.py`): attention moves to a word this much before it sounds.
_EARLY = 0.03
_SNAP_BACK, _CLOSE = 0.3, 0.06
_LONG = 0.12  # a pause between phrases; a closed lip is shorter
# Speech is told from what is under it halfway between these percentiles, in dB, and between these below the loudest.
_QUIET, _LOUD = 5, 80
_FAINTEST_DB, _STRONGEST_DB = -38.0, -22.0
_HOP, _SHORTEST = 0.01, 6  # seconds; hops
# Of a sound longer than one clip: fewer words are placed than may have been said in it, and the last ones again.
_FEWER, _AGAIN = 0.85, 3


def align(job: Job, text: str, samples: NDArray[np.float32], rate: int, language: str) -> tuple[Word, ...]:
    """When each whitespace-separated word of `text` sounds in `samples` (mono, trimmed to the speech).

    Raises StepError where the extra [qa] is missing, or Whisper does not know the language.
    """
    import soxr  # noqa: PLC0415  # steps load it when they run

    words = text.split()
    heard = soxr.resample(samples, rate, RATE) if rate != RATE else samples
    placed = place(job, [word.replace(STRESS, "") for word in words], heard, language)
    breaks = [False, *(not word[-1].isalnum() and word[-1] != STRESS for word in words[:-1])]
    starts = snapped(placed, breaks, heard)
    limits = [*starts[1:], len(heard) / RATE]
    ends = [min(max(start, spot.end), limit) for start, spot, limit in zip(starts, placed, limits, strict=True)]
    return timed(words, zip(starts, ends, strict=True), SOURCE)


def place(job: Job, words: Sequence[str], samples: NDArray[np.float32], language: str) -> list[Placed]:
    """Where Whisper finds each word, in seconds of `samples` (mono at 16 kHz), of any length.

    Sound longer than Whisper can hear at once is heard in pieces: the words that are likely to have been said in one
    are placed, and the next piece begins where all but the last few of them end.
    """
    from recipes.recognition.whisper import LONGEST, Clip, Placed  # noqa: PLC0415  # numpy

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


def snapped(spots: Sequence[Placed], breaks: Sequence[bool], samples: NDArray[np.float32]) -> list[float]:
    """Starts, in seconds, without the habit of being early: none in a pause, those after a mark where the pause ends.

    Attention says nothing of where the first word begins (its path starts with the clip), but well where it ends.
    """
    silent = pauses(samples)
    long = [last for first, last in silent if last - first >= _LONG]
    result: list[float] = []
    for index, (spot, after) in enumerate(zip(spots, breaks, strict=True)):
        time = spot.start + _EARLY
        if after or not index:
            ahead = [last for last in long if time - (_SNAP_BACK if index else 0) <= last <= spot.end]
        else:
            ahead = [last for first, last in silent if first - _CLOSE <= time <= last]
        result.append(max(ahead[-1] if ahead else time, result[-1] if result else 0.0))
    return result


def pauses(samples: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Spans, in seconds, where nobody speaks, in sound at 16 kHz; music under the speech does not count as speech.

    What speech is told from is the level of the clip's own quietest moments.
    """
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    from recipes.alignment.sounds import runs  # noqa: PLC0415  # numpy

    hop = round(_HOP * RATE)
    framed = np.pad(samples, (0, -len(samples) % hop)).reshape(-1, hop).astype(np.float64)
    level = 10 * np.log10((framed**2).mean(axis=1) + 1e-10)
    level = np.convolve(np.pad(level, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    quiet, loud = np.percentile(level, (_QUIET, _LOUD))
    loudest = float(level.max())
    edge = min(max((quiet + loud) / 2, loudest + _FAINTEST_DB), loudest + _STRONGEST_DB)
    return [(first * _HOP, last * _HOP) for first, last in runs(level < edge) if last - first >= _SHORTEST]
