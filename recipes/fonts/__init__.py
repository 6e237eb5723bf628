"""Fonts that come with the project, and what captions and titles need to know of a font file.

A server has no fonts to rely on, and a missing one is replaced in silence by something wider without Cyrillic.
So the faces are files of the project (or of the user's, in `fonts/` beside the spec), inputs of the steps that
draw with them, and every width is measured with the very file that will be drawn.
"""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import FactoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL import ImageFont

FOLDER = Path(__file__).parent
EMOJI = FOLDER / "emoji" / "NotoEmoji-Bold.ttf"
"""What draws emoji in captions: in the colour and with the outline of the text around them, since libass draws outlines
and no bitmaps. It is in nobody's way: a project cannot name it."""
EMOJI_NAME = "Noto Emoji Bold"
"""Its full name, by which ASS documents call it."""
_UNITS = 1000  # widths are measured at this size and scaled: at small sizes FreeType would round each advance
_INVISIBLE = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")
_PICTOGRAPH = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff]"
)
_VARIED = f"{_PICTOGRAPH}[\ufe0f\U0001f3fb-\U0001f3ff]*"
# A flag, a keycap, or a pictograph with its variants and all that is joined to it (Unicode TS #51, 1.4.9).
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_VARIED}(?:\u200d{_VARIED})*")
_KEYCAPS = {"#": "\U000fe82c", "0": "\U000fe837"} | {str(key): chr(0xFE82D + key) for key in range(1, 10)}
"""Where Noto Emoji has its keycaps: libass would set the digit apart from U+20E3 and never join them."""


class FontMissing(FactoryError):
    """No font file answers to the name; the message lists what there is."""


@dataclass(frozen=True)
class Face:
    """What a renderer needs to know of one font file."""

    name: str
    """The full name (`Rubik ExtraBold`), by which libass finds exactly this face."""
    ascent: float
    """Height above the baseline, in em, as libass and GDI take it (OS/2 usWinAscent)."""
    descent: float
    """Depth below the baseline, in em, positive."""
    cap_height: float
    """Height of a capital, in em: what the eye takes for the height of a line of text."""
    glyphs: frozenset[int]
    """Code points it can draw."""


def resolve(name: str, project_folder: Path | None = None) -> Path:
    """The file of a font, by full name (`Golos Text Bold`), family (its regular face) or file name.

    A project's own `fonts/` folder is asked first. Raises `FontMissing` with the nearest names.
    """
    known = available(project_folder)
    wanted = _fold(name)
    for title, path in known.items():
        if wanted in (_fold(title), _fold(path.name), _fold(path.stem)):
            return path
    for title, path in known.items():
        if _fold(title) == wanted + "regular":
            return path
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean “{near[0]}”? " if near else ""
    raise FontMissing(
        f"no font is called “{name}”: {hint}There are: {', '.join(sorted(known))}. "
        "Put a .ttf or .otf file of your own into the project's fonts/ folder."
    )


@functools.cache
def available(project_folder: Path | None = None) -> Mapping[str, Path]:
    """Full name → file of every font a project may name, the project's own first; listed once for all its videos."""
    folders = ([project_folder / "fonts"] if project_folder else []) + [FOLDER]
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.suffix.lower() in {".ttf", ".otf"}:
                found.setdefault(face(path).name, path)
    return found


def face(path: Path) -> Face:
    """Names, metrics and coverage of a font file. Raises `FontMissing` when it is not a font."""
    return _read(path, path.stat().st_mtime_ns)


def missing_glyphs(path: Path, text: str, *, emoji: bool) -> set[str]:
    """The characters of `text` the font cannot draw: what would show as boxes or in a stranger's font.

    With `emoji`, those that captions draw with `EMOJI` are not missed.
    """
    glyphs = face(path).glyphs
    parts = [part for part, file in runs(path, text) if file == path] if emoji else [text]
    return {char for part in parts for char in part if char not in _INVISIBLE and ord(char) not in glyphs}


def runs(path: Path, text: str) -> list[tuple[str, Path]]:
    """The text in pieces as they are drawn, each with the file that draws it: `path`, or `EMOJI` where only that can.

    A pictograph that both can draw is text, unless U+FE0F after it asks for the emoji (Unicode TS #51, 4.1).
    """
    if text.isascii():
        return [(text, path)]
    found: list[tuple[str, Path]] = []
    done = 0
    for match in _EMOJI.finditer(text):
        if drawn := _emoji(match.group(), face(path).glyphs):
            found += [(text[done : match.start()], path)] if match.start() > done else []
            found.append((drawn, EMOJI))
            done = match.end()
    return [*found, (text[done:], path)] if done < len(text) or not found else found


def _emoji(sequence: str, glyphs: frozenset[int]) -> str:
    """What to draw an emoji with, in `EMOJI`; nothing for one that is text, or that no font here can draw."""
    if sequence[-1] == "\u20e3":
        return _KEYCAPS.get(sequence[0], "")
    if len(sequence) == 1 and ord(sequence) in glyphs:
        return ""
    drawn = sequence.replace("\ufe0f", "")
    return drawn if face(EMOJI).glyphs.issuperset(map(ord, drawn)) else ""


def letters(text: str) -> list[str]:
    """The text in pieces that may appear one by one: a combining mark with its letter, an emoji whole."""
    pieces: list[str] = []
    done = 0
    for match in _EMOJI.finditer(text):
        pieces += [*_letters(text[done : match.start()]), match.group()]
        done = match.end()
    return pieces + _letters(text[done:])


def _letters(text: str) -> list[str]:
    pieces: list[str] = []
    for char in text:
        if pieces and unicodedata.combining(char):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def measure(path: Path, size: float, text: str) -> float:
    """Width of one line of text in pixels at `size` pixels per em, kerned, as HarfBuzz in libass and Pillow sets it."""
    return sum(
        _length(file, file.stat().st_mtime_ns, part) * size / _UNITS for part, file in runs(path, printable(text))
    )


def printable(text: str) -> str:
    """The text as one line: control characters and separators of lines, which no font can draw, become spaces."""
    if text.isprintable():  # as most are, and it is asked for every word of every caption at every place
        return text
    return "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char for char in text)


def ass_size(path: Path, size: float) -> float:
    """The `Fontsize` that makes libass draw at `size` pixels per em.

    As GDI does, libass fits ascent + descent, not the em, into the font size (`set_font_metrics` in ass_font.c).
    """
    found = face(path)
    return size * (found.ascent + found.descent)


def _fold(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


@functools.lru_cache(maxsize=64)
def _read(path: Path, _modified: int) -> Face:
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - a tenth of a second a no-op build does not need

    try:
        with path.open("rb") as file, TTFont(file, lazy=True, fontNumber=0) as font:
            units = font["head"].unitsPerEm
            os2, hhea = font["OS/2"], font["hhea"]
            ascent, descent = os2.usWinAscent, os2.usWinDescent
            if not ascent + descent:
                ascent, descent = hhea.ascent, -hhea.descent
            return Face(
                name=font["name"].getDebugName(4) or path.stem,
                ascent=ascent / units,
                descent=descent / units,
                cap_height=(getattr(os2, "sCapHeight", 0) or 0.7 * units) / units,
                glyphs=frozenset(font.getBestCmap() or ()),
            )
    except (TTLibError, KeyError) as error:
        raise FontMissing(f"{path.name} cannot be read as a TrueType or OpenType font: {error}") from error


@functools.lru_cache(maxsize=4096)
def _length(path: Path, modified: int, text: str) -> float:
    """Remembered because a caption is tried at several places, and each time its lines are as long as before."""
    return float(_pillow(path, modified).getlength(text))


@functools.lru_cache(maxsize=64)
def _pillow(path: Path, _modified: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415 - see _read

    return ImageFont.truetype(path, _UNITS)
