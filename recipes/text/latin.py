"""How Russians say what is written in Latin letters and `brands` does not know: by its spelling, as names are adopted.

The practical transcription of English (Gilyarevsky and Starostin, Foreign names in Russian text): digraphs have their
English sound, vowels mostly the sound of their letter (`Duolingo` is “дуолинго”, not “дюэлингоу”), and a mute e at the
end lengthens the vowel before it. A dictionary of American sounds (ru-normalizr's) gives what no Russian says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from recipes.text.brands import BRANDS, WORDS, named

_FOLDED = {name.lower(): spoken for name, spoken in BRANDS.items()}

_LETTERS: Mapping[str, str] = {
    "a": "эй", "b": "би", "c": "си", "d": "ди", "e": "и", "f": "эф", "g": "джи", "h": "эйч", "i": "ай", "j": "джей",
    "k": "кей", "l": "эл", "m": "эм", "n": "эн", "o": "о", "p": "пи", "q": "кью", "r": "ар", "s": "эс", "t": "ти",
    "u": "ю", "v": "ви", "w": "дабл ю", "x": "икс", "y": "уай", "z": "зет",
}  # fmt: skip
_SINGLE: Mapping[str, str] = {
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_MARKED: Mapping[str, str] = {
    "š": "ш", "č": "ч", "ć": "ч", "ž": "ж", "ş": "ш", "ç": "с", "ñ": "нь", "ł": "л", "ß": "с", "ä": "э", "æ": "э",
    "å": "о", "ö": "ё", "ø": "ё", "ü": "ю", "ë": "е", "ï": "и", "ř": "рж", "ý": "и",
}  # fmt: skip
"""What a mark changes the sound of; of all other letters only the mark goes (é, ó)."""
_V, _C = "aeiouy", "bcdfghjklmnpqrstvwxz"
_RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        # A mute e at the end, and the long vowel before it.
        (rf"(?<![{_V}])a(?=([{_C}])e(?:s?$))", "ей"),
        (rf"(?<![{_V}])i(?=([{_C}])e(?:s?$))", "ай"),
        (rf"(?<![{_V}])y(?=([{_C}])e(?:s?$))", "ай"),
        (rf"(?<![{_V}])o(?=([{_C}])e(?:s?$))", "оу"),
        (rf"(?<![{_V}])u(?=([{_C}])e(?:s?$))", "ью"),
        (rf"(?<=[{_V}][cs])e$", ""), (rf"(?<=[{_V}]g)e$", ""), (rf"(?<=[{_C}][{_C}])le$", "л"),
        (rf"(?<=[{_C}])le(?=s?$)", "л"), (rf"(?<=[{_V}][{_C}])e(?=s?$)", ""), (rf"(?<=[{_V}][{_C}][{_C}])e$", ""),
        (r"^re(?=a)", "ре"), (r"a(?=[kzcsvp]ers?$)", "ей"), (rf"(?<=[{_V}][{_C}])us$", "ус"),
        (rf"(?<=[{_V}][{_C}][{_C}])us$", "ус"), (r"(?<=[a-z]{2})um$", "ум"), (r"ear(?=[lnt])", "ёр"),
        (r"sc(?=[eiy])", "с"), (r"ey$", "и"), (r"^kn", "н"),
        (r"^wr", "р"), (r"^ps(?=y)", "пс"), (r"^x(?=[aeiouy])", "кс"), (r"^wh", "в"),
        (r"tion", "шн"), (r"sion", "жн"), (r"ture$", "чер"), (r"eigh", "ей"), (r"igh", "ай"), (r"ght", "т"),
        (r"sch", "ш"), (r"tch", "тч"), (r"sh", "ш"), (r"cht", "хт"), (r"ch(?=[rl])", "к"), (r"ch", "ч"),
        (r"th", "т"), (r"ph", "ф"), (r"gh", "г"), (r"ack", "эк"), (r"ck", "к"), (r"cq", "к"), (r"qu", "кв"),
        (r"oo", "у"), (r"ee", "и"), (r"ea(?=[bcdfgkmpstv])", "и"), (r"ai(?=r)", "эй"), (r"a[iy]", "ей"),
        (r"e[iy](?![aou])", "ей"), (r"oy(?![aou])", "ой"), (r"oa", "оу"), (r"ow", "оу"), (r"ou(?=[dnts])", "ау"),
        (r"ou", "у"), (r"ew(?![aeiou])", "ью"), (r"aw(?![aeiou])", "о"), (r"ie(?=s?$)", "и"), (r"ue$", "ью"),
        (r"dge", "дж"),
        (r"fy$", "фай"), (r"yo", "йо"), (r"ya", "я"), (r"yu", "ю"), (r"ye", "е"), (r"(?<=[aou])y", "й"),
        (r"y(?=[bcdfgkmptz][aeiou])", "ай"),
        (r"cc(?=[eiy])", "кч"), (r"c(?=[eiy])", "с"), (r"g(?=e$|y)", "дж"), (r"g(?=e[mnor]|i[anop])", "дж"),
        (r"ian", "иан"), (r"ia$", "ия"), (r"io", "ио"), (r"ss?$", "с"), (r"tz", "ц"), (r"zz", "цц"),
        # A short u, as in bus and trust; an open one is the letter's own.
        (r"(?<=[bcdfgjkmnprsthl])u(?=(?:[bcdfgkmpnsrtvx]|ck|ff|ss|zz)(?:$|[bcdfgkmpqstvz]))", "а"),
        (r"^e(?!y)", "э"), (r"(?<=[aiou])e", "э"),
    )
]  # fmt: skip
_ROMAN = re.compile(r"[IVX]|[IVXLC]{2,}")
_PARTS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
_WORD = re.compile(r"(?<![\d°])[A-Za-zÀ-ɏ]+(?:['’][A-Za-zÀ-ɏ]+)*(?:-(?=[A-Za-z]))?")
_UNITS = re.compile(
    r"(?<=\d)[\s ]?(?:[kcmn]?m|[km]?g|m?l|[KMGTk]?B|[kMG]?Hz|k?W|kWh|V|USD|EUR|GBP|RUB|CNY)(?:[²³])?(?:/[hs])?(?!\w)"
)
_ADDRESS = re.compile(
    r"(?:(?:https?|ftp)://|www\.)[^\s)»”,;]*[\w/]|[\w.+-]+@[\w-]+(?:\.\w+)+"
    r"|(?<![\w.@])(?:[\w-]+\.)+(?:com|org|net|io|dev|ai|tv|edu|gov|me|co|uk|us|eu|de|fr|by|kz|ua|su|app|ru|info|рф)"
    r"(?!\w|\.\w)(?:/[\w/.#?=&%-]*[\w/])?"
)
_SIGNS: Mapping[str, str] = {
    "@": "собака", ".": "точка", "/": "слэш", "-": "дефис", "_": "подчёркивание", "?": "вопрос", "=": "равно",
    "&": "и", "#": "решётка", "+": "плюс", "%": "процент", ":": "двоеточие",
}  # fmt: skip
_DOMAINS: Mapping[str, str] = {
    "com": "ком", "org": "орг", "net": "нет", "ru": "ру", "рф": "эр эф", "io": "ай о", "ai": "эй ай", "tv": "ти ви",
    "me": "ми", "gov": "гов", "edu": "еду", "info": "инфо", "app": "апп", "dev": "дев", "su": "су", "by": "бай",
    "co": "ко", "eu": "еу",
}  # fmt: skip
_TO = re.compile(r"(?<=\b[BCGP])2(?=[BCGP]\b)")  # B2B, P2P
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")  # H₂O
_SHORTEST_PART = 3
_LONGEST_SPELLED = 5


def read(text: str) -> str:
    """The text with its addresses and words of Latin letters in Cyrillic; Roman numerals and units stay."""
    text = _TO.sub(" ту ", text)
    text = named(_ADDRESS.sub(_address, text.translate(_LOWERED)))
    kept = [match.span() for match in _UNITS.finditer(text)]

    def word(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in kept) or _ROMAN.fullmatch(match.group()):
            return match.group()
        # Letters of a model (`X1`, `A320`) are said apart from its number.
        apart = " " if match.string[match.end() :][:1].isdigit() else ""
        return say(match.group()) + apart

    return _WORD.sub(word, text)


@lru_cache(maxsize=4096)
def say(name: str) -> str:
    """One written name as it is said: its parts by `brands`, letter by letter (`KPMG`), or by its spelling."""
    if name.endswith("-"):
        return say(name[:-1]) + "-"
    name = re.sub(r"['’](?=s\b)|['’]", "", name)
    if (known := BRANDS.get(name)) is not None:
        return known
    name = unicodedata.normalize("NFC", name)
    parts = _PARTS.findall(name) if name.isascii() else [name]
    spoken = ""
    for part in parts:
        sound = _part(part)
        # What is spelled stands apart: `PostgreSQL` has its letters after a pause.
        spoken += (" " if spoken and (" " in sound or " " in spoken) else "") + sound
    return spoken


def _part(part: str) -> str:
    if part.isupper() and not _readable(part) and part.lower() not in WORDS:
        return " ".join(_LETTERS.get(letter, letter) for letter in part.lower())
    word = part.lower()
    if not re.search(rf"[{_V}]", word) and word.isascii():
        return " ".join(_LETTERS[letter] for letter in word)
    return _FOLDED[word] if word in _FOLDED and part.isupper() else _spelled(word)


def _readable(acronym: str) -> bool:
    """Whether capitals are said as a word (`UNESCO`) and not letter by letter (`HTML`, `USB`)."""
    if len(acronym) > _LONGEST_SPELLED:
        return True
    alternates = re.fullmatch(rf"(?:[{_C}]?[{_V}][{_C}]?)+", acronym.lower()) is not None
    return len(acronym) > _SHORTEST_PART and alternates


def _spelled(word: str) -> str:
    if word in WORDS:
        return WORDS[word]
    for at in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        # `Minecraft` is mine and craft, `Substack` is sub and stack: a known word at either end says where.
        if len(word[:at]) > _SHORTEST_PART and word[:at] in WORDS:
            return WORDS[word[:at]] + _spelled(word[at:])
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART):
        if word[at:] in WORDS:
            return _spelled(word[:at]) + WORDS[word[at:]]
    return _transcribed(word)


def _transcribed(word: str) -> str:
    out, at = "", 0
    while at < len(word):
        for pattern, sound in _RULES:
            if match := pattern.match(word, at):
                out += sound
                at = match.end()
                break
        else:
            letter = word[at]
            if letter not in _MARKED:
                letter = unicodedata.normalize("NFD", letter)[0]
            out += _MARKED.get(letter) or _SINGLE.get(letter, letter)
            at += 1
    return re.sub(r"йа", "я", out)


def _address(match: re.Match[str]) -> str:
    text = re.sub(r"^\w+://(?:www\.)?|^www\.", "", match.group()).rstrip("/")
    host, *_ = text.partition("/")
    last = host.rpartition(".")[2].lower()
    words = []
    for piece in re.findall(r"[A-Za-zÀ-ɏ]+|[а-яёА-ЯЁ]+|\d+|.", text):
        if piece.lower() == last and piece.lower() in _DOMAINS:
            words.append(_DOMAINS[piece.lower()])
        elif piece.isascii() and piece.isalpha():
            words.append(_FOLDED.get(piece.lower()) or say(piece.lower()))
        else:
            words.append(_SIGNS.get(piece, piece))
    return " ".join(words)
