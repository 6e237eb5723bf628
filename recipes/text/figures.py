"""Russian readings of figures that ru-normalizr 1.3.0 gets wrong: money, telephones, clocks, speeds, Roman numerals.

Each rewrites a span of the text; what it leaves in figures, ru-normalizr reads. It takes money after a noun for what
the noun is of (“цена пяти долларов”), telephones for millions, and a Roman numeral before an adjective for a count.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_GENITIVE = frozenset({"до", "с", "со", "от", "после", "около"})
_GOVERNING = _GENITIVE | {
    "без", "более", "больше", "выше", "для", "из", "к", "менее", "меньше", "минимум", "ниже", "по", "порядка",
    "против", "размере", "свыше", "сумме", "у",
}  # fmt: skip
"""Words whose money is in a case of its own, which ru-normalizr knows."""
_CURRENCIES = {
    "$": (("доллар", "доллара", "долларов"), ("цент", "цента", "центов")),
    "€": (("евро", "евро", "евро"), ("цент", "цента", "центов")),
    "£": (("фунт", "фунта", "фунтов"), ("пенс", "пенса", "пенсов")),
    "₽": (("рубль", "рубля", "рублей"), ("копейка", "копейки", "копеек")),
}
_SCALES = {
    "тыс": ("тысяча", "тысячи", "тысяч"), "млн": ("миллион", "миллиона", "миллионов"),
    "млрд": ("миллиард", "миллиарда", "миллиардов"), "трлн": ("триллион", "триллиона", "триллионов"),
}  # fmt: skip
_FEMININE = frozenset({"тысяча", "копейка"})
_PER = {"с": "секунду", "мин": "минуту", "ч": "час", "сут": "сутки", "нед": "неделю", "мес": "месяц", "год": "год"}
_UNITS = {
    "км": ("километр", "километра", "километров"), "м": ("метр", "метра", "метров"),
    "кбит": ("килобит", "килобита", "килобит"), "Мбит": ("мегабит", "мегабита", "мегабит"),
    "Гбит": ("гигабит", "гигабита", "гигабит"), "МБ": ("мегабайт", "мегабайта", "мегабайт"),
    "ГБ": ("гигабайт", "гигабайта", "гигабайт"), "л": ("литр", "литра", "литров"),
}  # fmt: skip
_AMOUNT = r"\d{1,3}(?:[  ]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_SCALE = rf"(?:[  ]?(?P<scale>{'|'.join(_SCALES)})\.?(?!\w))?"

type Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def cardinal(number: int) -> str:
    """A whole number in words: nominative, masculine."""
    from num2words import num2words  # noqa: PLC0415  # only where there is a number

    return str(num2words(number, lang="ru"))


def plural(number: int, forms: tuple[str, str, str]) -> str:
    """The form of a noun after a number: 1 рубль, 2 рубля, 5 рублей."""
    if number % 100 in range(11, 15):
        return forms[2]
    return forms[{1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)]


def rewrite(text: str) -> str:
    """The text with these figures as words, or as figures that are read rightly."""
    for pattern, reading in _RULES:
        text = pattern.sub(reading, text)
    return text


def _counted(number: int, forms: tuple[str, str, str]) -> str:
    words = cardinal(number)
    if forms[0] in _FEMININE:
        words = re.sub(r"\bодин$", "одна", re.sub(r"\bдва$", "две", words))
    return f"{words} {plural(number, forms)}"


def _before(match: re.Match[str]) -> str:
    return match.string[: match.start()].rstrip().rpartition(" ")[2].lower()


def _money(match: re.Match[str]) -> str:
    if _before(match) in _GOVERNING:
        return match.group()
    currency, coin = _CURRENCIES[match["sign"]]
    whole, _, part = re.sub(r"[  ]", "", match["amount"]).replace(".", ",").partition(",")
    if (scale := match["scale"]) is not None:
        amount = f"{whole},{part} {_SCALES[scale][1]}" if part else _counted(int(whole), _SCALES[scale])
        return f"{amount} {currency[2]}{_stop(match)}"
    spoken = _counted(int(whole), currency)
    if not part.strip("0"):
        return spoken
    return f"{spoken} {_counted(int(part), coin)}" if len(part) == 2 else match.group()  # noqa: PLR2004  # coins


def _stop(match: re.Match[str]) -> str:
    """The full stop of an abbreviation that ends the sentence too."""
    return "." if match.group().endswith(".") and match.end() == len(match.string) else ""


def _phone(match: re.Match[str]) -> str:
    country, *groups = re.findall(r"\d+", match.group())
    return ", ".join(
        [f"{'плюс ' if match.group().startswith('+') else ''}{cardinal(int(country))}", *map(_group, groups)]
    )


def _group(digits: str) -> str:
    """A group of a telephone number as people say it: nought by nought, then the rest as a number."""
    rest = digits.lstrip("0")
    return " ".join(["ноль"] * (len(digits) - len(rest)) + ([cardinal(int(rest))] if rest else []))


def _clock(match: re.Match[str]) -> str:
    hour, minute, before = int(match[1]), int(match[2]), _before(match)
    if minute:
        # In a phrase with a preposition (“до 18:30”) ru-normalizr declines it well; alone it takes it for a score.
        if before in _GENITIVE or before == "к":
            return match.group()
        return f"{cardinal(hour)} {'ноль ' if minute < 10 else ''}{cardinal(minute)}"  # noqa: PLR2004  # one digit
    if before == "к":
        return f"{hour} {plural(hour, ('часу', 'часам', 'часам'))}"
    if before in _GENITIVE:
        return f"{hour} {plural(hour, ('часа', 'часов', 'часов'))}"
    return f"{hour} {plural(hour, ('час', 'часа', 'часов'))}"


def _speed(match: re.Match[str]) -> str:
    number = re.sub(r"[  ]", "", match["amount"])
    forms = _UNITS[match["unit"]]
    unit = plural(int(number), forms) if number.isdigit() else forms[1]
    return f"{match['amount']} {unit} в {_PER[match['time']]}"


def _ordinal(match: re.Match[str]) -> str:
    """A Roman numeral before an adjective is one too: `II мировая` as `2-я мировая`."""
    ending = match["ending"][-1]
    number = _value(match["numeral"])
    return f"{number}-{ending}" if number else match.group()


def _century(match: re.Match[str]) -> str:
    number = _value(match[2])
    return f"{match[1]} {number}-й" if number else match.group()


def _value(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _size(match: re.Match[str]) -> str:
    return " ".join(["икс"] * match.group().count("X") + [{"L": "эль", "S": "эс"}[match.group()[-1]]])


_RULES: tuple[Rule, ...] = (
    (
        re.compile(r"(?<![\w+])(?:\+\d{1,3}|8)[  -]?\(?\d{3}\)?[  -]\d{3}[  -]\d{2}[  -]?\d{2}(?!\d)"),
        _phone,
    ),
    (re.compile(rf"(?P<sign>[$€£₽])[  ]?(?P<amount>{_AMOUNT}){_SCALE}"), _money),
    (re.compile(rf"(?<![\w.,–-])(?P<amount>{_AMOUNT}){_SCALE}[  ]?(?P<sign>[$€£₽])"), _money),
    (re.compile(r"(?<![\d:,.])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])"), _clock),
    (re.compile(rf"(?<![\w.,])(?P<amount>{_AMOUNT})[  ]?(?P<unit>{'|'.join(_UNITS)})/(?P<time>с|мин|сут)\b"), _speed),
    (re.compile(r"\.?/(мин|сут|нед|мес)\b\.?"), lambda match: f" в {_PER[match[1]]}{_stop(match)}"),
    (re.compile(r"\b(?P<numeral>[IVXLC]+)(?=\s[а-яё]{2,}?(?P<ending>ая|ой|ую|ие|ые|ий|ый|их|ых|ое|ее)\b)"), _ordinal),
    (re.compile(r"\b([Вв]ек)\s([IVXLC]+)\b"), _century),
    (re.compile(r"\bX{1,3}[LS]\b"), _size),
    (re.compile(r"(?<=\d)\+(?!\d)"), lambda _: " плюс"),
    (re.compile(r"(?<=[^\W\d])-(?=\d)"), lambda _: " "),
)
