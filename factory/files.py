"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SERIAL = itertools.count()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside `path` to write to; it takes `path`'s place when the block ends well, else it goes.

    The rename is atomic, so a reader sees the old file or the new one, whatever is killed when.
    """
    ensure(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{next(_SERIAL)}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def ensure(folder: Path) -> None:
    """Make a folder if it is not there; asking first costs less than being refused, and most are."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy the contents of a file, sharing the disk's blocks where the file system can (btrfs, XFS, APFS)."""
    if not hasattr(os, "copy_file_range"):
        shutil.copyfile(source, target)
        return
    with source.open("rb") as read, target.open("wb") as write:
        left = os.fstat(read.fileno()).st_size
        try:
            while left and (done := os.copy_file_range(read.fileno(), write.fileno(), left)):
                left -= done
        except OSError:  # another file system, or one that cannot
            left = -1
    if left:
        shutil.copyfile(source, target)
