"""Can the caption be read on this picture? Measured on the proof, by WCAG 2.2.

The contrast of WCAG is that of the text against what touches it. That is the box, if there is one; else the
outline and, beyond it, the picture, as far as the eye takes it for the letter's surroundings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from recipes.captions.layout import Rect

type Picture = npt.NDArray[np.uint8]
"""Height × width × RGB."""

SURROUNDINGS = 0.12
"""How far around a letter its surroundings reach, in em: about the thickness of a bold stem."""
BUSIEST = 0.13
"""More texture than this under unboxed text (see `busyness`) and the eye has to search for the letters."""
_EXTREME = 95  # percentile: the brightest (or darkest) twentieth of the picture is what swallows a letter

_LINEAR = np.where(
    np.arange(256) <= 10,  # noqa: PLR2004 - sRGB's linear foot, 0.04045 · 255
    np.arange(256) / 255 / 12.92,
    ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4,
).astype(np.float32)
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class Paint:
    """The colours of a caption: `#RRGGBB[AA]`, with the width of the outline in em."""

    texts: tuple[str, ...]
    """Every colour a word may have."""
    outline: str
    outline_width: float
    box: str | None


@dataclass(frozen=True)
class Reading:
    """What was measured under a caption: the worst contrast of any of its colours; the picture's texture, 0 to 1."""

    contrast: float
    busyness: float

    def worse(self, other: Reading) -> Reading:
        """The worst of both."""
        return Reading(min(self.contrast, other.contrast), max(self.busyness, other.busyness))


def ratio(one: float, other: float) -> float:
    """WCAG's contrast ratio of two relative luminances, 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def luminance(color: str) -> float:
    """WCAG's relative luminance of an opaque `#RRGGBB`, 0 to 1."""
    return float(_LINEAR[_rgb(color)] @ _WEIGHTS)


def read(picture: Picture, areas: Sequence[Rect], paint: Paint) -> Reading:
    """Measure the picture where lines of text would stand. `areas` are in the picture's own pixels."""
    found = [_read(_cut(picture, area), paint) for area in areas]
    return Reading(min(one.contrast for one in found), max(one.busyness for one in found))


def _read(patch: Picture, paint: Paint) -> Reading:
    if paint.box is None:
        under = _LINEAR[patch] @ _WEIGHTS
        # Light mixes linearly in the eye: so much of a letter's surroundings is outline, the rest is picture.
        share = min(1.0, paint.outline_width / SURROUNDINGS) * _alpha(paint.outline)
        around = share * luminance(paint.outline) + (1 - share) * under
        busy = busyness(patch)
    else:
        # The box is mixed by the renderer, which mixes the encoded values.
        alpha = _alpha(paint.box)
        mixed = np.clip(alpha * _rgb(paint.box) + (1 - alpha) * patch.astype(np.float32), 0, 255).astype(np.uint8)
        around = _LINEAR[mixed] @ _WEIGHTS
        busy = busyness(patch) * (1 - alpha)
    dark, light = np.percentile(around, (100 - _EXTREME, _EXTREME))
    worst = min(min(ratio(text, dark), ratio(text, light)) for text in map(luminance, paint.texts))
    return Reading(round(float(worst), 2), round(busy, 3))


def busyness(patch: Picture) -> float:
    """Texture: the mean difference of neighbouring pixels of the proof, as a share of the whole range."""
    gray = patch.astype(np.float32) @ _WEIGHTS
    return float((np.abs(np.diff(gray, axis=0)).mean() + np.abs(np.diff(gray, axis=1)).mean()) / 2 / 255)


def _cut(picture: Picture, area: Rect) -> Picture:
    """The pixels under an area, at least two by two of them."""
    height, width = picture.shape[:2]
    left = min(max(0, int(area.left)), width - 2)
    top = min(max(0, int(area.top)), height - 2)
    return picture[top : max(top + 2, int(area.bottom) + 1), left : max(left + 2, int(area.right) + 1)]


def _rgb(color: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(color[1:7]), np.uint8)


def _alpha(color: str) -> float:
    return int(color[7:9] or "FF", 16) / 255
