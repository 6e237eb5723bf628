"""Word times nobody measured: the length of the sound shared out by letters. Marked as what they are; QA fails them."""

from __future__ import annotations

from recipes.text.pieces import bare
from recipes.voices import Word

SOURCE = "estimated"
_MARK = 3  # letters' worth of time that a comma or a full stop takes


def spread(text: str, seconds: float) -> tuple[Word, ...]:
    """One span for each whitespace-separated word, end to end."""
    words = text.split()
    sizes = [max(1, len(bare(word))) for word in words]
    paces = [size + (0 if word[-1].isalnum() else _MARK) for size, word in zip(sizes, words, strict=True)]
    pace = seconds * 1000 / max(1, sum(paces))
    timed = []
    at = 0
    for word, size, whole in zip(words, sizes, paces, strict=True):
        timed.append(Word(word, round(at * pace), round((at + size) * pace), SOURCE))
        at += whole
    return tuple(timed)
