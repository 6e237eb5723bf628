"""Many pictures on one sheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_GROUND, _INK = (20, 22, 27), (214, 219, 228)
_WIDEST = 1920
"""About a screen: what a sheet is at most wide, however large its pictures."""
_SHAPE = 1.3
"""Width to height of a pleasant sheet."""
_GAP, _LABEL = 14, 20
"""Pixels between pictures, and the size of their names."""


def sheet(pictures: Sequence[Path], labels: Sequence[str], font: Path) -> Image.Image:
    """The pictures, all of one size, in rows, each with its label below."""
    opened = [Image.open(path).convert("RGB") for path in pictures]
    width, height = opened[0].size
    row = height + 2 * _LABEL
    columns = max(1, min(len(opened), round(math.sqrt(len(opened) * _SHAPE * row / width))))
    shrink = min(1.0, (_WIDEST - _GAP * (columns + 1)) / (columns * width))
    width, height = round(width * shrink), round(height * shrink)
    row = height + 2 * _LABEL
    rows = -(-len(opened) // columns)
    whole = Image.new("RGB", (columns * (width + _GAP) + _GAP, rows * row + _GAP), _GROUND)
    draw, letters = ImageDraw.Draw(whole), ImageFont.truetype(font, _LABEL)
    for number, (picture, label) in enumerate(zip(opened, labels, strict=True)):
        x = _GAP + number % columns * (width + _GAP)
        y = _GAP + number // columns * row
        whole.paste(picture.resize((width, height), Image.Resampling.LANCZOS), (x, y))
        draw.text((x + 2, y + height + _LABEL * 0.9), label, _INK, letters, anchor="lm")
    return whole
