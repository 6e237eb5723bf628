from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from recipes import modes
from recipes.modes.mode import Shot

if TYPE_CHECKING:
    from factory.step import Json

SAFE = (150, 180, 250, 60)


def frames(count: int, size: tuple[int, int] = (270, 480), **show: Json) -> list[Any]:
    """The luma of every frame."""
    mode = modes.find("minimal_text")
    shot = Shot(*size, (30, 1), count, show, mode.metadata().resources, SAFE)
    return [np.asarray(frame[0]).astype(int) for frame in mode.render(shot).frames()]


def ink(frame: Any) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is bright."""
    rows, columns = np.flatnonzero((frame > 190).any(axis=1)), np.flatnonzero((frame > 190).any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


@pytest.mark.parametrize("align", ["left", "center"])
@pytest.mark.parametrize(
    "text",
    [
        "Мёд",
        "Почему Луна всегда повёрнута к нам одной стороной?",
        "Достопримечательностями",
        "A " * 100,
        "Превысокомногорассмотрительствующий рентгеноэлектрокардиографический " * 3,
        "one\ntwo\nthree",
    ],
)
def test_stays_inside_the_safe_area(text: str, align: str) -> None:
    """Whatever the words, no letter is under a platform's buttons or where the captions stand."""
    left, top, right, bottom = ink(frames(1, text=text, kicker="Тема", align=align)[0])

    assert left >= 270 * 0.06
    assert right <= 270 * (1 - 0.18)
    assert top >= 480 * 0.15
    assert bottom <= 480 * 0.61


@pytest.mark.parametrize("count", [9, 60, 200])
def test_the_gradient_is_at_rest_between_blocks(count: int) -> None:
    """A block of any length begins and ends with the same ground, so the next one goes on without a jump."""
    shown = frames(count, text="x")
    below = slice(400, 480)

    assert np.abs(shown[0][below] - shown[-1][below]).max() <= 1
    assert np.abs(shown[0][below] - frames(5, text="x")[0][below]).max() <= 1


def test_the_gradient_moves_slowly_and_without_bands() -> None:
    """It moves, never by much from frame to frame, and neighbouring pixels differ by a step of dither at most."""
    shown = [frame[300:] for frame in frames(120, text="x")]
    steps = [np.abs(b - a).mean() for a, b in itertools.pairwise(shown)]

    assert np.abs(shown[60] - shown[0]).mean() > 1.5
    assert max(steps) < 0.8
    assert np.abs(np.diff(shown[60], axis=1)).max() <= 2


def test_the_words_come_in_and_stay() -> None:
    """Nothing is written in the first frame, everything within two seconds, and it stays to the end."""
    shown = frames(90, text="Why honey never spoils", kicker="Science")
    written = [(frame > 190).sum() for frame in shown]

    assert written[0] == 0
    assert written[45] > 1000
    assert all(abs(int(count) - int(written[-1])) < 0.02 * written[-1] for count in written[60:])


def test_rests_with_all_its_words() -> None:
    """The picture held for the next block's transition has the words of the last frame."""
    assert np.abs(frames(1, text="Quietly acidic")[0] - frames(60, text="Quietly acidic")[-1]).max() <= 2


def test_sets_lines_of_even_length() -> None:
    """No line of one short word is left at the end of a sentence, and no preposition at the end of a line."""
    from recipes.picture import lettering  # noqa: PLC0415 - only this test reads lines

    font = modes.find("minimal_text").metadata().resources["font_bold"]
    setting = lettering.fit(
        "Почему Луна всегда повёрнута к нам одной стороной?", font, width=800, height=900, largest=100, lines=5
    )

    assert min(setting.widths) > 0.5 * max(setting.widths)
    assert not any(line.split()[-1] in {"к", "нам"} for line in setting.lines)


def test_names_a_colour_too_light_for_its_words() -> None:
    """White type on a pale ground is refused with the entry of the palette."""
    faults = modes.find("minimal_text").validate({"text": "x", "palette": ["#101010", "#EEEEEE", "#202020", "#303030"]})

    assert [fault.path for fault in faults] == [("palette", 1)]


@pytest.mark.parametrize("size", [(36, 64), (72, 128), (64, 64), (128, 72)])
def test_draws_the_proof_of_the_smallest_video(size: tuple[int, int]) -> None:
    """However small the picture, it is drawn."""
    assert all(frame.shape == size[::-1] for frame in frames(3, size, text="Why honey never spoils", kicker="One"))
