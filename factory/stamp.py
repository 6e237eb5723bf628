"""The instant answer: if not one file has moved since everything was up to date, everything still is.

Two thousand videos are checked by `stat` alone, before a spec is parsed or a task is made. The stamp lists every file
and folder a build without arguments depends on: what the specs and recipes are read from, and all that receipts name.
A folder is listed because a new file moves its mtime.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factory.digests import RACY_NS, Signature, signature

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WATCHED = ("dodo.py", "pyproject.toml", "uv.lock", "projects", "templates", "recipes", "factory")
"""What tasks are made from, under the folder of `dodo.py`."""

type Stats = dict[str, Signature | None]
"""Path → signature; None for what does not exist, whose coming is a change too."""


@dataclass(frozen=True)
class Snapshot:
    """The watched files before they were read."""

    stats: Stats
    at: int
    """Nanoseconds since the epoch."""

    @classmethod
    def take(cls, root: Path) -> Snapshot:
        """Look at everything watched under `root`, an absolute path."""
        at = time.time_ns()
        paths = [str(root / top) for top in WATCHED]
        for top in tuple(paths):
            for folder, subfolders, names in os.walk(top):
                subfolders[:] = [name for name in subfolders if name != "__pycache__"]
                paths.extend(os.path.join(folder, name) for name in (*subfolders, *names))  # noqa: PTH118
        return cls({path: _stat(path) for path in paths}, at)


def write(
    stamp: Path,
    snapshot: Snapshot,
    read: Mapping[str, Signature],
    delivered: Mapping[str, Signature],
    targets: int,
) -> None:
    """Note that `targets` targets are up to date, unless a file they were made from is still being edited.

    A file touched less than `RACY_NS` before it was looked at counts as that: its next edit might not show.
    """
    sources: Stats = {os.path.abspath(path): seen for path, seen in read.items()}  # noqa: PTH100 - thousands of them
    moved = any(snapshot.stats.get(path, seen) != seen for path, seen in sources.items())
    sources.update(snapshot.stats)
    young = any(snapshot.at - max(seen[2:]) <= RACY_NS for seen in sources.values() if seen is not None)
    if moved or young:
        with contextlib.suppress(OSError):
            stamp.unlink()
        return
    stats = sources | {os.path.abspath(path): seen for path, seen in delivered.items()}  # noqa: PTH100
    from factory.files import replacing  # noqa: PLC0415 - not needed to say that all is up to date

    with contextlib.suppress(OSError), replacing(stamp) as temporary:
        temporary.write_bytes(marshal.dumps((sys.version, targets, list(stats), list(stats.values()))))


def holds(stamp: Path) -> int | None:
    """How many targets were up to date when the stamp was made, if nothing has moved since; else None."""
    try:
        # marshal, for a file of our own: a third of the time of JSON
        version, targets, paths, stats = marshal.loads(stamp.read_bytes())  # noqa: S302
        same = version == sys.version and _unmoved(paths, stats)
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return int(targets) if same else None


def _unmoved(paths: list[str], seen: list[Signature | None]) -> bool:
    """Whether every file is as it was. Written out flat: at ten thousand files each call in here costs milliseconds."""
    look = os.stat
    for path, before in zip(paths, seen, strict=True):
        try:
            now = look(path)
        except OSError:
            if before is not None:
                return False
            continue
        if (now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns) != before:
            return False
    return True


def _stat(path: str) -> Signature | None:
    try:
        return signature(os.stat(path))  # noqa: PTH116 - thousands of these, before anything else is imported
    except OSError:
        return None
