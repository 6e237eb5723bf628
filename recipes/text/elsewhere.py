"""Languages without rules of their own: numbers in words by num2words where it knows the language, the rest as it is.

Signs stay on their number (`25%`), for a voice of the language knows their names and we do not.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial

from recipes.text.spans import Rule

_POINT = frozenset({"he", "ja", "ko", "th", "zh", "hi", "ar"})
"""Languages that write 1,500.75 for what the others write as 1.500,75 or 1 500,75."""
_UNSPACED = frozenset({"ja", "th", "zh", "yue"})
_YEARS = frozenset({"de", "nl"})  # where a year is read otherwise than the number it is


@lru_cache
def rules(language: str) -> tuple[Rule, ...]:
    """How numbers are read in a language; none where num2words does not know it."""
    known = _known(language)
    if known is None:
        return ()
    groups, point = (",", r"\.") if language.partition("-")[0] in _POINT else (r"[.\s\u00a0\u202f]", ",")
    number = rf"(?<![\w.,:/$€£¥])(?P<sign>[-−])?(?P<whole>\d{{1,3}}(?:{groups}\d{{3}})+|\d+)(?:{point}(?P<part>\d+))?"
    return (
        (
            re.compile(rf"{number}(?:[\s\u00a0\u202f]?(?P<after>[%‰€$£]|°[CF]?))?(?![\w:/]|[.,]\d)"),
            partial(_read, known),
        ),
    )


def spell(text: str) -> str:
    """Figures no rule reads are left to the voice."""
    return text


def _read(language: str, match: re.Match[str]) -> str:
    from num2words import num2words  # noqa: PLC0415  # only where there is a number

    whole, part = re.sub(r"\D", "", match["whole"]), match["part"]
    year = language.partition("_")[0] in _YEARS and not part and re.fullmatch(r"1[1-9]\d\d", match["whole"])
    words = num2words(f"{whole}.{part}" if part else int(whole), lang=language, to="year" if year else "cardinal")
    return f"{match['sign'] or ''}{words}{match['after'] or ''}"


def _known(language: str) -> str | None:
    """num2words' own name for a language it knows."""
    from num2words import CONVERTER_CLASSES  # noqa: PLC0415

    tag = language.replace("-", "_")
    short = {"kk": "kz"}.get(tag.partition("_")[0], tag.partition("_")[0])
    if short in _UNSPACED:
        return None
    return next((name for name in (tag, short) if name in CONVERTER_CLASSES), None)
