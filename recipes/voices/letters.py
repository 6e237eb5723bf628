"""Words as an engine tells them, given to the words we asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recipes.voices import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

type Heard = tuple[str, int, int]
"""What the engine calls a word, and from when to when it sounds, in milliseconds."""


def assign(text: str, heard: Sequence[Heard], source: str) -> tuple[Word, ...] | None:
    """The times of the text's words, letter by letter, however the engine splits or joins them.

    None where the engine read something else or not everything: a guess would be worse than alignment.
    """
    letters = "".join(_letters(word) for word, _, _ in heard)
    times = [(start, end) for word, start, end in heard for _ in _letters(word)]
    words = []
    at = 0
    for word in text.split():
        own = _letters(word)
        if not own or letters[at : at + len(own)] != own:
            return None
        words.append(Word(word, times[at][0], times[at + len(own) - 1][1], source))
        at += len(own)
    return tuple(words) if at == len(letters) else None


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
