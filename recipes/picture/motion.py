"""How a view travels over a still: eased, sub-pixel, and at rest at its end.

A view is a box of the still. Zooming moves the box's size geometrically (equal steps look equal) and its centre in
proportion to the size, so that one point of the picture stays put the whole way: the eye reads that as one movement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_RAMP_IN, _RAMP_OUT = 0.25, 0.45
"""Shares of the time spent gathering and losing speed."""


@dataclass(frozen=True)
class View:
    """A box by its centre and width, in pixels of the still; its height follows from the frame's aspect."""

    x: float
    y: float
    width: float


def eased(t: float) -> float:
    """0 → 1 over t in 0…1 with no velocity at either end and none of the lurch of a plain smoothstep.

    Velocity is a raised cosine up, constant, and a longer raised cosine down, so acceleration has no jumps.
    """
    t = min(1.0, max(0.0, t))
    cruise = 1 - _RAMP_IN - _RAMP_OUT
    speed = 1 / (_RAMP_IN / 2 + cruise + _RAMP_OUT / 2)
    if t < _RAMP_IN:
        return speed * _gathered(t, _RAMP_IN)
    if t <= 1 - _RAMP_OUT:
        return speed * (_RAMP_IN / 2 + t - _RAMP_IN)
    return 1 - speed * _gathered(1 - t, _RAMP_OUT)


def between(start: View, end: View, t: float) -> View:
    """The view at t in 0…1, before easing."""
    if math.isclose(start.width, end.width, rel_tol=1e-9):
        share, width = t, start.width
    else:
        width = start.width * (end.width / start.width) ** t
        share = (width - start.width) / (end.width - start.width)
    return View(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share, width)


def _gathered(t: float, ramp: float) -> float:
    """Way covered by time t while the speed rises from 0 to 1 over `ramp`."""
    return t / 2 - ramp / (2 * math.pi) * math.sin(math.pi * t / ramp)
