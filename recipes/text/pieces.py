"""Pieces of shown text with their spoken words, and the few rules both languages share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STRESS = "\u0301"
"""COMBINING ACUTE ACCENT, after the stressed vowel."""

# Written in parts and read as one: groups of thousands, a number with its sign, initials of an abbreviation, a phone.
_ONE_THING = re.compile(
    r"""(?<!\S)(?:
        [+]?\d[\d(]*(?:[ ]\(?\d[\d)-]*)+(?:[ ]?[%‰°₽€$£])?   # 1 500 000, +7 (495) 123-45-67
      | [№#§][ ]\d\S*                                       # № 5
      | [-+−]?\d[\d.,]*[ ](?:[%‰₽€$£]|°[CFСK]?)             # 25 %, 10 °C
      | [тТ]\.[ ][а-я]\.(?:[ ][а-я]\.)?                     # т. е., и т. д.
    )[)»”".,;:!?…]*(?!\S)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Piece:
    """As `recipes.text.Token`, but with the punctuation still on its spoken words."""

    text: str
    words: tuple[str, ...]


def chunk(text: str) -> list[str]:
    """The shown pieces of a sentence: split at spaces, except inside what is one thing (`25 %`)."""
    pieces: list[str] = []
    end = 0
    for match in _ONE_THING.finditer(text):
        pieces += [*text[end : match.start()].split(), match.group()]
        end = match.end()
    return pieces + text[end:].split()


def bare(word: str) -> str:
    """The word without the punctuation around it; stress marks and inner hyphens stay."""
    start, end = 0, len(word)
    while start < end and not _speakable(word[start]):
        start += 1
    while end > start and not _speakable(word[end - 1]):
        end -= 1
    return word[start:end]


def plain(word: str) -> str:
    """The word for comparing: bare, lower case, without stress, `ё` as `е`."""
    return unicodedata.normalize("NFC", bare(word)).replace(STRESS, "").lower().replace("ё", "е")


def _speakable(char: str) -> bool:
    return char.isalnum() or unicodedata.combining(char) != 0


def settle(words: Iterable[str]) -> list[str]:
    """Make every word speakable: a lone dash or mark is a pause, so it becomes a comma after the word before it."""
    settled: list[str] = []
    for word in words:
        if bare(word):
            settled.append(word)
        elif settled and _speakable(settled[-1][-1]):
            settled[-1] += "," if set(word) & set("-–—−") else word
    return settled


def pronounce(text: str, lexicon: Mapping[str, str]) -> str:
    """Put the author's own pronunciations in, the longest first."""
    for written in sorted(lexicon, key=lambda key: (-len(key), key)):
        flags = re.IGNORECASE if written.islower() else 0
        spoken = lexicon[written]
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", lambda _, spoken=spoken: spoken, text, flags=flags)
    return text
