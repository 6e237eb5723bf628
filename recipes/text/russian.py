"""How Russian is read aloud: ru-normalizr for numbers with case and gender, and rules of our own for what it misses.

ru-normalizr answers with a new sentence and not with how it came about, so its words are tied back to the shown pieces
here: words both have in common are anchors, and between anchors each piece takes the words most like its own reading.
"""

from __future__ import annotations

import re
import threading
import warnings
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from recipes.text import latin
from recipes.text.figures import cardinal, rewrite
from recipes.text.literal import says_itself
from recipes.text.morphology import parses
from recipes.text.pieces import STRESS, Piece, bare, chunk, plain, pronounce, settle
from recipes.text.shortened import lengthen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_VOWELS = "аеёиоуыэюяАЕЁИОУЫЭЮЯ"
_LONGEST_GROUP = 6
_LONGEST_NUMBER = 15  # past that, a listener is told digits
_LONGEST_ACRONYM = 4
_LOADING = threading.Lock()

# What ru-normalizr 1.3.0 misreads or leaves as it is. Order matters.
_FIRST: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b([вВ]) (\d+(?:[.,]\d+)?)\s?[xXхХ×](?!\w)"), r"\1 \2 раза"),
    (re.compile(r"(\d)\s?[xXхХ](?=\s|[.,!?]|$)"), r"\1 икс"),
    # “5 с друзьями” is no time: a lone “с” is seconds only before a mark.
    (re.compile(r"(\d)\s?(?:с(?=[.,;:!?)]|$)|сек)(?:\.(?=\s[а-яё]))?(?!\w)"), r"\1 секунд"),
    (re.compile(r"(\d)\s?мин(?:\.(?=\s[а-яё]))?(?!\w)"), r"\1 минут"),
    (re.compile(r"&"), " и "),
    (re.compile(r"\b24/7\b"), "двадцать четыре на семь"),
    (re.compile(r"\b(\d{1,2})[KК]\b"), r"\1 ка"),
    (re.compile(r"\b(\d)D\b"), r"\1 дэ"),
    (re.compile(r"\b(\d)G\b"), r"\1 джи"),
    (re.compile(r"#(\w)"), r"хэштег \1"),
    (re.compile(r"(?<!\w)@(?=\w)"), "собака "),
    (re.compile(r"(?<=\w)_(?=\w)"), " "),
    (re.compile(r"(?<=\w)/(?=[^\W\d])"), " "),
    (re.compile(r"≈\s?"), "примерно "),
    (re.compile(r"(?<=\d)\s?→\s?(?=\d)"), " — "),
)
_VERSION = re.compile(r"([A-Za-z+#]\s?v?\d+)\.(?=\d)")
_BY = re.compile(r"(?<![\w,.])(\d{1,9})\s?[xXхХ×]\s?(\d{1,9})(?!\w)(\s?[кмс]?м\b)?")
_CAPITALS = re.compile(r"\b[А-ЯЁ]{2,}\b")
_LETTERS = {
    "А": "а", "Б": "бэ", "В": "вэ", "Г": "гэ", "Д": "дэ", "Ж": "жэ", "З": "зэ", "К": "ка", "Л": "эл", "М": "эм",
    "Н": "эн", "П": "пэ", "Р": "эр", "С": "эс", "Т": "тэ", "Ф": "эф", "Х": "ха", "Ц": "цэ", "Ч": "че", "Ш": "ша",
    "Щ": "ща",
}  # fmt: skip
_DIGITS = re.compile(r"\d+")


def speak(sentence: str, lexicon: Mapping[str, str]) -> list[Piece]:
    """The shown pieces of one Russian sentence with their spoken words."""
    shown = chunk(sentence)
    readings: dict[str, list[str]] = {}

    def read(text: str) -> list[str]:
        if text not in readings:
            readings[text] = _read(text, lexicon)
        return readings[text]

    pieces = _tie(shown, read(sentence), read)
    # Inside a sentence a full stop comes from an abbreviation (`1961 г.`): a voice would take it for the end.
    return [Piece(piece.text, tuple(word.removesuffix(".") for word in piece.words)) for piece in pieces[:-1]] + pieces[
        -1:
    ]


def _read(text: str, lexicon: Mapping[str, str]) -> list[str]:
    text = lengthen(latin.read(_VERSION.sub(r"\1 точка ", pronounce(text, lexicon))))
    text = rewrite(_CAPITALS.sub(_capitals, text))
    text = _BY.sub(_by, text)
    for pattern, replacement in _FIRST:
        text = pattern.sub(replacement, text)
    spoken = _normalise(text)
    # ru-normalizr marks stress by a plus before the vowel; U+0301 stands after it.
    spoken = re.sub(rf"\+([{_VOWELS}])", rf"\1{STRESS}", spoken)
    return settle(_DIGITS.sub(_spell, spoken).split())


def _by(match: re.Match[str]) -> str:
    """`30×30 см`: a figure with its unit stays for ru-normalizr, a bare one would be a year to it (`1080×1920`)."""
    second = match[2] + match[3] if match[3] else cardinal(int(match[2]))
    return f"{cardinal(int(match[1]))} на {second}"


def _capitals(match: re.Match[str]) -> str:
    """What ru-normalizr does with capitals of two to four letters it does well; it shouts at length, and splits ООН."""
    letters = match.group()
    if len(set(letters)) == 1 and letters != "ОО":  # `ИИ`
        return " ".join(_LETTERS.get(letter, letter.lower()) for letter in letters)
    if letters.startswith("ОО"):
        return letters.lower() if len(letters) > 2 and letters != "ООО" else letters  # noqa: PLR2004
    if len(letters) <= _LONGEST_ACRONYM:
        return letters
    said = any("Abbr" not in parse.tag and parse.is_known for parse in parses(letters.lower()))
    if said or not re.search(r"[^АЕЁИОУЫЭЮЯ]{3}", letters):
        return letters.lower()
    return " ".join(_LETTERS.get(letter, letter.lower()) for letter in letters)


def _spell(match: re.Match[str]) -> str:
    # The last resort: no digit may reach a voice.
    digits = match.group()
    whole = len(digits) <= _LONGEST_NUMBER and digits[0] != "0"
    return f" {cardinal(int(digits)) if whole else ' '.join(cardinal(int(digit)) for digit in digits)} "


def _normalise(text: str) -> str:
    if says_itself(text):
        return text
    with _LOADING:
        normalise = _normaliser()
    return normalise(text)


@lru_cache(maxsize=1)
def _normaliser() -> Callable[[str], str]:
    with warnings.catch_warnings():
        # eng_to_ipa, which it imports, has invalid escapes in its source.
        warnings.simplefilter("ignore", SyntaxWarning)
        from ru_normalizr import NormalizeOptions, Normalizer  # noqa: PLC0415  # loads a dictionary for 0.6 s

        options = NormalizeOptions.tts(
            remove_links=False,
            enable_first_word_decap=False,
            letter_vowel_mode="single",
            initials_pause_mode="preserve",
        )
        normaliser = Normalizer(options)
        normaliser.normalize("Warm-up: 1 книга, NASA.")  # what it imports late is imported under this filter
    normalise: Callable[[str], str] = normaliser.normalize
    return normalise


def _tie(shown: Sequence[str], spoken: Sequence[str], read: Callable[[str], list[str]]) -> list[Piece]:
    left, right = [plain(piece) for piece in shown], [plain(word) for word in spoken]
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces += [Piece(text, (word,)) for text, word in zip(shown[i1:i2], spoken[j1:j2], strict=True)]
        elif i1 == i2:  # words nobody wrote: they belong to the piece before them, or to the first one
            pieces.append(Piece("", tuple(spoken[j1:j2])))
        else:
            pieces += _share(shown[i1:i2], spoken[j1:j2], read)
    return _adopt(pieces)


def _share(shown: Sequence[str], spoken: Sequence[str], read: Callable[[str], list[str]]) -> list[Piece]:
    """Split a changed run among its pieces: the cheapest monotone segmentation; pieces may have to share words."""
    best: dict[tuple[int, int], tuple[float, tuple[Piece, ...]]] = {(0, 0): (0.0, ())}
    for i in range(len(shown)):
        for j in range(len(spoken) + 1):
            if (i, j) not in best:
                continue
            cost, pieces = best[i, j]
            for end in range(i + 1, min(i + _LONGEST_GROUP, len(shown)) + 1):
                text = " ".join(shown[i:end])
                alone = [plain(word) for word in read(text)]
                for stop in range(j, len(spoken) + 1):
                    span = [plain(word) for word in spoken[j:stop]]
                    # A group costs a little, so that pieces share words only where they cannot be told apart.
                    total = cost + _distance(alone, span) + 0.3 * (end - i - 1)
                    if (end, stop) not in best or total < best[end, stop][0]:
                        best[end, stop] = (total, (*pieces, Piece(text, tuple(spoken[j:stop]))))
    return list(best[len(shown), len(spoken)][1])


@lru_cache(maxsize=65536)
def _unlike(a: str, b: str) -> float:
    # Cases differ at the end of a word (`пять`, `пяти`), so what counts is how much of the beginning agrees.
    same = next((index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return 1 - same / max(len(a), len(b), 1)


def _distance(a: Sequence[str], b: Sequence[str]) -> float:
    row = [float(index) for index in range(len(b) + 1)]
    for i, word in enumerate(a, 1):
        above, row[0] = row[0], float(i)
        for j, other in enumerate(b, 1):
            change = above + 2 * _unlike(word, other)
            above, row[j] = row[j], min(change, row[j] + 1, row[j - 1] + 1)
    return row[-1]


def _adopt(pieces: Sequence[Piece]) -> list[Piece]:
    """Give words without a piece to the piece before them (to the next, at the beginning)."""
    whole: list[Piece] = []
    orphans: tuple[str, ...] = ()
    for piece in pieces:
        if piece.text:
            whole.append(Piece(piece.text, orphans + piece.words))
            orphans = ()
        elif whole:
            whole[-1] = Piece(whole[-1].text, whole[-1].words + piece.words)
        else:
            orphans = piece.words
    # A piece with a word in it but nothing to say would have no time: it joins the piece that speaks for it.
    joined: list[Piece] = []
    for piece in whole:
        if joined and not piece.words and bare(piece.text):
            joined[-1] = Piece(f"{joined[-1].text} {piece.text}", joined[-1].words)
        else:
            joined.append(piece)
    return joined
