"""A store that cannot be written, made use of all the same: what is new goes to a folder that lives for one build."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from factory.files import ensure
from factory.notices import notice
from factory.store import Record, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factory.digests import Digest, FileDigests


class Overlay(Store):
    """Reads its own folder first and then the store below, and writes to its own alone."""

    def __init__(self, root: Path, digests: FileDigests, below: Store) -> None:
        super().__init__(root, digests)
        self._below = below

    def lookup(self, key: str) -> Record | None:
        """Here, else below."""
        return super().lookup(key) or self._below.lookup(key)

    def read(self, key: str) -> Record | None:
        """Here, else below."""
        return super().read(key) or self._below.read(key)

    def has(self, digest: Digest) -> bool:
        """Here or below."""
        return super().has(digest) or self._below.has(digest)

    def local(self, digest: Digest) -> Path | None:
        """Here, else below."""
        return super().local(digest) or self._below.local(digest)


@contextlib.contextmanager
def workable(cache: Path) -> Iterator[Path]:
    """`cache` if it can be written, else a temporary folder for the length of one build, and a note that says so."""
    try:
        ensure(cache)
        with tempfile.NamedTemporaryFile(dir=cache) as probe:
            probe.write(b"room" * 1024)
            probe.flush()
    except OSError as reason:
        notice(f"{cache} cannot be written ({reason.strerror}); what is made now is kept for this build alone")
        with tempfile.TemporaryDirectory(prefix="content-factory-") as folder:
            yield Path(folder)
    else:
        yield cache
