"""Russian readings of figures that ru-normalizr 1.3.0 gets wrong: money, telephones, clocks, speeds, Roman numerals.

Each rewrites a span of the text; what it leaves in figures, ru-normalizr reads. It takes money after a noun for what
the noun is of (“цена пяти долларов”), telephones for millions, and a Roman numeral before an adjective for a count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from recipes.text.morphology import gender_of, inflected

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
    "¥": (("иена", "иены", "иен"), ("сен", "сена", "сенов")),
}
_SCALES = {
    "тыс": ("тысяча", "тысячи", "тысяч"), "млн": ("миллион", "миллиона", "миллионов"),
    "млрд": ("миллиард", "миллиарда", "миллиардов"), "трлн": ("триллион", "триллиона", "триллионов"),
}  # fmt: skip
_FEMININE = frozenset({"тысяча", "копейка", "иена"})
_PER = {"с": "секунду", "мин": "минуту", "ч": "час", "сут": "сутки", "нед": "неделю", "мес": "месяц", "год": "год"}
_UNITS = {
    "км": ("километр", "километра", "километров"), "м": ("метр", "метра", "метров"),
    "кбит": ("килобит", "килобита", "килобит"), "Мбит": ("мегабит", "мегабита", "мегабит"),
    "Гбит": ("гигабит", "гигабита", "гигабит"), "МБ": ("мегабайт", "мегабайта", "мегабайт"),
    "ГБ": ("гигабайт", "гигабайта", "гигабайт"), "л": ("литр", "литра", "литров"),
    "см": ("сантиметр", "сантиметра", "сантиметров"), "мм": ("миллиметр", "миллиметра", "миллиметров"),
    "кг": ("килограмм", "килограмма", "килограммов"), "г": ("грамм", "грамма", "граммов"),
}  # fmt: skip
_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip
_CASE_LETTERS = {"nomn": "n", "gent": "g", "datv": "d", "accs": "a", "ablt": "i", "loct": "p"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_DATIVE = r"(?:не )?рав(?:ен|на|но|ны|няется|нялась|нялся|нялось)|соответствует|соответствуют"
_GENITIVE_VERBS = (
    r"достига(?:ет|ют|л|ла|ло|ли)|достиг(?:нет|ла|ло|ли)?|не (?:хватает|хватило|хватит|превышает|превысил|превысила"
    r"|прошло|было|осталось|набрал|набрала|набрали)|хватает|хватило|хватит|лиш(?:ился|илась|ились)"
)
_MEASURED = r"(?:[кмс]?м|к?г|л|т|раза?|млн|млрд|тыс|процент\w*|градус\w*)"
"""What a number with a point is of, where it is neither a time nor a date."""
_AMOUNT = r"\d{1,3}(?:[  ]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_SCALE = rf"(?:[  ]?(?P<scale>{'|'.join(_SCALES)})\.?(?!\w))?"

type Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str] | str]


def cardinal(number: int) -> str:
    """A whole number in words: nominative, masculine."""
    from num2words import num2words  # noqa: PLC0415  # only where there is a number

    return str(num2words(number, lang="ru"))


def plural(number: int, forms: tuple[str, str, str]) -> str:
    """The form of a noun after a number: 1 рубль, 2 рубля, 5 рублей."""
    if number % 100 in range(11, 15):
        return forms[2]
    return forms[{1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)]


def declined(number: int, case: str, noun: str) -> str:
    """A whole number in words, in a case (pymorphy's name for it), in the gender of the noun after it."""
    from num2words import num2words  # noqa: PLC0415

    gender = "f" if noun and gender_of(noun) == "femn" else "m"
    # num2words has the instrumental's “трёмстам” where a book has “тремстам”.
    words = str(num2words(number, lang="ru", case=_CASE_LETTERS[case], gender=gender))
    return re.sub(r"трём(?=стам)|трём(?=ястам)", "трем", words)


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
        if before in _GENITIVE:
            return match.group()
        if before == "к":
            hours, minutes = plural(hour, ("часу", "часам", "часам")), plural(minute, ("минуте", "минутам", "минутам"))
            return f"{declined(hour, 'datv', 'час')} {hours} {declined(minute, 'datv', 'минута')} {minutes}"
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


def _governed(match: re.Match[str], case: str) -> str:
    """A number after a word that asks for a case ru-normalizr does not know it asks for (`равна 5 км`)."""
    number = int(re.sub(r"[  ]", "", match["amount"]))
    unit, noun = match["unit"], match["noun"] or ""
    if unit is None:
        return f"{match['verb']} {declined(number, case, noun)}"
    # After a round thousand a noun is in the genitive in any case: “тремстам тысячам километров”.
    counted = inflected(
        _UNITS[unit][0],
        "gent" if number % 1000 == 0 else case,
        "sing" if plural(number, ("1", "2", "5")) == "1" else "plur",
    )
    return f"{match['verb']} {declined(number, case, _UNITS[unit][0])} {counted}"


def _age(match: re.Match[str]) -> str:
    """A century in figures: `в 21 веке` is an ordinal."""
    ending = {"": "й", "а": "го", "у": "му", "ом": "м", "е": "м"}[match[2].removeprefix("век")]
    return f"{match[1]}-{ending} {match[2]}"


def _day(match: re.Match[str]) -> str:
    day, month = int(match[1]), int(match[2])
    return f"{day} {_MONTHS[month - 1]}" if 1 <= day <= 31 and 1 <= month <= 12 else match.group()  # noqa: PLR2004


def _power(match: re.Match[str]) -> str:
    from num2words import num2words  # noqa: PLC0415

    exponent, unit = match["exponent"].translate(_RAISED), match["unit"]
    words = num2words(abs(int(exponent)), lang="ru", to="ordinal", case="p", gender="f")
    counted = f" {_UNITS[unit][2]}" if unit else ""
    return f" на десять в {'минус ' if exponent.startswith('-') else ''}{words} степени{counted}"


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
    (re.compile(rf"(?P<sign>[$€£₽¥])[  ]?(?P<amount>{_AMOUNT}){_SCALE}"), _money),
    (re.compile(rf"(?<![\w.,–-])(?P<amount>{_AMOUNT}){_SCALE}[  ]?(?P<sign>[$€£₽¥])"), _money),
    (
        re.compile(
            rf"\b([ВвКкСс]|[Дд]о|[Пп]осле) ([01]?\d|2[0-3])\.(00|1[3-9]|[2-5]\d)(?!\d|[.,]\d|%|[  ]{_MEASURED}\b)"
        ),
        r"\1 \2:\3",
    ),
    (re.compile(r"(?<![\d:,.])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])"), _clock),
    *(
        (
            re.compile(
                rf"\b(?P<verb>(?i:{verbs})) (?P<amount>\d{{1,3}}(?:[  ]\d{{3}})+|\d+)(?![\d:–-]|[.,]\d)"
                rf"(?:[  ]?(?P<unit>{'|'.join(_UNITS)})(?![\w²³])|(?=[  ](?P<noun>[а-яё]+))|(?![  ]?[\w%₽$€£°]))"
            ),
            partial(_governed, case=case),
        )
        for verbs, case in ((_DATIVE, "datv"), (_GENITIVE_VERBS, "gent"))
    ),
    (re.compile(r"(?<=[А-Яа-яё] )(\d{1,2}) (век(?:е|а|у|ом)?)\b"), _age),
    (re.compile(r"(?<=\d )([а-яё]+) (\d{4})-го(?!\w)"), lambda match: f"{match[1]} {match[2]} года"),
    (
        re.compile(rf"(?<![\w.,$€£-])(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])(?!\d|[.,]\d|%|[  ]{_MEASURED}\b)"),
        _day,
    ),
    (re.compile(rf"[·×*]\s?10(?P<exponent>[⁻⁰¹²³⁴-⁹]+)(?:[  ](?P<unit>{'|'.join(_UNITS)})(?!\w))?"), _power),
    (re.compile(r"\b(\d{4})/(\d{2})\b(?!/)"), r"\1-й, \2-й"),
    (re.compile(r"\((1[1-9]\d\d|20\d\d)\)"), r"(\1 год)"),
    (re.compile(rf"(?<![\w.,])(?P<amount>{_AMOUNT})[  ]?(?P<unit>{'|'.join(_UNITS)})/(?P<time>с|мин|сут)\b"), _speed),
    (
        re.compile(r"(?<=метрам|метров|литрам)/(с|ч)\b|\.?/(мин|сут|нед|мес)\b\.?"),
        lambda match: f" в {_PER[match[1] or match[2]]}{_stop(match)}",
    ),
    (re.compile(r"\b(?P<numeral>[IVXLC]+)(?=\s[а-яё]{2,}?(?P<ending>ая|ой|ую|ие|ые|ий|ый|их|ых|ое|ее)\b)"), _ordinal),
    (re.compile(r"\b([Вв]ек)\s([IVXLC]+)\b"), _century),
    (re.compile(r"\bX{1,3}[LS]\b"), _size),
    (re.compile(r"(?<=[\dа-яё])\+(?![\wа-яё])"), lambda _: " плюс"),
    (re.compile(r"(?<=[^\W\d])-(?=\d)"), lambda _: " "),
)
