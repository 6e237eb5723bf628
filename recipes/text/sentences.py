"""Where one sentence ends and the next begins.

razdel is right most of the time in Russian; the rules here are its known misses. English has a rule of its own: a full
stop ends a sentence unless the word before it is an abbreviation or an initial.
"""

from __future__ import annotations

import re

from recipes.text.pieces import bare

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")

# Never the last word of a sentence: what follows is what they abbreviate for.
_RU_OPEN = re.compile(
    r"(?:^|[\s(«„\"])(?<!\d\s)(?:(?i:т\.\s?е|т\.\s?к|т\.\s?н|т\.\s?о|напр|им|см|ср|рис|табл|гл|стр|(?<!т\.\s)пп?|ул|(?<!и\s)пр|просп|пл|"
    r"пер|наб|обл|г-н|г-жа|тов|проф|акад|доц|св|о-ва|пос|дер|корп|кв|тел|инж|ген|полк|кап|лейт|имп|адм|арх|реж|худ|кн)"
    r"|[А-ЯЁA-Z])\.$"
)
_RU_MONTH = re.compile(r"(?<!\w)(?i:янв|февр?|мар|апр|июн|июл|авг|сент?|окт|нояб?|дек)\.$")
# Ends a sentence when a capital follows: razdel keeps these together.
_RU_CLOSED = re.compile(
    r"((?:\bт\.\s?[дп]|\b(?:др|пр|км/[чс]|м/с|руб|коп|кг|км|см|мм|млн|млрд|тыс|кв\. м|гг|вв|н\. э)|%"
    r"|\d\s(?:с|сек|мин|ч|м|л)|\b\d{4}\s?г)\.)\s+(?=[«\"„—–-]*\s*[А-ЯЁ])"
)

_EN_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘«(\[—–-]*\s*[A-Z0-9À-ÖØ-Þ])")
_EN_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“‘'])(?:mr|mrs|ms|dr|prof|st|mt|vs|e\.g|i\.e|fig|gen|col|sgt|capt|lt|rev|hon|approx|dept|vol|ch|pp?|"
    r"sen|gov|rep|pres|maj|adm|hwy|ft|bros|univ|natl|intl|a\.k\.a|jan|feb|mar|apr|aug|sept?|oct|nov|dec|cf|ca|al)\.$",
    re.IGNORECASE,
)
_EN_INITIAL = re.compile(r"(?:^|[\s.(])[A-HJ-Z]\.$|(?:[A-Z]\.){1,2}[A-Z]\.$")
# Abbreviations only before a figure: “at 6 p.m. 20 people”, “No. 5”.
_EN_BEFORE_FIGURE = re.compile(r"\b(?:[ap]\.m|nos?|est|max|min|ext|tel)\.$", re.IGNORECASE)

# Chinese and Japanese put no space after a full stop, and end no abbreviation with theirs.
_CJK_END = re.compile(r"(?<=[。！？])(?=[^。！？…」』）】”’\s])|(?<=[。！？][」』）】”’])(?=[^。！？、\s])")
_CJK = frozenset({"ja", "yue", "zh"})


def split(text: str, language: str) -> list[str]:
    """The sentences of a text, each with its whitespace collapsed; what has no word in it is joined to a neighbour."""
    parts = [
        sentence
        for paragraph in _PARAGRAPH.split(text.strip())
        if (flat := " ".join(paragraph.split()))
        for sentence in _sentences(flat, language.partition("-")[0])
    ]
    joined: list[str] = []
    for part in parts:
        if joined and (not any(map(bare, part.split())) or not any(map(bare, joined[-1].split()))):
            joined[-1] += f" {part}"
        else:
            joined.append(part)
    return [sentence for sentence in joined if any(map(bare, sentence.split()))]


def _sentences(text: str, language: str) -> list[str]:
    if language in _CJK:
        return [part.strip() for part in _CJK_END.split(text)]
    return _russian(text) if language == "ru" else _english(text)


def _russian(text: str) -> list[str]:
    from razdel import sentenize  # noqa: PLC0415  # only when there is Russian to split

    rough = [piece for sentence in sentenize(text) for piece in _RU_CLOSED.sub(r"\1\n", sentence.text).split("\n")]
    sentences: list[str] = []
    for part in rough:
        if sentences and _goes_on(sentences[-1], part):
            sentences[-1] += f" {part}"
        else:
            sentences.append(part)
    return sentences


def _goes_on(before: str, part: str) -> bool:
    # «— Ты где? — спросил он»: the author's words after direct speech begin with a small letter.
    if before.endswith((";", ":", ",")) or re.match(r"(?:[—–-]\s*)?[а-яё]", part):
        return True
    if part[0].isdigit() and _RU_MONTH.search(before):
        return True
    return bool(_RU_OPEN.search(before))


def _english(text: str) -> list[str]:
    sentences: list[str] = []
    start = 0
    for match in _EN_END.finditer(text):
        head = text[start : match.end()].rstrip()
        if head.endswith(".") and (_EN_ABBREVIATION.search(head) or _EN_INITIAL.search(head)):
            continue
        if _EN_BEFORE_FIGURE.search(head) and text[match.end()].isdigit():
            continue
        sentences.append(head)
        start = match.end()
    return [*sentences, text[start:]] if text[start:].strip() else sentences
