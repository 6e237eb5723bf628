"""Where every word of a caption stands, in pixels of the frame.

libass is given the place of each word and never wraps: a word that swells cannot push its neighbours, the measured
width is the drawn one, and nothing leaves the safe area.
"""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from recipes import fonts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from factory.step import Json
    from recipes.captions.cues import Cue, Word

type Position = str | float
"""`bottom`, `center` or `top` of the safe area, or the caption's middle per mille of the frame's height."""

_DESCENT = 0.21  # how deep p, у and щ hang below the baseline, in em: fonts differ by a few hundredths
_RTL = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_AIR = 0.72  # padding above and below against left and right: letters need more air at their sides


@dataclass(frozen=True)
class Rect:
    """Pixels from the top left corner; right and bottom are outside."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> Rect:
        """Larger by so much on every side."""
        return Rect(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True)
class Look:
    """A style in the pixels of one frame."""

    width: int
    height: int
    safe: Rect
    font: Path
    face: fonts.Face
    em: float
    """Pixels per em."""
    pitch: float
    """Pixels from baseline to baseline."""
    outline: float
    shadow: float
    padding: float
    radius: float
    swell: float
    gap: float
    """Pixels added to every space between words, so that a word that swells does not touch its neighbours."""
    room: float
    """Pixels a line may be wide."""
    upper: bool
    rtl: bool
    """Whether sentences run from right to left."""

    def shown(self, text: str) -> str:
        """The text as the style writes it."""
        return text.upper() if self.upper else text

    def measure(self, text: str) -> float:
        """Width in pixels of a line of script text in this style."""
        return fonts.measure(self.font, self.em, self.shown(text)) + self.gap * text.count(" ")


def look(
    style: Mapping[str, Json],
    frame: tuple[int, int],
    safe_area: Mapping[str, Json],
    font: Path,
    *,
    language: str,
) -> Look:
    """Put a style on a frame. `safe_area` is in per mille, as `recipes.spec.model.SafeArea`.

    Lines are centred on the frame, so the wider of the two side margins counts on both sides. Only a box that is always
    there is kept inside them sideways: one that comes now and then would cost every line its room, and holds no text.
    """
    width, height = frame

    def value(key: str) -> float:
        return float(cast("float", style[key]))

    def margin(key: str, of: int) -> float:
        return float(cast("float", safe_area[key])) * of / 1000 + value("margin") * min(frame) / 1000

    em = value("size") * min(frame) / 1000
    outline = value("outline") * em / 1000
    padding = value("box_padding") * em / 1000
    side = max(margin("left", width), margin("right", width))
    edge = max(outline, padding) if style["box"] == "always" else outline
    return Look(
        width=width,
        height=height,
        safe=Rect(side, margin("top", height), width - side, height - margin("bottom", height)),
        font=font,
        face=fonts.face(font),
        em=em,
        pitch=value("line_height") * em / 1000,
        outline=outline,
        shadow=value("shadow") * em / 1000,
        padding=padding,
        radius=value("box_radius") * em / 1000,
        swell=value("swell") / 1000,
        gap=2 * em * (value("swell") - 1000) / 1000 if style["template"] == "pop" else 0,
        room=min(value("width") * width / 1000, width - 2 * side - 2 * edge),
        upper=bool(style["uppercase"]),
        rtl=language.partition("-")[0].lower() in _RTL,
    )


@dataclass(frozen=True)
class PlacedWord:
    """A word as drawn, and the middle of its box as libass takes it (alignment 5)."""

    word: Word
    text: str
    x: float
    y: float
    swell: float
    """How large it may get while it is spoken, as a share of its size: a long word less, to leave its neighbours be."""


@dataclass(frozen=True)
class PlacedLine:
    """A line as drawn; `ink` is what its letters cover."""

    words: tuple[PlacedWord, ...]
    text: str
    x: float
    y: float
    ink: Rect


@dataclass(frozen=True)
class PlacedCue:
    """A cue with a place. `em` is smaller than the style's when a word is wider than the frame has room for."""

    cue: Cue
    em: float
    lines: tuple[PlacedLine, ...]
    boxes: tuple[Rect, ...]
    """One per line, overlapping where lines meet; empty without a box."""


def place(cue: Cue, look: Look, position: Position, *, boxed: bool) -> PlacedCue:
    """Put a cue at `position`, moved as little as keeps it (and its box) inside the safe area."""
    texts = [look.shown(line) for line in cue.text]
    widest = max(look.measure(text) for text in cue.text)
    shrink = min(1.0, look.room / widest) if widest else 1.0
    em, pitch = look.em * shrink, look.pitch * shrink
    cap = look.face.cap_height * em
    block = cap + pitch * (len(texts) - 1)  # from the top of the first capitals to the last baseline
    above = look.padding * _AIR if boxed else look.outline
    below = max(above, _DESCENT * em + (0 if boxed else look.outline))
    lowest = look.safe.bottom - below - block
    top = min(max(_top(position, look, block), look.safe.top + above), lowest)
    lines = tuple(
        _line(cue.lines[index], text, look, em, top + cap + pitch * index) for index, text in enumerate(texts)
    )
    return PlacedCue(cue, em, lines, _boxes(lines, look, cap) if boxed else ())


def _top(position: Position, look: Look, block: float) -> float:
    """Where the first line's capitals begin, before the safe area has its say."""
    if position == "top":
        return look.safe.top
    if position == "bottom":
        return look.safe.bottom - block
    middle = (look.safe.top + look.safe.bottom) / 2 if position == "center" else float(position) * look.height / 1000
    return middle - block / 2


def _line(words: tuple[Word, ...], text: str, look: Look, em: float, baseline: float) -> PlacedLine:
    """One line, centred on the frame."""
    gap = look.gap * em / look.em
    width = fonts.measure(look.font, em, text) + gap * sum(word.space for word in words[1:])
    left = (look.width - width) / 2
    y = baseline - _above_middle(text, look) * em
    placed: dict[int, PlacedWord] = {}
    before, gaps = "", 0
    for index, spoken in enumerate(_left_to_right(words) if look.rtl else range(len(words))):
        word = words[spoken]
        shown = look.shown(word.text)
        if index and (word.space or look.rtl):
            before, gaps = before + " ", gaps + 1
        right = fonts.measure(look.font, em, before + shown) + gap * gaps
        own = fonts.measure(look.font, em, shown)
        swell = min(look.swell, 1 + gap / own) if own and word.space else 1.0
        middle = baseline - _above_middle(shown, look) * em
        placed[spoken] = PlacedWord(word, shown, left + right - own / 2, middle, swell)
        before += shown
    ink = Rect(left, baseline - look.face.cap_height * em, left + width, baseline + _DESCENT * em)
    return PlacedLine(tuple(placed[index] for index in range(len(words))), text, look.width / 2, y, ink)


def _above_middle(text: str, look: Look) -> float:
    """How far above the baseline the middle of a drawn text is, in em: libass centres ascent + descent, not letters."""
    faces = [fonts.face(file) for file in {file for _, file in fonts.runs(look.font, text)}]
    ascent, descent = max(face.ascent for face in faces), max(face.descent for face in faces)
    return (ascent - descent) / 2


def _left_to_right(words: tuple[Word, ...]) -> list[int]:
    """The words of a right-to-left line as they stand on it, by their place in the sentence.

    They run from the right, but words of a left-to-right script among them keep their
    own order (the Unicode Bidirectional Algorithm, as far as whole words need it).
    """
    directions = [_is_rtl(word.text) for word in words]
    order: list[int] = []
    for rtl, run in itertools.groupby(reversed(range(len(words))), lambda index: directions[index] is not False):
        together = list(run)
        order += together if rtl else together[::-1]
    return order


def _is_rtl(text: str) -> bool | None:
    """Which way a word is written, by its first letter that has a direction; None for a number or a dash."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind != "L" for kind in kinds if kind in {"L", "R", "AL"}), None)


def _boxes(lines: tuple[PlacedLine, ...], look: Look, cap: float) -> tuple[Rect, ...]:
    """A box for each line; where two lines meet each reaches into the other, so that the corners between are filled."""
    air = look.padding * _AIR
    boxes = []
    for index, line in enumerate(lines):
        baseline = line.ink.top + cap
        top, bottom = line.ink.top - air, baseline + air
        if index:
            top = (lines[index - 1].ink.top + cap + line.ink.top) / 2 - look.radius
        if index + 1 < len(lines):
            bottom = (baseline + lines[index + 1].ink.top) / 2 + look.radius
        boxes.append(Rect(line.ink.left - look.padding, top, line.ink.right + look.padding, bottom))
    return tuple(boxes)
