"""Which tracks of an MP4 a player shows unasked: bits that ffmpeg does not let one clear.

libavformat switches the first subtitle track on even when its disposition says otherwise (`enable_tracks` in movenc.c),
so a video with burned captions would show its words twice in players that honour the bit (QuickTime, Apple TV).
Boxes are those of ISO/IEC 14496-12 (ISO base media file format).
"""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from recipes.boxes import boxes

if TYPE_CHECKING:
    from pathlib import Path

_SUBTITLES = (b"sbtl", b"subt", b"text")
"""Handlers of tracks of timed text (8.4.3.3, and QuickTime's own)."""
_ENABLED = 1  # track_enabled, the lowest of the 24 flag bits of a track header (8.3.2.3)


def switch_off_subtitles(path: Path) -> None:
    """Clear `track_enabled` of every subtitle track, in place."""
    with path.open("r+b") as file:
        whole = path.stat().st_size
        for movie, end in boxes(file, b"moov", 0, whole):
            for track, track_end in boxes(file, b"trak", movie, end):
                if _handler(file, track, track_end) in _SUBTITLES:
                    for header, _ in boxes(file, b"tkhd", track, track_end):
                        file.seek(header)
                        version_and_flags = struct.unpack(">I", file.read(4))[0]
                        file.seek(header)
                        file.write(struct.pack(">I", version_and_flags & ~_ENABLED))


def _handler(file: IO[bytes], track: int, end: int) -> bytes:
    for media, media_end in boxes(file, b"mdia", track, end):
        for handler, _ in boxes(file, b"hdlr", media, media_end):
            file.seek(handler + 8)  # past version, flags and a word that is always 0
            return file.read(4)
    return b""
