from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipes.picture.motion import View, between, eased


def test_eases_from_rest_to_rest() -> None:
    """It goes from 0 to 1, never back, without velocity at its ends and without a jump of speed on the way."""
    way = [eased(n / 1000) for n in range(1001)]
    speeds = [b - a for a, b in itertools.pairwise(way)]
    changes = [abs(b - a) for a, b in itertools.pairwise(speeds)]

    assert way[0] == 0
    assert way[-1] == pytest.approx(1)
    assert min(speeds) >= 0
    assert max(speeds[0], speeds[-1]) < 0.01 * max(speeds)
    assert max(changes) < 0.02 * max(speeds)


@given(st.floats(10, 500), st.floats(10, 500), st.floats(50, 400), st.floats(50, 400), st.floats(0, 1))
def test_a_zoom_keeps_one_point_still(x: float, y: float, start: float, end: float, t: float) -> None:
    """The point of the frame both views share is the same point of the still at every moment."""
    if abs(start - end) < 1:
        return
    first, last = View(200, 200, start), View(x, y, end)
    view = between(first, last, t)

    # The fixed point p has the same place in the frame, (p - centre) / width, in every view.
    fixed = (last.x * start - first.x * end) / (start - end)
    assert (fixed - view.x) / view.width == pytest.approx((fixed - first.x) / start, abs=1e-6)
