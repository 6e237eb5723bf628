"""Frames from a graph into the stdin of an encoder, at the cost of one copy."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import vapoursynth as vs

    from factory.step import Job

_AHEAD = 3
"""Frames computed before they are asked for: enough that the encoder never waits, few enough to stay in the cache."""


def feed(clip: vs.VideoNode, job: Job, fd: int) -> None:
    """Write every frame of a YUV420P8 clip to `fd` as raw planes. Ends at once with `Cancelled` when the build stops.

    VapourSynth's own `output` writes row by row and spends twice the system time.
    """
    import numpy as np  # noqa: PLC0415 - see graph.still

    width, height = clip.width, clip.height
    frame_bytes = np.empty(width * height * 3 // 2, np.uint8)
    luma, chroma = width * height, width * height // 4
    planes = (
        frame_bytes[:luma].reshape(height, width),
        frame_bytes[luma : luma + chroma].reshape(height // 2, width // 2),
        frame_bytes[luma + chroma :].reshape(height // 2, width // 2),
    )
    started = time.monotonic()
    for index, frame in enumerate(clip.frames(prefetch=_AHEAD, backlog=_AHEAD, close=True)):
        job.check()
        for number, plane in enumerate(planes):
            np.copyto(plane, np.asarray(frame[number]))
        rest = memoryview(frame_bytes)
        while rest:
            rest = rest[os.write(fd, rest) :]
        job.progress(index + 1, len(clip), fps=(index + 1) / max(1e-3, time.monotonic() - started))
