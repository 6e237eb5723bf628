"""The build's memory in the moment it begins."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from factory.state import State

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

BUILDS = 8


def test_new_file_begun_by_many_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Builds that begin one new file in the same moment all write into it: no record is lost, and nobody complains."""
    for number in range(20):
        path, together = tmp_path / f"{number}.db", threading.Barrier(BUILDS)

        def begin(build: int, path: Path = path, together: threading.Barrier = together) -> None:
            together.wait()
            state = State(path)
            state.save_task(f"t{build}", {})
            state.close()

        builds = [threading.Thread(target=begin, args=[build]) for build in range(BUILDS)]
        for build in builds:
            build.start()
        for build in builds:
            build.join()
        state = State(path)
        assert sorted(state.tasks()) == [f"t{build}" for build in range(BUILDS)]
        state.close()
    assert capsys.readouterr().err == ""
