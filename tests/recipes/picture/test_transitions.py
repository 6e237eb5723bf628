from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import vapoursynth as vs

from recipes.picture import graph, transitions


def flat(luma: int, frames: int) -> Any:
    """A clip of one grey."""
    return graph.core().std.BlankClip(
        width=64, height=96, format=vs.YUV420P8, length=frames, color=[luma, 128, 128], keep=True
    )


def planes(clip: Any) -> list[Any]:
    """The luma of every frame."""
    return [np.asarray(frame[0]).astype(int) for frame in clip.frames()]


@pytest.mark.parametrize("kind", ["crossfade", "slide", "zoom"])
def test_goes_from_the_old_picture_to_the_new_one(kind: str) -> None:
    """It starts nearly as the old picture, ends nearly as the new one, and never goes back on the way."""
    brightness = [plane.mean() for plane in planes(transitions.enter(kind, flat(40, 1), flat(200, 30), 20))]

    assert brightness[0] < 60
    assert brightness[19] > 180
    assert brightness[:20] == sorted(brightness[:20])
    assert brightness[20:] == [200] * 10


def test_a_cut_changes_nothing() -> None:
    """The first frame is already the new picture."""
    assert {plane.mean() for plane in planes(transitions.enter("cut", flat(40, 1), flat(200, 5), 3))} == {200}


@pytest.mark.parametrize("kind", ["crossfade", "slide", "zoom"])
def test_fits_into_a_short_block(kind: str) -> None:
    """A transition longer than its block ends with the block."""
    assert len(transitions.enter(kind, flat(40, 1), flat(200, 4), 20)) == 4


def test_slides_to_the_left() -> None:
    """Half-way the old picture is on the left and the new one on the right."""
    plane = planes(transitions.enter("slide", flat(40, 1), flat(200, 9), 9))[3]

    assert plane[:, 2].mean() == 40
    assert plane[:, -3].mean() == 200
