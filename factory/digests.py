"""Content digests of files, each file hashed once.

A digest is remembered under the file's signature. That is safe while the signature is older than the clock's
grain: a file touched in the last two seconds could change again without showing it (git calls such an entry racy),
so its digest is not remembered past this process.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from pathlib import Path

RACY_NS = 2_000_000_000
"""FAT stamps files to two seconds, HFS+ to one; nothing in use is coarser."""

type Signature = tuple[int, int, int, int]
"""(inode, size, mtime, ctime), times in nanoseconds. `cp -p` and `touch -r` forge an mtime, never a ctime."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file holds: its sha256 and its size. The size catches a truncated file without reading it."""

    sha256: str
    size: int

    def __str__(self) -> str:
        return f"{self.sha256}/{self.size}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of `str`."""
        sha256, _, size = text.partition("/")
        return cls(sha256, int(size))

    @classmethod
    def of_bytes(cls, data: bytes) -> Self:
        """The digest of a file holding `data`."""
        return cls(hashlib.sha256(data).hexdigest(), len(data))


def signature(stat: os.stat_result) -> Signature:
    """The part of `stat` that moves when a file is written or replaced."""
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def sha256_of(path: Path) -> Digest:
    """Read the whole file; the file's size is counted from what was read, not from what `stat` said."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Digest(sha256, file.tell())


class Memory(Protocol):
    """Where digests survive the process; `factory.state.State` is one."""

    def digest(self, path: str) -> tuple[Signature, Digest] | None:
        """What was last remembered of `path`."""

    def remember_digest(self, path: str, seen: Signature, digest: Digest) -> None:
        """Replace what is remembered of `path`."""


class FileDigests:
    """Digests of files by path. Used from several threads: the worst a race can do is hash a file twice."""

    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory
        self._seen: dict[str, tuple[Signature, Digest]] = {}

    def of(self, path: Path) -> Digest:
        """The digest of `path` as it is now. Raises OSError if it cannot be read."""
        name = str(path)
        now = signature(os.stat(name))  # noqa: PTH116 - a third of the time of Path.stat, on thousands of files
        known = self._seen.get(name) or (self._memory.digest(name) if self._memory else None)
        if known and known[0] == now:
            self._seen[name] = known
            return known[1]
        digest = sha256_of(path)
        if signature(os.stat(name)) != now:  # noqa: PTH116 - as above
            return self.of(path)  # written while it was read
        self.learn(path, digest, now)
        return digest

    def learn(self, path: Path, digest: Digest, seen: Signature | None = None, *, settled: bool = False) -> None:
        """Take `digest` as that of `path`. `settled`: the engine has just put it there, and nobody writes it now."""
        name = str(path)
        seen = seen or signature(os.stat(name))  # noqa: PTH116 - as above
        self._seen[name] = (seen, digest)
        if self._memory and (settled or time.time_ns() - max(seen[2], seen[3]) > RACY_NS):
            self._memory.remember_digest(name, seen, digest)

    def now(self, path: Path) -> tuple[Signature, Digest]:
        """What `path` is now, as `seen` tells it afterwards. Raises OSError if it cannot be read."""
        digest = self.of(path)
        return self._seen[str(path)][0], digest

    def seen(self, path: Path) -> tuple[Signature, Digest] | None:
        """What this process last took `path` to be, even if the file has moved on since."""
        return self._seen.get(str(path))

    def moved(self, path: Path) -> bool:
        """Whether `path` is no longer what this process took it to be."""
        known = self._seen.get(str(path))
        try:
            return known is None or known[0] != signature(os.stat(path))  # noqa: PTH116 - as above
        except OSError:
            return True
