"""Grammar: where a caption may be broken and where it must not."""

from __future__ import annotations

import pytest

from recipes.captions import grammar


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("ru", "и", "это"),
        ("ru", "в", "год"),
        ("ru", "не", "будет"),
        ("ru", "из-за", "дождя"),
        ("ru", "1969", "году"),
        ("ru", "сказал", "бы"),
        ("ru", "А.", "С."),
        ("ru", "А.С.", "Пушкин"),
        ("ru", "Пушкин", "А.С."),
        ("ru", "«В", "лесу"),
        ("ru", "ул.", "Ленина"),
        ("en", "the", "Moon"),
        ("en", "of", "it"),
        ("en", "and", "then"),
        ("en", "17", "percent"),
        ("en", "J.", "Smith"),
        ("en-GB", "Dr.", "Watson"),
    ],
)
def test_words_that_lean_on_the_next_are_never_left_behind(language: str, left: str, right: str) -> None:
    """Articles, prepositions, conjunctions, negations, numbers and initials do not end a line."""
    assert grammar.penalty(left, right, language) == grammar.FORBIDDEN


@pytest.mark.parametrize(
    ("language", "better", "worse"),
    [
        ("ru", ("нас.", "Там"), ("шутка:", "учёные")),
        ("ru", ("лазером,", "а"), ("лазером", "а")),
        ("ru", ("лазером", "а"), ("зеркала", "на")),
        ("ru", ("зеркала", "на"), ("зеркала", "оставили")),
        ("ru", ("зеркала", "оставили"), ("полных", "затмений")),
        ("ru", ("полных", "затмений"), ("мы", "видим")),
        ("ru", ("слово", "дело"), ("слово", "—")),
        ("en", ("year,", "but"), ("year", "but")),
        ("en", ("year", "but"), ("slips", "of")),
        ("en", ("slips", "away"), ("Neil", "Armstrong")),
        ("en", ("adds", "in"), ("adds", "up,")),
        ("en", ("Neil", "Armstrong"), ("it", "adds")),
        ("en", ("be", "the"), ("be", "first")),
    ],
)
def test_breaks_are_preferred_in_the_order_of_the_guides(
    language: str, better: tuple[str, str], worse: tuple[str, str]
) -> None:
    """A sentence's end before a clause's, then before a conjunction, a preposition, anywhere, inside a pair."""
    assert grammar.penalty(*better, language) < grammar.penalty(*worse, language)


def test_an_abbreviation_ends_no_sentence() -> None:
    """«и т. д. в» is not taken for the end of a sentence."""
    assert grammar.penalty("др.", "вещества", "ru") > grammar.CLAUSE_END


def test_a_language_without_rules_is_judged_by_its_punctuation() -> None:
    """Any language gets breaks at punctuation and none between a number and its unit."""
    assert grammar.penalty("Ende.", "Und", "de") == grammar.SENTENCE_END
    assert grammar.penalty("25", "Euro", "de") == grammar.FORBIDDEN
    assert grammar.penalty("und", "dann", "de") == grammar.PLAIN
