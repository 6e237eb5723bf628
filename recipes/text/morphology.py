"""Russian words in another case, by the dictionary ru-normalizr brings (OpenCorpora, through pymorphy3)."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pymorphy3
    from pymorphy3.analyzer import Parse

_LOADING = threading.Lock()


def parses(word: str) -> list[Parse]:
    """What a word may be, the likeliest first."""
    with _LOADING:
        morph = _morph()
    found: list[Parse] = morph.parse(word)
    return found


def gender_of(noun: str) -> str | None:
    """`masc`, `femn`, `neut`, or None where it has none (a plural)."""
    gender = next((parse.tag.gender for parse in parses(noun) if parse.tag.POS == "NOUN"), None)
    return str(gender) if gender else None


def inflected(words: str, case: str, number: str = "sing") -> str:
    """Nouns and adjectives of a phrase given in the nominative, in a case; adjectives in a gender for a number too."""
    return " ".join(_inflected(word, case, number) for word in words.split())


def _inflected(word: str, case: str, number: str) -> str:
    parsed = next((parse for parse in parses(word) if parse.tag.case == "nomn"), None)
    if parsed is None:
        return word
    noun = parsed.tag.POS == "NOUN"
    # A noun has its own gender; an adjective takes the one it is given.
    wanted = {case} | ({number} if (not noun and number != "sing") or (noun and number == "plur") else set())
    form = parsed.inflect(wanted)
    if form is None:
        return word
    return str(form.word.title() if word[0].isupper() else form.word)


@lru_cache(maxsize=1)
def _morph() -> pymorphy3.MorphAnalyzer:
    import pymorphy3 as pymorphy  # noqa: PLC0415  # loads a dictionary for 0.2 s

    return pymorphy.MorphAnalyzer()
