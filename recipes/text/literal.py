"""Which Russian sentences say themselves: plain words, nothing to be read as anything else.

ru-normalizr loads for a second of processor time, a fiftieth of building a short, and leaves such sentences as they
are. What is asked for here is narrow on purpose: one figure, capital or abbreviation, and the sentence goes to it.
"""

from __future__ import annotations

import re

_WORD = r"(?:[бвжкс]|[а-яё]*[аеёиоуыэюя][а-яё]*)"  # with a vowel: гн, млрд and пгт have none
_CAPITAL = r"(?=[А-ЯЁ]?[а-яё]*[АЕЁИОУЫЭЮЯаеёиоуыэюя])[А-ЯЁ][а-яё]+"  # more than a letter: витамин А
_ANY = rf"(?:{_CAPITAL}|{_WORD})"
_PLAIN = re.compile(rf"(?:[АБВЖИКОСУЯ]|{_ANY})(?:(?:[,;:]? |,? [—–] ){_ANY})*[.!?…]?")
_SHORT = frozenset({"гжа", "нэ", "юю"})
"""Read as more than they are wherever they stand."""
_SHORT_AT_THE_END = frozenset(
    {
        "англ", "вар", "гос", "греч", "дол", "долл", "лат", "латин", "междунар", "напр", "нем", "немецк", "обл", "оз",
        "офиц", "полит", "пос", "прил", "прим", "псевд", "ред", "респ", "рис", "руб", "рус", "руск", "сост", "табл",
        "ул", "франц", "экз", "юридич",
    }
)  # fmt: skip
"""Read as more than they are before a full stop."""


def says_itself(sentence: str) -> bool:
    """Whether a sentence is spoken as it is written, for sure; False where that is not known."""
    if not _PLAIN.fullmatch(sentence):
        return False
    words = re.findall(r"[а-яё]+", sentence.lower())
    return _SHORT.isdisjoint(words) and words[-1] not in _SHORT_AT_THE_END
