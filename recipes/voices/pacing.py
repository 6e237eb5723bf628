"""Another pace for a voice that has only one, or does not keep to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recipes import ffmpeg
from recipes.sound import waves

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job


def paced(job: Job, samples: NDArray[np.float32], sampled: int, rate: float) -> NDArray[np.float32]:
    """The same speech `rate` times as fast, at the same pitch (WSOLA)."""
    if rate == 1:
        return samples
    plain, faster = job.folder / "plain.wav", job.folder / "paced.wav"
    waves.write(plain, samples, sampled)
    job.call(ffmpeg.arguments(ffmpeg.own(plain).audio.filter("atempo", rate).output(str(faster), **ffmpeg.BITEXACT)))
    return waves.read(faster)[0]
