"""Sentences that say themselves."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from recipes.text import russian
from recipes.text.literal import says_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = (
    "Каждую ночь над нами восходит Луна, и каждый раз она смотрит на нас одной и той же стороной.",
    "Сначала кажется — это не так!",
    "А с самой Луны Земля почти не движется по небу?",
)


@pytest.mark.parametrize("sentence", PLAIN)
def test_plain_sentences_do(sentence: str) -> None:
    """Words, names, commas and dashes need no reading."""
    assert says_itself(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Их было 12.", "Он живёт на ул. Ленина.", "Витамин А полезен.", "США и НАТО.", "Сдал в ин-т.", "Это Wi-Fi.",
        "Смотри гл. вторую.", "Пять млрд рублей.", "Лодка на оз.", "Это за\u0301мок.", "Ключ: мир", "и т. д.", "",
    ],
)  # fmt: skip
def test_what_may_be_read_otherwise_does_not(sentence: str) -> None:
    """Figures, capitals, abbreviations and marks of stress go through the whole reading."""
    assert not says_itself(sentence) or russian._normaliser()(sentence) == sentence


def sentences() -> Iterator[str]:
    """Words of the dictionary in a row, some of them as names, and the short words of the normaliser's own tables."""
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 - half a second
    from ru_normalizr import abbreviation_rules as rules  # noqa: PLC0415 - see russian._normaliser

    chance = random.Random(4)  # noqa: S311 - a sample, not a secret
    words = [word for word, *_ in islice(MorphAnalyzer().iter_known_word_parses(), 0, 2_000_000, 173)]
    chance.shuffle(words)
    for start in range(0, len(words) - 7, 7):
        one, *rest, last = words[start : start + 7]
        rest[chance.randrange(5)] = rest[chance.randrange(5)].capitalize()
        yield f"{one.capitalize()} {rest[0]}, {rest[1]} {rest[2]} — {rest[3]} {rest[4]} {last}."
    tables = (
        rules.ABBREVIATION_LITERAL_HINTS, rules.ADJECTIVE_ABBREVIATION_EXPANSIONS,
        rules.DECLINABLE_NOUN_ABBREVIATIONS, rules.GEO_CLASSIFIER_ABBREVIATIONS,
    )  # fmt: skip
    for short in filter(None, (entry for table in tables for entry in table)):
        bare = short.removesuffix(".")
        yield from (f"Это {bare}.", f"Это {bare} было", f"{bare.capitalize()} было", f"Это {bare.capitalize()} было.")


def test_the_normaliser_agrees() -> None:
    """What is said to say itself comes out of the whole reading as it went in."""
    plain = [sentence for sentence in sentences() if says_itself(sentence)]
    assert len(plain) > 1000
    normalise = russian._normaliser()
    assert [(sentence, normalise(sentence)) for sentence in plain if normalise(sentence) != sentence] == []
