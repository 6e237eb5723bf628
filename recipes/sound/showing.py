"""When each shown word is there to be seen: while the words it is spoken with sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recipes.text.sounds import is_sound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factory.step import Json

SOUND = "sound"
"""The `source` of a shown word that nobody says: `[дверь скрипит]`."""


def shown(
    tokens: Sequence[tuple[str, int]], spoken: Sequence[Mapping[str, Any]], offset: int, sentence: int
) -> list[dict[str, Json]]:
    """One sentence's shown words with their times, `offset` ms after their own.

    A silent token is joined to the word before it, else to the next. A sound is a word of its own, and is there from
    the end of the word before it to the beginning of the next.
    """
    words: list[dict[str, Any]] = []
    waiting = ""
    at = 0
    for text, count in tokens:
        said, at = spoken[at : at + count], at + count
        if said:
            start, end = offset + said[0]["start"], offset + said[-1]["end"]
            words.append(_word(f"{waiting}{text}", start, end, sentence, said[0]["source"]))
            waiting = ""
        elif is_sound(text):
            start = words[-1]["end"] if words else offset
            following = offset + spoken[at]["start"] if at < len(spoken) else start
            words.append(_word(text, start, max(start + 1, following), sentence, SOUND))
        elif words and words[-1]["source"] != SOUND:
            words[-1]["text"] = f"{words[-1]['text']} {text}"
        else:
            waiting += f"{text} "
    return words


def unspoken(tokens: Sequence[tuple[str, int]], length: int) -> list[dict[str, Json]]:
    """The shown words of a block of sounds alone: they are there for all of its `length` in ms."""
    return [_word(text, 0, length, 0, SOUND) for text, _ in tokens]


def _word(text: str, start: int, end: int, sentence: int, source: str) -> dict[str, Any]:
    return {"text": text, "start": start, "end": end, "sentence": sentence, "source": source}
