"""Time carried from one voice to another by dynamic time warping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recipes.alignment.sounds import HOP, Sound, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_KEPT = 4  # frames of a pause that are left for warping to hold on to
_STEP_COST = 0.4  # of a step that moves in one voice only, so that time is not stretched for nothing
# Seconds. Warping is least sure around pauses, where there is nothing to compare: it may leave a word's beginning on
# the wrong side of one, and rarely puts it too late.
_CLOSE, _SNAP_BACK, _SNAP_AHEAD = 0.03, 0.15, 0.5


def carry(
    reference: Sound, heard: Sound, words: Sequence[tuple[float, float]], breaks: Sequence[bool]
) -> tuple[float, list[tuple[float, float]]]:
    """How unlike the two voices are, and the spans of words in the reference taken over to the other, in seconds.

    `breaks` tells for every two neighbours whether the text has a mark between them, where a voice may pause.
    """
    ours, theirs = _squeezed(reference), _squeezed(heard)
    unlike, forward = warp(reference.features[ours], heard.features[theirs])
    positions = np.arange(len(reference.features))
    # Time in the reference → its squeezed frame → the other's squeezed frame → its time.
    squeezed = np.interp(positions, ours, np.arange(len(ours)))
    mapped = np.interp(squeezed, np.arange(len(ours)), theirs[forward])
    pauses = [(first * HOP, last * HOP) for first, last in runs(~heard.speech)]
    spans: list[tuple[float, float]] = []
    for (start, end), after, before in zip(words, (False, *breaks), (*breaks, True), strict=True):
        begin = _begin(_at(mapped, start), pauses, after=after)
        finish = _finish(_at(mapped, end), pauses, before=before)
        begin = max(begin, spans[-1][0] if spans else 0.0)
        if spans and spans[-1][1] > begin:
            spans[-1] = (spans[-1][0], begin)
        spans.append((begin, max(begin, finish)))
    return unlike, spans


def warp(reference: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, NDArray[np.intp]]:
    """What a frame of the cheapest path costs, and, for each frame of the reference, where it falls on the other."""
    height, width = len(reference), len(other)
    cost = np.sqrt(
        np.maximum((reference**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None, :] - 2 * reference @ other.T, 0)
    )
    extra = _STEP_COST * float(np.median(cost))
    total = np.full((height + 1, width + 1), np.inf)
    total[0, 0] = 0
    # Anti-diagonals: every cell of one depends only on the two before it.
    for diagonal in range(2, height + width + 1):
        row = np.arange(max(1, diagonal - width), min(height, diagonal - 1) + 1)
        column = diagonal - row
        sideways = np.minimum(total[row - 1, column], total[row, column - 1]) + extra
        total[row, column] = cost[row - 1, column - 1] + np.minimum(total[row - 1, column - 1], sideways)
    first = np.zeros(height, dtype=np.intp)
    last = np.zeros(height, dtype=np.intp)
    i, j = height, width
    last[i - 1] = j - 1
    while i > 0 and j > 0:
        first[i - 1] = j - 1
        straight, up, left = total[i - 1, j - 1], total[i - 1, j] + extra, total[i, j - 1] + extra
        if straight <= up and straight <= left:
            i, j = i - 1, j - 1
        elif up <= left:
            i -= 1
        else:
            j -= 1
            continue
        if i > 0:
            last[i - 1] = j - 1
    return float(total[height, width]) / (height + width), (first + last) // 2


def _squeezed(sound: Sound) -> NDArray[np.intp]:
    """The frames that are left when pauses are cut short: two voices pause at different places, for different times."""
    keep = np.ones(len(sound.speech), dtype=bool)
    for first, last in runs(~sound.speech):
        keep[first + _KEPT // 2 : max(first, last - _KEPT // 2)] = False
    return np.flatnonzero(keep)


def _at(mapped: NDArray[np.float64], seconds: float) -> float:
    return float(np.interp(seconds / HOP, np.arange(len(mapped)), mapped)) * HOP


def _begin(time: float, pauses: Sequence[tuple[float, float]], *, after: bool) -> float:
    """No word begins in a pause or just before one, and one after a comma begins where its pause ends."""
    for first, last in pauses:
        if first - _CLOSE <= time <= last + _CLOSE:
            return last
    ends = [last for _, last in pauses if -_SNAP_BACK <= last - time <= _SNAP_AHEAD]
    return min(ends, key=lambda end: abs(end - time)) if after and ends else time


def _finish(time: float, pauses: Sequence[tuple[float, float]], *, before: bool) -> float:
    for first, last in pauses:
        if first <= time <= last:
            return first
    starts = [first for first, _ in pauses if abs(first - time) <= _SNAP_BACK]
    return min(starts, key=lambda start: abs(start - time)) if before and starts else time
