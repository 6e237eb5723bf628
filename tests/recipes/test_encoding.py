from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from recipes import encoding, ffmpeg

if TYPE_CHECKING:
    from pathlib import Path


def encoded(folder: Path, threads: int, frames: int = 40) -> bytes:
    """Noise and a moving edge, encoded."""
    rng = np.random.default_rng(1)
    raw = rng.integers(16, 235, (frames, 96 * 96 * 3 // 2), dtype=np.uint8)
    path = folder / f"{threads}.mp4"
    settings = encoding.picture(preset="veryfast", crf=24, fps=(30, 1), threads=threads)
    line = ffmpeg.arguments(ffmpeg.frames(96, 96, (30, 1)).output(str(path), **settings))
    subprocess.run(line, input=raw.tobytes(), check=True)
    return path.read_bytes()


@pytest.mark.parametrize("threads", [1, 3, 8])
def test_threads_do_not_change_a_byte(tmp_path: Path, threads: int) -> None:
    """A segment encoded on another machine, with more or fewer threads, is the same file."""
    assert encoded(tmp_path, threads) == encoded(tmp_path, 2)


@pytest.mark.parametrize("fps", [(30, 1), (25, 1), (24, 1), (30000, 1001), (24000, 1001), (60, 1), (15, 2)])
def test_every_frame_begins_on_a_whole_tick(fps: tuple[int, int]) -> None:
    """Times in a file are exact, never rounded, at any rate."""
    scale = encoding.timescale(fps)

    assert scale * fps[1] % fps[0] == 0
    assert scale >= 10_000
