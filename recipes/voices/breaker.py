"""A circuit breaker per engine (Nygard, Release It!, 2007): a service that fails everybody is left alone for a while.

Without it each sentence of each video of a batch would wait through all its attempts to learn what the first learnt.
What it knows is this process's own, and decides only whether to ask, never what a sentence sounds like.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from factory.errors import StepError, Transient

if TYPE_CHECKING:
    from collections.abc import Iterator

FAILURES = 8
"""In a row, of all sentences together: two rounds of the four that a service is asked for at once."""
PAUSE_SECONDS = 120.0

_lock = threading.Lock()
_failed: dict[str, int] = {}
_closed_until: dict[str, float] = {}


@contextmanager
def guarded(engine: str) -> Iterator[None]:
    """Ask the engine inside, unless it has failed too often just now. After a pause one sentence may try it again.

    Raises StepError, not `Transient`, while it is left alone: waiting a second would not help.
    """
    with _lock:
        now = time.monotonic()
        if now < _closed_until.get(engine, 0.0):
            raise StepError(
                f"{engine} failed {FAILURES} times in a row and is left alone for {PAUSE_SECONDS:.0f} s",
                hint="give the voice others to fall back on: voice: [edge/…, rhvoice/…]",
            )
        if _failed.get(engine, 0) >= FAILURES:
            _closed_until[engine] = now + PAUSE_SECONDS  # whoever comes after this one waits for what becomes of it
    try:
        yield
    except Transient:
        with _lock:
            _failed[engine] = _failed.get(engine, 0) + 1
            if _failed[engine] >= FAILURES:
                _closed_until[engine] = time.monotonic() + PAUSE_SECONDS
        raise
    with _lock:
        reset(engine)


def reset(engine: str) -> None:
    """Trust an engine again."""
    _failed.pop(engine, None)
    _closed_until.pop(engine, None)
