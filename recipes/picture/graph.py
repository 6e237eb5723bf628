"""VapourSynth, set up once for a process that runs many steps as threads, and the few nodes it lacks."""

from __future__ import annotations

import functools
import os
import threading
from typing import TYPE_CHECKING

import vapoursynth as vs

from recipes.installed import version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

_CACHE_MB = 32
_THREADS = 4
"""More would only race ahead of the encoder, which is five times slower than the graphs."""
_lock = threading.Lock()


@functools.cache
def core() -> vs.Core:
    """The process's core, with its memory bounded: left alone it would keep half of the machine's."""
    with _lock:
        made = vs.core.core
        made.max_cache_size = _CACHE_MB
        made.num_threads = min(_THREADS, os.cpu_count() or 1)
        return made


@functools.cache  # two milliseconds a package, for every block of every video
def versions() -> dict[str, str]:
    """`Step.tools` of a step that evaluates graphs."""
    return {name: version(name) for name in ("vapoursynth", "vapoursynth-akarin", "pillow", "numpy")}


def drawn(
    width: int, height: int, video_format: int, length: int, paint: Callable[[int], Sequence[NDArray[np.uint8]]]
) -> vs.VideoNode:
    """A clip whose frame n holds copies of the planes `paint(n)` answers with (rows × columns each)."""
    import numpy as np  # noqa: PLC0415 - a tenth of a second that planning a build does not need

    def fill(n: int, f: vs.VideoFrame) -> vs.VideoFrame:
        frame = f.copy()
        for index, plane in enumerate(paint(n)):
            np.copyto(np.asarray(frame[index]), plane)
        return frame

    blank = core().std.BlankClip(width=width, height=height, format=video_format, length=length, keep=True)
    return core().std.ModifyFrame(blank, blank, fill)


def still(planes: Sequence[NDArray[np.uint8]], video_format: int) -> vs.VideoNode:
    """A clip of one frame that holds copies of the given planes. Not for use while a frame is being made."""
    height, width = planes[0].shape
    return realised(drawn(width, height, video_format, 1, lambda _: planes))


def held(template: vs.VideoNode, frame: vs.VideoFrame) -> vs.VideoNode:
    """A clip of one finished frame: evaluated now, never again, and alive as long as the clip is."""
    blank = core().std.BlankClip(template, length=1, keep=True)
    clip = core().std.ModifyFrame(blank, blank, lambda n, f: frame)  # noqa: ARG005  # VapourSynth's own keywords
    # Kept whatever the pressure: without it every frame of a Ken Burns would come back to Python for its source.
    clip.std.SetVideoCache(mode=1, fixedsize=1, maxsize=1)
    return clip


def realised(clip: vs.VideoNode, index: int = 0) -> vs.VideoNode:
    """One frame of a clip, computed once and held."""
    return held(clip, clip.get_frame(index))


def per_frame(template: vs.VideoNode, length: int, node: Callable[[int], vs.VideoNode]) -> vs.VideoNode:
    """A clip whose frame n is the first frame of `node(n)`, built when it is asked for and then let go.

    A chain of ready-made nodes would be as quick, but every resize keeps about 1.7 MB of tables alive until the
    clip ends: 1.5 GB for half a minute. The Python per frame is 0.05 ms. `node` must not wait for any frame
    (`realised`, `still`): it runs on the thread that would have to make it.
    """
    blank = core().std.BlankClip(template, length=length, keep=True)
    return core().std.FrameEval(blank, node)
