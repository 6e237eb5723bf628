"""A build's own place to work, among other builds that clean up after the dead."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from factory.digests import FileDigests
from factory.store import Store
from factory.workshop import Workshop, _sweep

if TYPE_CHECKING:
    from pathlib import Path


def test_new_place_is_not_taken_for_a_dead_ones(tmp_path: Path) -> None:
    """However many builds sweep while another begins, what it works in is there, and theirs until it ends."""
    digests, over = FileDigests(), threading.Event()
    store = Store(tmp_path, digests)

    def sweep() -> None:
        while not over.is_set():
            _sweep(tmp_path)

    others = [threading.Thread(target=sweep) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for _ in range(200):
            workshop = Workshop(tmp_path, store, digests, tmp_path / "logs")
            assert workshop.scratch.is_dir()
            workshop.close()
    finally:
        over.set()
        for other in others:
            other.join()
    assert not list((tmp_path / "tmp").iterdir())
