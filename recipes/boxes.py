"""The boxes an MP4 file is made of (ISO/IEC 14496-12, ISO base media file format), read from their headers alone.

Opening a file the usual way decodes some of it to see what it is: 22 ms, where walking to a box takes a tenth of one.
"""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGE = 1  # a size of 1 means that the true one follows, in 64 bits (4.2.2)
_DESCRIPTION, _SAMPLE_ENTRY = 8, 78  # bytes before the boxes in `stsd` (8.5.2) and in a visual sample entry (12.1.3)


def encoder_header(path: Path) -> bytes:
    """What the decoder of an H.264 track is set up with: its `avcC` box (ISO/IEC 14496-15, 5.3.3); empty if none."""
    with path.open("rb") as file:
        places = [(0, path.stat().st_size)]
        for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1", b"avcC"):
            skipped = {b"avc1": _DESCRIPTION, b"avcC": _SAMPLE_ENTRY}.get(kind, 0)
            places = [found for start, end in places for found in boxes(file, kind, start + skipped, end)]
        for start, end in places:
            file.seek(start)
            return file.read(end - start)
    return b""


def boxes(file: IO[bytes], kind: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The boxes of a kind between two offsets: where the content of each begins and ends."""
    while start + 8 <= end:
        file.seek(start)
        size, name = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == _LARGE:
            size, head = struct.unpack(">Q", file.read(8))[0], 16
        stop = start + size if size else end
        if stop < start + head or stop > end:
            return
        if name == kind:
            yield start + head, stop
        start = stop
