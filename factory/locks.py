"""One worker per key, over all the processes that share a store.

The lock is the operating system's (`flock`), so it falls with its holder: a killed build leaves nothing to clean up.
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
"""Seconds between two tries; polling, because a thread blocked in `flock` could not be told to stop."""


@contextlib.contextmanager
def locked(path: Path, check: Callable[[], None]) -> Iterator[bool]:
    """Hold the lock file `path`; the value is whether another holder was waited for. `check` may raise to give up.

    On a store that cannot be written there is nothing to lock and nothing to lose: the block runs unlocked.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file, waited = _acquire(path, check)
    except OSError:
        yield False
        return
    try:
        yield waited
    finally:
        path.unlink(missing_ok=True)
        os.close(file)


def _acquire(path: Path, check: Callable[[], None]) -> tuple[int, bool]:
    waited = False
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    waited = True
                    check()
                    time.sleep(_POLL)
            if _is(file, path):
                return file, waited
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # its holder removed the file as we waited: lock the one that stands there now


def _is(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
