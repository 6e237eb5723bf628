"""Russian words written short that ru-normalizr 1.3.0 leaves as they are, in the case their sentence asks for.

What a word is short for depends on what follows: `пр. Мира` is a проспект and `и пр.` is прочее, so each table says
before what its entries hold. A title or a river takes its case from the name after it (`к проф. Иванову`), an adjective
from its noun, and what stands before a number or a name in the genitive (`на пр. Мира`) from the preposition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from recipes.text.morphology import inflected, parses

type Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

# Sorted by what they are read before. A key with a hyphen, a slash or a capital needs no full stop.
_TITLES: Mapping[str, str] = {
    "проф": "профессор", "акад": "академик", "доц": "доцент", "инж": "инженер", "ген": "генерал", "полк": "полковник",
    "кап": "капитан", "лейт": "лейтенант", "серж": "сержант", "тов": "товарищ", "имп": "император", "кн": "князь",
    "реж": "режиссёр", "арх": "архитектор", "св": "святой", "о-в": "остров",
    "п-ов": "полуостров", "хр": "хребет", "влк": "вулкан", "адм": "адмирал", "маш": "маршал", "худ": "художник",
}  # fmt: skip
_PLACES: Mapping[str, str] = {
    "дер": "деревня", "ст": "станция", "пр": "проспект",
    "просп": "проспект", "наб": "набережная", "пер": "переулок", "пл": "площадь", "ш": "шоссе", "бул": "бульвар",
    "мкр": "микрорайон", "ур": "уровень",
}  # fmt: skip
_LETTERS: Mapping[str, str] = {"р": "река", "о": "остров", "д": "деревня", "с": "село", "м": "метро"}
"""Capitals would be initials (`О. Генри`), so these are small, and after a preposition or a noun."""
_NUMBERED: Mapping[str, str] = {
    "ч": "часть", "т": "том", "кн": "книга", "вып": "выпуск", "тел": "телефон", "разд": "раздел", "абз": "абзац",
    "эт": "этаж", "под": "подъезд", "оф": "офис", "каб": "кабинет", "ауд": "аудитория", "подп": "подпункт",
    "вар": "вариант", "упр": "упражнение", "илл": "иллюстрация", "прим": "пример",
}  # fmt: skip
_ADJECTIVES: Mapping[str, str] = {
    "макс": "максимальный", "мин": "минимальный", "ср": "средний", "др": "другой", "нац": "национальный",
    "т. н": "так называемый", "т.н": "так называемый", "т. наз": "так называемый", "совр": "современный",
    "мед": "медицинский", "эл": "электронный", "физ": "физический", "хим": "химический", "внутр": "внутренний",
    "внеш": "внешний", "доп": "дополнительный", "осн": "основной", "спец": "специальный", "ж/д": "железнодорожный",
    "ч/б": "чёрно-белый", "яп": "японский", "кит": "китайский", "итал": "итальянский", "исп": "испанский",
    "ст": "старший", "мл": "младший", "зап": "западный", "вост": "восточный", "сев": "северный", "юж": "южный",
    "муз": "музыкальный", "худож": "художественный", "соц": "социальный", "экон": "экономический",
}  # fmt: skip
_NOUNS: Mapping[str, str] = {
    "ур": "уровень", "зам": "заместитель", "пом": "помощник", "зав": "заведующий", "дир": "директор",
    "з/п": "зарплата", "х/ф": "художественный фильм", "м/ф": "мультфильм", "т/с": "телесериал", "а/м": "автомобиль",
    "ж/д": "железная дорога", "СПб": "Санкт-Петербург", "секр": "секретарь", "деп": "депутат",
}  # fmt: skip
_STEMS: Mapping[str, str] = {
    "кол-в": "количеств", "ун-т": "университет", "ин-т": "институт", "пр-в": "производств", "о-в(?=[оауе])": "обществ",
    "ф-т": "факультет", "к-т": "комитет", "хоз-в": "хозяйств", "стр-в": "строительств", "св-в": "свойств",
    "изд-в": "издательств", "д-р": "доктор", "г-н": "господин", "ф-л": "формул", "ф-ци": "функци", "р-н": "район",
    "пр-т": "проспект", "б-р": "бульвар", "п-ов": "полуостров", "мин-в": "министерств", "гос-в": "государств",
}  # fmt: skip
"""Contractions, which keep their own ending: `в ун-те`, `кол-ву`."""
_MONTHS: Mapping[str, str] = {
    "янв": "январь", "февр": "февраль", "фев": "февраль", "мар": "март", "апр": "апрель", "июн": "июнь",
    "июл": "июль", "авг": "август", "сент": "сентябрь", "сен": "сентябрь", "окт": "октябрь", "нояб": "ноябрь",
    "ноя": "ноябрь", "дек": "декабрь",
}  # fmt: skip
_DAYS: Mapping[str, str] = {
    "пн": "понедельник", "вт": "вторник", "ср": "среда", "чт": "четверг", "пт": "пятница", "сб": "суббота",
    "вс": "воскресенье",
}  # fmt: skip
_SCIENCES: Mapping[str, str] = {
    "т": "технических", "м": "медицинских", "и": "исторических", "э": "экономических", "х": "химических",
    "б": "биологических", "п": "педагогических", "ю": "юридических", "ф": "филологических",
    "ф.-м": "физико-математических",
}  # fmt: skip
_FIXED: Mapping[str, str] = {
    r"в\s?т\.\s?ч\.": "в том числе", r"т\.\s?о\.": "таким образом", r"м\.\s?б\.": "может быть",
    r"и мн\.\s?др\.": "и многое другое", r"и пр(?:оч)?\.": "и прочее", r"и др\.(?!\s[а-яё])": "и другие",
    r"и\.\s?о\.(?=\s[а-яё])": "исполняющий обязанности", r"им\.(?=\s[«\"]?(?-i:[А-ЯЁ]|\d))": "имени",
    r"род\.(?=\s(?:в\s)?\d)": "родился", r"ум\.(?=\s(?:в\s)?\d)": "умер", r"б/у": "бэ у", r"вкл\.": "включительно",
    r"макс\.(?=\s\d)": "максимум", r"мин\.(?=\s\d)": "минимум", r"ред\.(?=\s(?-i:[А-ЯЁ]))": "редактор",
    r"сокр\.": "сокращённо", r"преим\.": "преимущественно", r"прибл\.": "приблизительно", r"к\.-л\.": "какой-либо",
    r"по\s?ср\.\s?с": "по сравнению с", r"т\.\s?п\.": "тому подобное", r"др\. словами": "другими словами",
    r"в нач\.(?=\s[IVX\d])": "в начале", r"в кон\.(?=\s[IVX\d])": "в конце", r"в сер\.(?=\s[IVX\d])": "в середине",
    r"с\.\s?г\.": "сего года", r"(?<=,\s)д\.(?=\s?\d)": "дом", r"ср\.(?=\s(?:с\s|рис|табл|(?-i:[А-ЯЁ])))": "сравни",
    r"и т\.\s?д\.": "и так далее",
}  # fmt: skip
_CASES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("в", "во", "на"), ("loct", "accs")),
    **dict.fromkeys(("о", "об", "при"), ("loct",)),
    **dict.fromkeys(("к", "ко", "по", "согласно", "благодаря"), ("datv",)),
    **dict.fromkeys(("над", "под", "перед", "между", "за"), ("ablt",)),
    **dict.fromkeys(("с", "со"), ("ablt", "gent")),
    **dict.fromkeys(
        ("из", "от", "до", "у", "без", "для", "около", "после", "кроме", "вдоль", "выше", "ниже"), ("gent",)
    ),
    **dict.fromkeys(("через", "про"), ("accs",)),
}
_DAY_CASES = {**_CASES, **dict.fromkeys(("в", "во", "на", "по"), ("accs",)), **dict.fromkeys(("с", "со"), ("gent",))}
_INITIALS = re.compile(r"(?:\s*[А-ЯЁ]\.)*\s*[«„\"]?([А-ЯЁа-яё-]+)")
_NAME, _COUNT, _WORD = r"(?=\s?(?:[А-ЯЁ]\.\s?)*[«„\"]?[А-ЯЁ])", r"(?=:?\s?[№\d+(])", r"(?=\s[а-яё]{3})"


def lengthen(text: str) -> str:
    """The text with these words written out."""
    for pattern, reading in _rules():
        text = pattern.sub(reading, text)
    return text


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    stems = {re.compile(rf"(?<![\w-])(?i:{short})(?=[а-яё]{{0,3}}(?![\w-]))"): full for short, full in _STEMS.items()}
    fixed = {re.compile(rf"(?<![\w.])(?i:{short})(?!\w)"): full for short, full in _FIXED.items()}
    return (
        *((pattern, lambda match, full=full: _like(match, full)) for pattern, full in {**fixed, **stems}.items()),
        (
            re.compile(rf"(?<!\w)([КкДд])\.\s?({'|'.join(map(re.escape, _SCIENCES))})\.\s?н\.(?!\w)"),
            lambda match: f"{'кандидат' if match[1] in 'кК' else 'доктор'} {_SCIENCES[match[2]]} наук",
        ),
        _table(_MONTHS, r"(?=\s(?:\d|[а-яё])|\s?$|[,;)])", _month),
        (re.compile(rf"(?<![\w.])((?i:{'|'.join(_DAYS)}))(?!\w)\.?(?!\w)"), _day),
        _table(_TITLES, _NAME, _agree),
        _table(_PLACES, _NAME, _govern),
        (re.compile(r"(?<=[А-Яа-яё] )([родсм])\.(?=\s[А-ЯЁ][а-яё])"), lambda match: _agree(match, _LETTERS[match[1]])),
        _table(_NUMBERED, _COUNT, _govern),
        _table(_ADJECTIVES, _WORD, _agree),
        _table(_NOUNS, "", _govern),
    )  # fmt: skip


def _table(words: Mapping[str, str], after: str, reading: Callable[[re.Match[str], str], str]) -> Rule:
    folded = {word.lower(): full for word, full in words.items()}
    names = "|".join(
        re.escape(word) + ("" if re.search(r"[-/А-Я]", word) else r"\.")
        for word in sorted(words, key=len, reverse=True)
    )

    def read(match: re.Match[str]) -> str:
        return reading(match, folded[match[1].lower().rstrip(".")])

    return re.compile(rf"(?<![\w./-])((?i:{names})){after}(?![\w/-])"), read


def _like(match: re.Match[str], full: str) -> str:
    """Capitalised as it was written; with the full stop of the sentence where the abbreviation's was that too."""
    ends = match.group().endswith(".") and match.end() == len(match.string)
    return (full[0].upper() + full[1:] if match.group()[0].isupper() else full) + ("." if ends else "")


def _month(match: re.Match[str], full: str) -> str:
    before = match.string[: match.start()].rstrip()
    return _like(match, inflected(full, "gent") if before[-1:].isdigit() else inflected(full, _governed(match)[0]))


def _day(match: re.Match[str]) -> str:
    word, before = _DAYS[match[1].lower()], _before(match)
    between = re.search(r"[-–—,]\s?$", match.string[: match.start()]) or re.match(r"[-–—]", match.string[match.end() :])
    if not between and before not in _DAY_CASES and not match.group().endswith(".") and match[1].islower():
        return match.group()
    return _like(match, inflected(word, _DAY_CASES.get(before, ("nomn",))[0]))


def _govern(match: re.Match[str], full: str) -> str:
    return _like(match, inflected(full, _governed(match)[0]))


def _governed(match: re.Match[str]) -> tuple[str, ...]:
    """The cases the word before allows: a preposition's, the genitive after a noun, the nominative at a beginning."""
    before = _before(match)
    if before in _CASES or not before.isalpha():
        return _CASES.get(before, ("nomn",))
    return ("gent",) if parses(before)[0].tag.POS == "NOUN" else ("nomn",)


def _agree(match: re.Match[str], full: str) -> str:
    """In case (an adjective in gender and number too) like the word that follows."""
    after = _INITIALS.match(match.string, match.end())
    tags = [parse.tag for parse in parses(after[1]) if parse.tag.case] if after else []
    before = _before(match)
    # At the beginning of a sentence it is the subject, after a preposition what that governs, and else the likeliest.
    allowed = _CASES.get(before, () if before else ("nomn",))
    tag = next((tag for case in allowed for tag in tags if tag.case == case), tags[0] if tags else None)
    if tag is None:
        return _like(match, inflected(full, (*allowed, "nomn")[0]))
    return _like(match, inflected(full, str(tag.case), "plur" if tag.number == "plur" else str(tag.gender or "masc")))


def _before(match: re.Match[str]) -> str:
    return match.string[: match.start()].rstrip(' («"').rpartition(" ")[2].lower()
