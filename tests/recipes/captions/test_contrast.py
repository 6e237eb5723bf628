"""Contrast: WCAG's figures, and the judgement a viewer would make."""

from __future__ import annotations

import numpy as np
import pytest

from recipes.captions import contrast
from recipes.captions.contrast import Paint, Picture
from recipes.captions.layout import Rect

AREA = [Rect(2, 2, 38, 18)]


def flat(color: tuple[int, int, int]) -> Picture:
    """A picture of one colour."""
    return np.full((20, 40, 3), color, np.uint8)


def paint(text: str = "#FFFFFF", outline: float = 0.0, box: str | None = None) -> Paint:
    """Text with a black outline so many em wide."""
    return Paint((text,), "#000000", outline, box)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#FFFFFF", "#000000", 21.0), ("#777777", "#FFFFFF", 4.48), ("#0000FF", "#FFFFFF", 8.59)],
)
def test_ratios_are_those_of_wcag(one: str, other: str, ratio: float) -> None:
    """Known pairs have the ratios every contrast checker gives."""
    assert contrast.ratio(contrast.luminance(one), contrast.luminance(other)) == pytest.approx(ratio, abs=0.01)


def test_bare_white_text_is_read_on_dark_and_lost_on_bright() -> None:
    """Without outline or box the ratio is WCAG's own, text against picture."""
    assert contrast.read(flat((0, 0, 0)), AREA, paint()).contrast == pytest.approx(21)
    assert contrast.read(flat((255, 255, 255)), AREA, paint()).contrast == pytest.approx(1)


def test_an_outline_helps_by_its_width() -> None:
    """The wider the outline, the more of a letter's surroundings it is."""
    bright = flat((240, 240, 240))
    ratios = [contrast.read(bright, AREA, paint(outline=width)).contrast for width in (0, 0.03, 0.06, 0.12)]
    assert ratios == sorted(ratios)
    assert ratios[0] < 1.5
    assert ratios[-1] == pytest.approx(21)


def test_a_box_makes_any_picture_readable() -> None:
    """A dark box of the styles' own strength lifts white text over any picture above 4.5."""
    noise = np.random.default_rng(1).integers(0, 255, (20, 40, 3), np.uint8)
    for picture in (flat((255, 255, 255)), noise):
        assert contrast.read(picture, AREA, paint(box="#0A0A12C7")).contrast >= 4.5


def test_a_bright_corner_under_a_few_letters_counts() -> None:
    """The worst tenth of the picture decides, not its average."""
    picture = flat((20, 20, 20)).copy()
    picture[:, 30:] = 255
    assert contrast.read(picture, AREA, paint()).contrast < 1.5


def test_texture_is_told_from_calm() -> None:
    """Noise is busy, a gradient is not."""
    noise = np.random.default_rng(1).integers(0, 255, (20, 40, 3), np.uint8)
    slope = np.broadcast_to(np.arange(0, 240, 6, dtype=np.uint8)[None, :, None], (20, 40, 3))
    assert contrast.busyness(noise) > contrast.BUSIEST > contrast.busyness(slope)


def test_an_area_outside_the_picture_is_no_error() -> None:
    """A caption at the very edge of a tiny proof is measured by what there is."""
    assert contrast.read(flat((0, 0, 0)), [Rect(38.5, 19.5, 44, 22)], paint()).contrast == pytest.approx(21)
