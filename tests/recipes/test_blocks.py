from __future__ import annotations

from typing import TYPE_CHECKING

import av

from recipes import blocks
from tests.recipes import small
from tests.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path


def test_the_proof_is_small_silent_and_on_time(tmp_path: Path) -> None:
    """A third of the size, no sound, half of the frames, and each block begins when it will in the final."""
    shown = [small.carousel(small.photograph(tmp_path / f"{n}.png", n), n, transition="zoom") for n in (1, 2, 3)]
    video = small.write(small.video(tmp_path, shown), (7, 6, 5))

    path = Workbench(tmp_path / "bench").deliver(blocks.target(video))["blocks.mp4"]

    with av.open(str(path)) as file:
        assert not file.streams.audio
        stream = file.streams.video[0]
        assert (stream.width, stream.height) == (36, 64)
        frames = [round(float(frame.time or 0) * 30) for frame in file.decode(stream)]
    assert frames == [0, 2, 4, 6, 7, 9, 11, 13, 15, 17]


def test_a_proof_step_is_as_independent_as_a_segment(tmp_path: Path) -> None:
    """A new word elsewhere, which makes another block longer, leaves a block's step as it was."""
    shown = [small.carousel(small.photograph(tmp_path / f"{n}.png", n), n, transition="zoom") for n in (1, 2, 3)]
    video = small.write(small.video(tmp_path, shown), (7, 6, 5))
    target = blocks.target(video)

    def params() -> list[object]:
        join = target.expand(target.params, target.sources)["blocks.mp4"].step
        return [item.step.params for _, item in sorted(join.inputs.items())]  # type: ignore[union-attr]  # they are all outputs

    before = params()
    small.write(video, (9, 6, 5))

    assert [old == new for old, new in zip(before, params(), strict=True)] == [False, True, True]
