"""Which of the waiting steps may start now.

A step takes one of the build's `-n` slots and one of its pool's, if the pool is limited. Steps of an `api:` pool wait
for somebody else's computer, so they take no slot of this one. Among those that may start, the one whose video comes
first goes first: the first video is finished long before the last is begun.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_LIMITS: Mapping[str, int] = {"gpu": 1, "browser": 2}
"""Pools limited unless the project says otherwise. `api:` pools have `API_LIMIT`."""
API_LIMIT = 4


class Pools[Item]:
    """A priority queue per pool, and how many of each run."""

    def __init__(self, slots: int, limits: Mapping[str, int]) -> None:
        self.slots = slots
        self._limits = {**DEFAULT_LIMITS, **limits}
        self._waiting: dict[str, list[tuple[int, int, Item]]] = {}
        self._running: Counter[str] = Counter()
        self._serial = itertools.count()

    def add(self, pool: str, order: int, item: Item) -> None:
        """Queue an item; a lower `order` goes first, and equals in the order they came."""
        heapq.heappush(self._waiting.setdefault(pool, []), (order, next(self._serial), item))

    def take(self) -> Item | None:
        """The next item that may start, now counted as running."""
        free = [pool for pool, queue in self._waiting.items() if queue and self._free(pool)]
        if not free:
            return None
        pool = min(free, key=lambda name: self._waiting[name][0][:2])
        self._running[pool] += 1
        return heapq.heappop(self._waiting[pool])[2]

    def release(self, pool: str) -> None:
        """One of `pool` has ended."""
        self._running[pool] -= 1

    def clear(self) -> None:
        """Forget all that wait."""
        self._waiting.clear()

    @property
    def waiting(self) -> int:
        """How many are queued for this machine."""
        return sum(len(queue) for pool, queue in self._waiting.items() if not _remote(pool))

    @property
    def running(self) -> int:
        """How many slots of this machine are taken."""
        return sum(count for pool, count in self._running.items() if not _remote(pool))

    def _free(self, pool: str) -> bool:
        if not _remote(pool) and self.running >= self.slots:
            return False
        limit = self._limits.get(pool, API_LIMIT if _remote(pool) else self.slots)
        return self._running[pool] < limit


def _remote(pool: str) -> bool:
    return pool.startswith("api:")
