"""Known words laid over recognised ones, for recognisers that time only what they think they heard."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from recipes.text.pieces import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def lay(words: Sequence[str], heard: Sequence[tuple[str, float, float]], seconds: float) -> list[tuple[float, float]]:
    """Spans, in seconds, of known words, from spans of recognised ones in a sound of `seconds`.

    Letters are matched, not words, so that `при ходить` times `приходить` and `25` times the words between its
    neighbours. Where letters differ, time runs evenly between those that match.
    """
    letters = list(_spelled(heard))
    anchors: list[tuple[float, float]] = [(0, letters[0][1] if letters else 0.0)]
    known = "".join(map(plain, words))
    matcher = SequenceMatcher(None, known, "".join(letter for letter, _, _ in letters), autojunk=False)
    for ours, theirs, size in matcher.get_matching_blocks():
        for offset in range(size):
            _, start, end = letters[theirs + offset]
            anchors += [(ours + offset, start), (ours + offset + 1, end)]
    anchors.append((len(known), letters[-1][2] if letters else seconds))
    spans = []
    at = 0
    for word in words:
        size = len(plain(word))
        start = _time(anchors, at, first=False)
        spans.append((start, max(start, _time(anchors, at + size, first=True))))
        at += size
    return spans


def _spelled(heard: Sequence[tuple[str, float, float]]) -> Iterator[tuple[str, float, float]]:
    """The letters of recognised words, each with its share of its word's time."""
    for text, start, end in heard:
        letters = plain(text)
        step = (end - start) / max(1, len(letters))
        yield from ((letter, start + n * step, start + (n + 1) * step) for n, letter in enumerate(letters))


def _time(anchors: Sequence[tuple[float, float]], position: float, *, first: bool) -> float:
    """When a place between letters is reached: there are two answers where a pause is, its beginning and its end."""
    exact = [time for at, time in anchors if at == position]
    if exact:
        return min(exact) if first else max(exact)
    before = max((anchor for anchor in anchors if anchor[0] < position), default=anchors[0])
    after = min((anchor for anchor in anchors if anchor[0] > position), default=anchors[-1])
    share = (position - before[0]) / max(1e-9, after[0] - before[0])
    return before[1] + share * (after[1] - before[1])
