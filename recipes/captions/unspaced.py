"""Where a line may break in scripts that put no spaces between words: Chinese, Japanese, Thai.

BudouX finds the phrases, which is where a reader would breathe; a break inside one is made only where one is longer
than a line can be. What may never begin or end a line is that of the Unicode Line Breaking Algorithm (UAX #14, classes
CL, CP, EX, IS, NS and CJ against OP and QU), which is what typesetters call kinsoku.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from budoux import Parser

LONGEST = 8
"""Characters of a piece: half of a line of Chinese or Japanese (13 to 16), so that any line can be filled."""

_UNSPACED = re.compile(
    "[\u0e00-\u0e7f\u2e80-\u2fdf\u3000-\u30ff\u31c0-\u31ff\u3200-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uff9f\U00020000-\U0003ffff]"
)  # Thai, Han, kana and their punctuation; not hangul, which has spaces
_NO_START = frozenset(
    "、。，．：；？！」』）】〕〉》｝］”’ー々〻ゝゞヽヾ・…‥〜～"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    ",.:;?!)]}%‰°℃ๆฯ"
)
_NO_END = frozenset("「『（【〔〈《｛［“‘([{¥￥$＄№")
_NUMERALS = frozenset("〇一二三四五六七八九十百千万億兆０１２３４５６７８９")


def is_unspaced(text: str) -> bool:
    """Whether a text is written, in part at least, in such a script."""
    return _UNSPACED.search(text) is not None


def touch(left: str, right: str) -> bool:
    """Whether no space belongs between two texts: both are of such a script where they meet."""
    return is_unspaced(left[-1:]) and is_unspaced(right[:1])


def pieces(text: str, language: str) -> list[str]:
    """The text in pieces between which a line may break, most readable breaks first. Their join is the text."""
    phrases = _parser(language).parse(text)
    return [part for phrase in _merged(phrases) for part in _short(phrase)]


def _merged(parts: Iterable[str]) -> list[str]:
    """Join what may not be broken apart."""
    merged: list[str] = []
    for part in parts:
        if merged and not _may_break(merged[-1][-1], part[0]):
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def _may_break(left: str, right: str) -> bool:
    if right in _NO_START or left in _NO_END or unicodedata.combining(right) or left == right == "—":
        return False
    if left in _NUMERALS and right in _NUMERALS:
        return False
    return is_unspaced(left) or is_unspaced(right)


def _short(phrase: str) -> list[str]:
    """A phrase too long for a line, cut into equal parts where its characters allow it."""
    count = -(-len(phrase) // LONGEST)
    if count == 1:
        return [phrase]
    parts = [""]
    for atom in _merged(phrase):
        if parts[-1] and len(parts[-1] + atom) > -(-len(phrase) // count):
            parts.append("")
        parts[-1] += atom
    return parts


@functools.cache
def _parser(language: str) -> Parser:
    import budoux  # noqa: PLC0415 - only for a text that needs it

    primary, _, rest = language.lower().partition("-")
    if primary == "ja":
        return budoux.load_default_japanese_parser()
    if primary == "th":
        return budoux.load_default_thai_parser()
    traditional = primary == "yue" or any(region in rest.split("-") for region in ("hant", "tw", "hk", "mo"))
    return (
        budoux.load_default_traditional_chinese_parser()
        if traditional
        else budoux.load_default_simplified_chinese_parser()
    )
