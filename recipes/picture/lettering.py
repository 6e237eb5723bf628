"""Words set as a designer would: as large as their room allows, in lines of even length, measured in pixels."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import ImageFont

_LEADING = 1.14
"""Line distance in em: large bold type stands closer than running text."""
_CLINGING = 3
"""A word of so few letters (a preposition, an article) does not end a line,"""
_CLING_COST = 0.12
"""unless keeping it from that makes lines uneven by about a third of the width."""


@dataclass(frozen=True)
class Setting:
    """Lines of text at one size, in pixels; `widths` are those of the lines."""

    lines: tuple[str, ...]
    size: int
    widths: tuple[float, ...]

    @property
    def leading(self) -> int:
        """From one baseline to the next."""
        return round(self.size * _LEADING)

    @property
    def height(self) -> int:
        """From the top of the first line's em to the bottom of the last one's."""
        return self.leading * (len(self.lines) - 1) + self.size


def fit(text: str, font: Path, *, width: float, height: float, largest: float, lines: int) -> Setting:
    """`text` at the largest size at which it fits `width` × `height` in at most `lines` lines.

    A line break in the text is kept. Text too long for any decent size is set smaller and in more lines, and never
    runs out of its room.
    """
    size = largest
    while True:
        pixels = max(4, round(size))
        setting = _balanced(text, font, pixels, width)
        fits = setting.height <= height and max(setting.widths) <= width
        if pixels == 4 or (fits and (len(setting.lines) <= lines or size < largest / 3)):  # noqa: PLR2004 - unreadable
            return setting
        size *= 0.94


def mask(text: str, font: Path, size: int, *, tracking: float = 0.0) -> NDArray[np.uint8]:
    """Coverage of one line, 0…255, its left edge at the pen's start; the em's top is the first row.

    `tracking` is added after every letter, in em. Rows: 1.35 em, so that descenders and accents are inside.
    """
    import numpy as np  # noqa: PLC0415 - see graph.drawn
    from PIL import Image, ImageDraw  # noqa: PLC0415 - as numpy

    face = _face(font, size)
    wide = measure(text, font, size, tracking=tracking)
    image = Image.new("L", (int(wide) + size, round(size * 1.35)))
    draw = ImageDraw.Draw(image)
    baseline = round(size * 0.97)
    if not tracking:
        draw.text((0, baseline), text, fill=255, font=face, anchor="ls")
        return np.asarray(image)
    for index, letter in enumerate(text):
        # Where the pen is after what stands before, so that kerning is kept between tracked letters.
        at = face.getlength(text[: index + 1]) - face.getlength(letter) + index * tracking * size
        draw.text((at, baseline), letter, fill=255, font=face, anchor="ls")
    return np.asarray(image)


def measure(text: str, font: Path, size: int, *, tracking: float = 0.0) -> float:
    """Width of one line, in pixels."""
    return float(_face(font, size).getlength(text)) + tracking * size * max(0, len(text) - 1)


def _balanced(text: str, font: Path, size: int, width: float) -> Setting:
    lines: list[str] = []
    for paragraph in text.strip().splitlines() or [""]:
        lines += _lines(paragraph.split(), font, size, width)
    return Setting(tuple(lines), size, tuple(measure(line, font, size) for line in lines))


def _lines(words: list[str], font: Path, size: int, width: float) -> list[str]:
    """The fewest lines that fit, and of those the most even ones (dynamic programming over the breaks)."""
    if not words:
        return []
    space = measure("a a", font, size) - measure("aa", font, size)
    ends = [0.0, *itertools.accumulate(measure(word, font, size) + space for word in words)]

    def long(begin: int, end: int) -> float:
        return ends[end] - ends[begin] - space

    count = 1
    while True:
        target = long(0, len(words)) / count
        best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
        for _ in range(count):
            row: dict[int, tuple[float, int]] = {}
            for begin, (price, _) in best[-1].items():
                for end in range(begin + 1, len(words) + 1):
                    if long(begin, end) > width and end > begin + 1:
                        break
                    dangling = end < len(words) and len(words[end - 1]) <= _CLINGING
                    more = price + (long(begin, end) - target) ** 2 + (_CLING_COST * width**2 if dangling else 0.0)
                    if end not in row or more < row[end][0]:
                        row[end] = (more, begin)
            best.append(row)
        if len(words) in best[-1]:
            break
        count += 1
    cuts = [len(words)]
    for row in reversed(best[1:]):
        cuts.append(row[cuts[-1]][1])
    cuts.reverse()
    return [" ".join(words[begin:end]) for begin, end in itertools.pairwise(cuts)]


@functools.lru_cache(maxsize=64)
def _loaded(data: bytes, size: int) -> ImageFont.FreeTypeFont:
    import io  # noqa: PLC0415 - with Pillow

    from PIL import ImageFont  # noqa: PLC0415 - see graph.drawn

    return ImageFont.truetype(io.BytesIO(data), size)


def _face(font: Path, size: int) -> ImageFont.FreeTypeFont:
    # By content: a staged file of the same name may hold another font in the next step.
    return _loaded(_bytes(font, font.stat().st_ino, font.stat().st_mtime_ns), size)


@functools.lru_cache(maxsize=16)
def _bytes(font: Path, _inode: int, _modified: int) -> bytes:
    return font.read_bytes()
