"""English readings of what is not a word: money, dates, clocks, units, addresses. The first rule that fits wins.

A reading answers None where the match turns out to be something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from recipes.text.spans import Reading, Rule
from recipes.text.written import BEFORE_FIGURE, CODES, CURRENCIES, SCALES, SHORT, UNITS

_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_MONTH = "(?P<month>" + "|".join(_MONTHS) + r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SIGNS = {
    "@": "at", ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "?": "question mark", "=": "equals",
    "&": "and", "#": "hash", ":": "colon",
}  # fmt: skip
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_REGNAL = (
    "Elizabeth|Henry|Louis|Charles|William|George|Edward|James|Richard|Napoleon|Nicholas|Alexander|Peter|Catherine"
    "|Paul|Pius|John|Benedict|Gregory|Leo|Philip|Frederick|Ferdinand|Ivan|Ramses|Ramesses|Thutmose|Mary|Francis|Felipe"
    "|Margrethe|Haakon|Gustav|Christian|Leopold|Joseph|Maximilian|Otto|Clement|Innocent|Mehmed|Selim|Murad|Cyrus"
    "|Darius|Xerxes|Ptolemy|Cleopatra|Tutankhamun|Wilhelm|Ludwig|Sixtus|Urban|Victoria|Juan|Pedro|Baldwin|Robert"
)
_BEFORE_YEAR = frozenset(
    (
        "in",
        "of",
        "by",
        "to",
        "since",
        "until",
        "till",
        "after",
        "before",
        "early",
        "late",
        "from",
        "circa",
        "mid",
        "around",
    )
) | {"year", "and", "back"}
_COUNTED = frozenset({"war", "part", "chapter", "volume", "phase", "act", "book", "type", "level", "stage", "class"})
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_DIGIT_RUN = re.compile(r"\d+")


def words(number: float | str, to: str = "cardinal") -> str:
    """A number in words, without the hyphens and commas num2words puts between them."""
    from num2words import num2words  # noqa: PLC0415  # only where there is a number

    value = str(number).replace(",", "")
    parsed = float(value) if "." in value else int(value)
    return str(num2words(value if "." in value else parsed, lang="en", to=to)).replace("-", " ").replace(",", "")


def spell(text: str) -> str:
    """The last resort: whatever figures are left become words, apart from the letters they touch."""
    return _DIGIT_RUN.sub(lambda match: f" {_figures(match.group())} ", text) if _DIGIT_RUN.search(text) else text


def _figures(digits: str) -> str:
    if len(digits) > 15 or (digits[0] == "0" and len(digits) > 1):  # noqa: PLR2004  # past quadrillions nobody listens
        return " ".join(words(digit) for digit in digits)
    return words(digits)


def _year(year: int) -> str:
    if year % 1000 == 0:
        return words(year)
    if 2000 < year < 2010:  # noqa: PLR2004  # “two thousand one”, but “twenty ten”
        return f"two thousand {words(year % 100)}"
    high, low = divmod(year, 100)
    return f"{words(high)} " + ("hundred" if not low else f"oh {words(low)}" if low < 10 else words(low))  # noqa: PLR2004


def _decade(match: re.Match[str]) -> str:
    century, tens = match["century"], int(match["tens"])
    plural = {0: "hundreds" if century else "thousands", 10: "tens"}.get(tens, re.sub("y$", "ies", words(tens)))
    return f"{words(century)} {plural}" if century else plural


def _named_month(name: str) -> str:
    return next(month for month in _MONTHS if month.startswith(name.rstrip(".")[:3]))


def _date(match: re.Match[str]) -> str:
    day, year = match["day"], match.groupdict().get("year")
    spoken = f"{_named_month(match['month'])} {words(day, 'ordinal')}"
    return f"{spoken} {_year(int(year))}" if year else spoken


def _day_first(match: re.Match[str]) -> str:
    year = match["year"]
    spoken = f"the {words(match['day'], 'ordinal')} of {_named_month(match['month'])}"
    return f"{spoken} {_year(int(year))}" if year else spoken


def _iso(match: re.Match[str]) -> str | None:
    year, month, day = (int(part) for part in match.groups())
    if not 1 <= month <= 12 or not 1 <= day <= 31:  # noqa: PLR2004  # a calendar
        return None
    return f"{_MONTHS[month - 1]} {words(day, 'ordinal')} {_year(year)}"


def _clock(match: re.Match[str]) -> str:
    hour, minute, half = int(match["hour"]), match["minute"], (match["half"] or "")[:1].lower()
    spoken = words(hour)
    if minute is not None and int(minute):
        spoken += f" oh {words(int(minute))}" if minute[0] == "0" else f" {words(int(minute))}"
    elif not half:
        spoken += " o'clock" if 1 <= hour <= 12 else " hundred"  # noqa: PLR2004
    # The stop of “p.m.” may also be the sentence's.
    return (
        f"{spoken} {half} m" + ("." if match.end() == len(match.string) and match.group().endswith(".") else "")
        if half
        else spoken
    )


def _era(match: re.Match[str]) -> str:
    year = int(match["year"])
    spoken = _year(year) if year >= 1000 else words(year)  # noqa: PLR2004  # “seven fifty three” is for the other era
    return f"{spoken} {' '.join(match['era'])}"


def _money(match: re.Match[str]) -> str:
    return _money_in(match, match["sign"])


def _money_in(match: re.Match[str], sign: str) -> str:
    one, many, cent, cents = CURRENCIES[sign]
    amount, scale = match["amount"].replace(",", ""), match["scale"]
    if scale:
        return f"{words(amount)} {SCALES.get(scale.lower(), scale.lower())} {many}"
    whole, _, part = amount.partition(".")
    spoken = f"{words(whole)} {one if whole == '1' else many}"
    if len(part) == 2 and int(part):  # noqa: PLR2004  # cents
        pennies = f"{words(int(part))} {cent if int(part) == 1 else cents}"
        return pennies if whole == "0" else f"{spoken} and {pennies}"
    return f"{words(amount)} {many}" if part.strip("0") else spoken


def _range(match: re.Match[str]) -> str:
    a, b, unit = match["a"], match["b"], match["unit"]
    if not unit and all(len(part) == 4 and 1100 <= int(part) < 2100 for part in (a, b)):  # noqa: PLR2004
        return f"{_year(int(a))} to {_year(int(b))}"
    return f"{words(a)} to {words(b)}" + (f" {UNITS[unit][1]}" if unit else "")


def _unit(match: re.Match[str]) -> str:
    one, many = UNITS[match["unit"]]
    return f"{words(match['amount'])} {one if match['amount'] == '1' else many}"


def _fraction(match: re.Match[str]) -> str | None:
    top, bottom = int(match[1]), int(match[2])
    if (top, bottom) == (24, 7):
        return "twenty four seven"
    if not 0 < top < bottom <= 100:  # noqa: PLR2004  # “9/11” is no fraction
        return f"{words(top)} {words(bottom)}"
    name = {2: "half", 4: "quarter"}.get(bottom, words(bottom, "ordinal"))
    plural = {"half": "halves"}.get(name, f"{name}s")
    return f"{words(top)} {plural if top > 1 else name}"


def _address(match: re.Match[str]) -> str:
    text = re.sub(r"^https?://|^www\.", "", match.group())
    for sign, name in _SIGNS.items():
        text = text.replace(sign, f" {name} ")
    return text


def _phone(match: re.Match[str]) -> str:
    groups = re.findall(r"\d+", match.group())
    spoken = ", ".join(" ".join(words(digit) for digit in group) for group in groups)
    return f"plus {spoken}" if match.group().startswith("+") else spoken


def _roman(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _word_before(match: re.Match[str]) -> str:
    return match.string[: match.start()].rstrip(" (").rpartition(" ")[2].lower()


def _bare_year(match: re.Match[str]) -> str | None:
    # “in 1969”, “(1969)” and “…, 1969.” are years; “1200 people” is a number.
    if match.start() == 0 and re.match(r" (?:was|is|saw|marked|brought|began|ended)\b", match.string[match.end() :]):
        return _year(int(match.group()))
    alone = re.match(r"[.,;:!?)”\"]|$", match.string[match.end() :]) is not None
    if _word_before(match) in _BEFORE_YEAR or (alone and int(match.group()) >= 1800):  # noqa: PLR2004
        return _year(int(match.group()))
    return None


def _numbered(match: re.Match[str]) -> str | None:
    # “Rocky IV”, “World War I and II”: after a name or a thing that is counted; “Malcolm X” and “I” are themselves.
    before, numeral = match.string[: match.start()].rstrip(" ("), match.group()
    counted = _word_before(match) in _COUNTED or re.search(r"\b[IVXL]+(?:,| and| or| to)$", before) is not None
    named = len(numeral) > 1 and re.search(r"\b[A-Z][a-z]+$", before) is not None
    return words(_roman(numeral)) if counted or named else None


def _short(match: re.Match[str]) -> str | None:
    key = next(key for key in SHORT if key.lower() == match.group().lower())
    if key in BEFORE_FIGURE and not re.match(r"\s?\d", match.string[match.end() :]):
        return None
    if key in {"Sat.", "Sun.", "Wed."} and not match.group()[0].isupper():
        return None
    if key == "Ft." and re.search(r"\d\s?$", match.string[: match.start()]):
        return "feet"
    return f"{SHORT[key]}." if match.end() == len(match.string) and match.group().endswith(".") else SHORT[key]


def _saint(match: re.Match[str]) -> str | None:
    """“St. Paul” is a saint, “Main St.” a street."""
    after = re.match(r"\s[A-Z]", match.string[match.end() :])
    before = re.search(r"(?:[A-Z]\w+|\d(?:st|nd|rd|th))\s$", match.string[: match.start()])
    if after and not (before and re.match(r"\s(?:is|in|and|at|to)\b", match.string[match.end() :])):
        return "saint"
    return "street" + ("." if match.end() == len(match.string) else "") if before else None


def _initialled(match: re.Match[str]) -> str:
    """“U.S.” letter by letter."""
    letters = " ".join(re.findall(r"[A-Z]", match.group()))
    return letters + ("." if match.end() == len(match.string) else "")


def _slashed_date(match: re.Match[str]) -> str | None:
    """12/25/2023: the month first as Americans write, unless there is no such month."""
    first, second, year = (int(part) for part in match.groups())
    month, day = (first, second) if first <= 12 else (second, first)  # noqa: PLR2004  # months
    if not 1 <= month <= 12 or not 1 <= day <= 31:  # noqa: PLR2004
        return None
    return f"{_MONTHS[month - 1]} {words(day, 'ordinal')} {_year(year)}"


def _power(match: re.Match[str]) -> str:
    exponent = match["exponent"].translate(_RAISED)
    sign = "minus " if exponent[0] in "-−" else ""
    return f"{words(match['base'])} to the {sign}{words(exponent.lstrip('-−'), 'ordinal')}"


def _height(match: re.Match[str]) -> str:
    """`6'2"` and `6 ft 2 in`."""
    inches = match["inches"]
    if not inches:
        return f"{words(match['feet'])} feet"
    return f"{words(match['feet'])} feet {words(inches)}" + ("" if "'" in match.group() else " inches")


def _emergency(match: re.Match[str]) -> str:
    return match[1] + " ".join(words(digit) for digit in match[2])


def _rule(pattern: str, reading: Reading, flags: int = 0) -> Rule:
    return re.compile(pattern, flags), reading


def _any(keys: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(key) for key in sorted(keys, key=len, reverse=True)) + ")"


_UNIT = rf"(?P<unit>{_any(UNITS)})(?!\w)"
_IN_YEAR = r"(?:,? (?P<year>1[1-9]\d\d|20\d\d))?"
_HALF = r"(?P<half>[ap]\.m\.|[ap]m\b)"
_SCALE = "(?P<scale>million|billion|trillion|thousand|[kKMBT]|bn|mn)"

RULES: tuple[Rule, ...] = (
    _rule(
        r"(?:https?://|www\.)[^\s)»”]+[\w/]|[\w.+-]+@[\w-]+(?:\.\w+)+"
        r"|\b(?:[\w-]+\.)+(?:com|org|net|io|dev|ai|tv|edu|gov|me|co|uk|ru|de|app)\b(?:/[\w/.-]*\w)?",
        _address,
    ),
    _rule(r"(?<![\w.])(?:\+\d{1,3}[ -])?(?:\(\d{3}\)[ ]|\d{3}[ -])\d{3}[ -]\d{2}[ -]?\d{2}\b|\+\d{10,14}\b", _phone),
    _rule(r"\b(\d{4})-(\d{2})-(\d{2})\b", _iso),
    _rule(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])", _slashed_date),
    _rule(r"(?<![\d/])9/11(?![\d/])", lambda _: "nine eleven"),
    _rule(r"\b([Cc]all(?:ed|ing)? |[Dd]ial(?:ed|ing)? )([1-9]\d\d)\b(?![,.]?\d)", _emergency),
    _rule(r"(?<![\w.,])(?P<base>\d+) ?(?:\^(?P<exponent>-?\d+))", _power),
    _rule(r"(?<![\w.,])(?P<base>\d+)(?P<exponent>[⁻⁰¹²³⁴-⁹]+)", _power),
    _rule(r"(?<![\w.,])(?P<feet>\d)(?: ft\.? |['′])(?P<inches>\d{1,2}(?:\.\d)?)?(?: in\b\.?|[\"″])?", _height),
    _rule(
        rf"(?<![\w.,])(?P<amount>{_NUMBER})(?: ?{_SCALE})? (?P<code>{'|'.join(CODES)})\b",
        lambda match: _money_in(match, CODES[match["code"]]),
    ),
    _rule(
        rf"\b(?P<code>{'|'.join(CODES)}) (?P<amount>{_NUMBER})(?: ?{_SCALE}\b)?",
        lambda match: _money_in(match, CODES[match["code"]]),
    ),
    _rule(r"\b(?P<year>[1-9]\d{0,3}) ?(?P<era>BCE|BC|AD|CE)\b", _era),
    _rule(_MONTH + r" (?P<day>\d{1,2})(?:st|nd|rd|th)?" + _IN_YEAR + r"\b(?!:)", _date),
    _rule(r"\b(?:[Tt]he )?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? " + _MONTH + r"" + _IN_YEAR + r"\b", _day_first),
    _rule(
        _MONTH + r" (?P<year>1\d{3}|20\d\d)(?![\d,])",
        lambda match: f"{_named_month(match['month'])} {_year(int(match['year']))}",
    ),
    _rule(
        r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?! ?:)(?: ?" + _HALF + r")?(?!\d)",
        _clock,
        re.IGNORECASE,
    ),
    _rule(r"(?<![\d:.])(?P<hour>1[0-2]|[1-9])(?P<minute>(?!))? ?" + _HALF, _clock, re.IGNORECASE),
    _rule(rf"(?P<sign>[$€£₽¥]) ?(?P<amount>{_NUMBER})(?: ?{_SCALE}\b)?", _money),
    _rule(rf"(?P<amount>{_NUMBER})(?P<scale>(?!))? ?(?P<sign>[€£₽])", _money),
    _rule(rf"(?<![\w.,–-])(?P<a>{_NUMBER}) ?[–—-] ?(?P<b>{_NUMBER})(?![\w–-])(?: ?{_UNIT})?", _range),
    _rule(r"(?<![\w])'?(?P<century>1\d|20)?(?P<tens>[1-9]0|00)s\b", _decade),
    _rule(
        rf"(?<![\w.,])(?P<amount>{_NUMBER}) ?(?P<scale>k|M|B|bn|mln)\b",
        lambda match: f"{words(match['amount'])} {SCALES[match['scale'].lower()]}",
    ),
    _rule(
        rf"(?<![\w.,])(?P<a>{_NUMBER}) ?[x×] ?(?P<b>{_NUMBER})\b",
        lambda match: f"{words(match['a'])} by {words(match['b'])}",
    ),
    _rule(rf"(?<![\w.,])(?P<amount>{_NUMBER}) ?{_UNIT}", _unit),
    _rule(r"(?<![\w.,])(\d{1,3})/(\d{1,3})\b", _fraction),
    _rule(r"½|¼|¾", lambda match: {"½": "one half", "¼": "one quarter", "¾": "three quarters"}[match.group()]),
    _rule(r"\b(\d+)(?:st|nd|rd|th)\b", lambda match: words(match[1], "ordinal")),
    _rule(r"(?<![\w:])(\d{1,3}):(\d{1,3})\b", lambda match: f"{words(match[1])} to {words(match[2])}"),
    _rule(r"(?:#|№|\b[Nn]os?\.) ?(\d+)\b", lambda match: f"number {words(match[1])}"),
    _rule(r"(?<![\w.,$€£-])(?:1\d{3}|20\d\d)(?![\w%]|[.,]\d)", _bare_year),
    _rule(
        rf"\b(?P<name>{_REGNAL}) (?P<numeral>[IVX]+)\b",
        lambda match: f"{match['name']} the {words(_roman(match['numeral']), 'ordinal')}",
    ),
    _rule(r"\b[IVXL]+\b", _numbered),
    _rule(r"\bSt\.", _saint),
    _rule(rf"(?<!\w){_any(SHORT)}(?!\w)", _short, re.IGNORECASE),
    _rule(r"(?<![\w.])(?:[A-Z]\.){2,}(?!\w)", _initialled),
    _rule(r"(?<![\w.,])(?P<a>\d+)-(?=[a-z])", lambda match: f"{words(match['a']).replace(' ', '-')}-"),
    _rule(r"(?<![\w.])[-−](?=\d)", lambda _: "minus "),
    _rule(r"(?<!\w)\+(?=\d)", lambda _: "plus "),
    _rule(r"(?<![\w.])\d+(?:\.\d+){2,}", lambda match: " point ".join(map(words, match.group().split(".")))),
    _rule(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+(?!\.?\d)", lambda match: words(match.group())),
    _rule(r"(?<=[A-Za-z])-(?=\d)", lambda _: " "),
    _rule(r"&", lambda _: " and "),
    _rule(r"(?<=\w)\+\+", lambda _: " plus plus"),
    _rule(r"(?<=\d)[+](?=\d)|(?<= )\+(?= )", lambda _: " plus "),
    _rule(r"(?<=[\d ])=(?=[\d ])", lambda _: " equals "),
    _rule(r"≈ ?", lambda _: "about "),
    _rule(r"(?<=[A-Za-z])/(?=[A-Za-z])", lambda _: " "),
)
