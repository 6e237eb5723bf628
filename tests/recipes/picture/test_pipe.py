from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import vapoursynth as vs

from factory.errors import Cancelled
from factory.step import Step
from recipes.picture import graph, pipe
from tests.workbench import BenchJob

if TYPE_CHECKING:
    from pathlib import Path


def job(folder: Path) -> BenchJob:
    """A job that is never cancelled."""
    return BenchJob(Step("feed", lambda _: None, ()), {}, folder)


def counting(frames: int) -> Any:
    """A clip whose frame n is filled with n."""
    shapes = ((98, 66), (49, 33), (49, 33))
    return graph.drawn(66, 98, vs.YUV420P8, frames, lambda n: [np.full(shape, n % 251, np.uint8) for shape in shapes])


def test_a_slow_reader_gets_every_byte(tmp_path: Path) -> None:
    """No page is written again before it was read, however late that is."""
    reading, writing = os.pipe()
    got = bytearray()

    def read() -> None:
        while part := os.read(reading, 1000):
            got.extend(part)

    reader = threading.Thread(target=read)
    reader.start()
    pipe.feed(counting(400), job(tmp_path), writing)
    os.close(writing)
    reader.join()
    os.close(reading)

    size = 66 * 98 * 3 // 2
    assert bytes(got) == b"".join(bytes([n % 251]) * size for n in range(400))


def test_writes_to_a_file_as_well(tmp_path: Path) -> None:
    """Where pages cannot be lent, the bytes are written."""
    path = tmp_path / "frames.yuv"
    with path.open("wb") as file:
        pipe.feed(counting(3), job(tmp_path), file.fileno())

    assert path.read_bytes() == b"".join(bytes([n]) * (66 * 98 * 3 // 2) for n in range(3))


def test_a_dead_reader_is_a_broken_pipe(tmp_path: Path) -> None:
    """The job then asks the program why it died."""
    reading, writing = os.pipe()
    os.close(reading)

    with pytest.raises(BrokenPipeError):
        pipe.feed(counting(3), job(tmp_path), writing)
    os.close(writing)


def test_stops_between_two_frames(tmp_path: Path) -> None:
    """A build that is being stopped waits for one frame at most."""

    class Stopped(BenchJob):
        def check(self) -> None:
            raise Cancelled

    with (tmp_path / "frames.yuv").open("wb") as file, pytest.raises(Cancelled):
        pipe.feed(counting(3), Stopped(Step("feed", lambda _: None, ()), {}, tmp_path), file.fileno())

    assert (tmp_path / "frames.yuv").stat().st_size == 0
