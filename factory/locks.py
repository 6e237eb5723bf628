"""One worker per key, over all the processes that share a store.

All keys share one lock file, each locking a byte of its own in it: nothing is created or removed per step, and the
lock is the operating system's, so it falls with its holder and a killed build leaves nothing to clean up. It works over
NFS. Inside one process the scheduler itself runs a key once, and these locks, which are the process's, do not count.

A worker holds one lock at a time and waits for none while it holds one, which is why there is no deadlock.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_POLL = 0.05
"""Seconds between two tries; polling, because a thread blocked in the kernel could not be told to stop."""


class KeyLocks:
    """The lock file of a store, open for as long as the build lasts: closing it would drop all its locks."""

    def __init__(self, path: Path) -> None:
        self._file: int | None = None
        with contextlib.suppress(OSError):  # where nothing can be written, nothing can be made twice
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    @contextlib.contextmanager
    def holding(self, key: str, wait: Callable[[], None]) -> Iterator[None]:
        """Hold the lock of a key. `wait` is called between two tries, and may raise to give up."""
        if self._file is None:
            yield
            return
        byte = int(key[:15], 16)
        while not self._try(self._file, byte):
            wait()
            time.sleep(_POLL)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)

    @staticmethod
    def _try(file: int, byte: int) -> bool:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def close(self) -> None:
        """Let go of everything."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
