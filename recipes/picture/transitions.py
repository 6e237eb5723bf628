"""How a block's picture comes in: over the first frames of its own segment, over the previous picture held at rest.

The previous picture does not move while it leaves, so a segment depends on what the previous block shows and never on
how long it was.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from recipes.picture import graph

if TYPE_CHECKING:
    from collections.abc import Callable

    import vapoursynth as vs

_ZOOM = 0.35
"""How far the old picture is entered while it leaves, as a share of its width."""


def enter(kind: str, old: vs.VideoNode, new: vs.VideoNode, frames: int) -> vs.VideoNode:
    """`new` with its first `frames` frames mixed with the one frame of `old`; as long and as large as `new`."""
    frames = min(frames, len(new))
    if kind == "cut" or frames < 1:
        return new
    core = graph.core()
    mixes: dict[str, Callable[[vs.VideoNode, vs.VideoNode, float], vs.VideoNode]] = {
        "crossfade": _crossfade,
        "slide": _slide,
        "zoom": _zoom,
    }
    mix = mixes[kind]
    head = graph.per_frame(new, frames, lambda n: mix(old, new[n], (n + 1) / (frames + 1)))
    return head if frames == len(new) else core.std.Splice([head, new[frames:]])


def _crossfade(old: vs.VideoNode, new: vs.VideoNode, t: float) -> vs.VideoNode:
    return graph.core().std.Merge(old, new, weight=_smooth(t))


def _slide(old: vs.VideoNode, new: vs.VideoNode, t: float) -> vs.VideoNode:
    """The new picture pushes the old one out to the left, at sub-pixel steps, so that it stops without a tremble."""
    core = graph.core()
    pair = core.std.StackHorizontal([old, new])
    return core.resize.Bilinear(
        pair, width=new.width, height=new.height, src_left=_settled(t) * new.width, src_width=new.width
    )


def _zoom(old: vs.VideoNode, new: vs.VideoNode, t: float) -> vs.VideoNode:
    """Into the old picture, faster and faster, then into the new one, which settles from a little too close."""
    core = graph.core()
    leaving = _closer(old, 1 + _ZOOM * t * t)
    arriving = _closer(new, 1 + _ZOOM * (1 - _settled(t)))
    return core.std.Merge(leaving, arriving, weight=_smooth((t - 0.2) / 0.6))


def _closer(clip: vs.VideoNode, factor: float) -> vs.VideoNode:
    width, height = clip.width / factor, clip.height / factor
    return graph.core().resize.Bilinear(
        clip,
        width=clip.width,
        height=clip.height,
        src_left=(clip.width - width) / 2,
        src_top=(clip.height - height) / 2,
        src_width=width,
        src_height=height,
    )


def _smooth(t: float) -> float:
    t = min(1.0, max(0.0, t))
    return t * t * (3 - 2 * t)


def _settled(t: float) -> float:
    """Quick at first and slow to stop (raised cosine in the square root's time)."""
    return (1 - math.cos(math.pi * (1 - (1 - t) ** 2))) / 2
