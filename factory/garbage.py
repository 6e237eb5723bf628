"""Throwing away what nobody needs: results by age and by how long unused, then the blobs no result names.

The way Bazel's disk cache does it: a result's file is touched whenever it is used, the longest unused goes first, and a
result goes before its blobs, so that what is left never points at nothing. It is safe beside a running build: whatever
is younger than an hour stays, and a result that loses its blobs after all is a miss, not an error.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factory.store import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from factory.digests import Digest
    from factory.store import Store

DAY = 24 * 3600.0
LIFETIMES: Mapping[str, float] = {"script": 7 * DAY, "speech": 30 * DAY}
"""How long an unused result is kept, by kind. What is not listed stays until room is needed."""
SAFE = 3600.0
"""Seconds: younger than that, a result or blob may belong to a build that is running."""


@dataclass(frozen=True)
class Collected:
    """What a collection removed and left."""

    results: int
    blobs: int
    freed: int
    """Bytes."""
    left: int
    """Bytes."""


@dataclass(frozen=True)
class _Entry:
    file: Path
    record: Record
    used: float


def collect(
    store: Store,
    roots: Collection[str],
    *,
    max_bytes: int,
    release: int = 0,
    lifetimes: Mapping[str, float] = LIFETIMES,
    now: float | None = None,
) -> Collected:
    """Make the store fit `max_bytes`, and smaller by `release` bytes, and drop what is past its time.

    Results in `roots` stay, whatever their age.
    """
    now = now if now is not None else time.time()
    entries = sorted(_entries(store), key=lambda entry: (entry.used, entry.file.name))
    sizes = {digest.sha256: digest.size for entry in entries for digest in entry.record.outputs.values()}
    users: dict[str, int] = {}
    for entry in entries:
        for digest in _blobs(entry):
            users[digest.sha256] = users.get(digest.sha256, 0) + 1
    total = sum(sizes.values())
    most = min(max_bytes, total - release)
    dropped = 0
    for entry in entries:
        free = entry.record.key not in roots and now - entry.used > SAFE
        if not free or not (total > most or now - entry.used > lifetimes.get(entry.record.kind, float("inf"))):
            continue
        entry.file.unlink(missing_ok=True)
        dropped += 1
        for digest in _blobs(entry):
            users[digest.sha256] -= 1
            if not users[digest.sha256]:
                total -= digest.size
    return _sweep(store, {name for name, count in users.items() if count}, dropped, now)


def _sweep(store: Store, needed: Collection[str], dropped: int, now: float) -> Collected:
    removed = freed = left = 0
    for blob in store.blobs():
        with contextlib.suppress(FileNotFoundError):
            stat = blob.stat()
            if blob.name in needed or now - stat.st_ctime <= SAFE:
                left += stat.st_size
            else:
                blob.unlink()
                removed, freed = removed + 1, freed + stat.st_size
    return Collected(dropped, removed, freed, left)


def _entries(store: Store) -> list[_Entry]:
    found = []
    for file in store.records():
        with contextlib.suppress(FileNotFoundError):
            record = store.read(file.stem)
            if record is None:
                file.unlink()
            else:
                found.append(_Entry(file, record, file.stat().st_mtime))
    return found


def _blobs(entry: _Entry) -> set[Digest]:
    return set(entry.record.outputs.values())
