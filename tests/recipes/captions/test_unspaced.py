"""Where captions break in scripts without spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipes.captions import unspaced
from recipes.text.sentences import split

JAPANESE = "月はいつも同じ面を私たちに向けている。裏側は一九五九年まで、誰も見たことがなかった。「静かの海」だ！"
CHINESE = "月球总是以同一面朝向我们，背面直到1959年才被人类看到。"


@pytest.mark.parametrize(("text", "language"), [(JAPANESE, "ja"), (CHINESE, "zh-CN"), (CHINESE, "zh-Hant")])
def test_no_line_begins_or_ends_against_the_rules(text: str, language: str) -> None:
    """No piece begins with a full stop, a small kana or a closing bracket, nor ends with an opening one (UAX #14)."""
    pieces = unspaced.pieces(text, language)
    assert "".join(pieces) == text
    assert len(pieces) > 5
    assert not any(piece[0] in "。、，！」ーっょ" or piece[-1] in "「『（" for piece in pieces)


def test_numbers_and_foreign_words_stay_whole() -> None:
    """A year is one thing, in Han numerals as in Arabic ones; so is a word in Latin letters."""
    assert any("一九五九年" in piece for piece in unspaced.pieces(JAPANESE, "ja"))
    assert any("1959" in piece for piece in unspaced.pieces(CHINESE, "zh"))
    assert any("Python" in piece for piece in unspaced.pieces("私はPythonが好きです。", "ja"))


@given(st.text("月はいつも同じ面をっー。、「」！アポロabc12", min_size=1, max_size=60))
def test_pieces_are_the_text(text: str) -> None:
    """Whatever is written, nothing is lost, and pieces are short wherever the rules let them be."""
    pieces = unspaced.pieces(text, "ja")
    assert "".join(pieces) == text
    assert all(pieces)


def test_sentences_end_without_a_space() -> None:
    """A full stop of Chinese or Japanese ends a sentence; a closing bracket stays with it."""
    assert split(JAPANESE, "ja") == [
        "月はいつも同じ面を私たちに向けている。",
        "裏側は一九五九年まで、誰も見たことがなかった。",
        "「静かの海」だ！",
    ]
    assert split("「行こう。」と言った。はい。", "ja") == ["「行こう。」", "と言った。", "はい。"]
