"""Sound as services send it, whatever they call it, as samples."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from factory.errors import Transient

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAGIC = {b"RIFF": "wav", b"ID3": "mp3", b"OggS": "ogg", b"fLaC": "flac"}
_UNKNOWN_SIZES = frozenset({0, 0xFFFFFFFF, 0x7FFFFFFF})
"""What streaming servers write where they do not know yet how long it will be."""
_DATA = b"data"


def decode(data: bytes, who: str, *, pcm: int | None = None) -> tuple[NDArray[np.float32], int]:
    """Mono samples and their rate. The kind is read from the bytes themselves, not from what they are called.

    `pcm` is the rate of what has no header: bare 16-bit samples, if the service may send those.

    Raises Transient for what is no sound, or is cut off.
    """
    # Bare samples may look like a frame of MPEG audio, never like a header.
    kind = _kind(data) or ("mp3" if pcm is None and _framed(data) else None)
    if kind is None and pcm is not None and not _text(data):
        return _bare(data, who), pcm
    if kind is None:
        raise Transient(f"{who} sent something that is no sound: {data[:60]!r}")
    if kind == "wav" and (missing := _missing(data)):
        raise Transient(f"{who} sent half a WAV: {missing} bytes are missing")
    return _decoded(data, kind, who)


def _kind(data: bytes) -> str | None:
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)


def _framed(data: bytes) -> bool:
    """Whether it begins with a frame of MPEG audio, layer III: eleven bits of sync, and the layer."""
    return len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2  # noqa: PLR2004  # the bits of the header


def _text(data: bytes) -> bool:
    """Whether it is a page or a message that claims to be sound."""
    head = data.lstrip()[:256]
    return head[:1] in {b"<", b"{"} and head.isascii()


def _bare(data: bytes, who: str) -> NDArray[np.float32]:
    import numpy as np  # noqa: PLC0415  # not needed to list voices

    if not data or len(data) % 2:
        raise Transient(f"{who} sent {'half a sample' if data else 'no sound'}")
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)


def _missing(data: bytes) -> int:
    """Bytes a WAV promises in its header and does not hold."""
    at = data.find(_DATA, 12)
    if at < 0:
        return 0
    promised = int.from_bytes(data[at + 4 : at + 8], "little")
    return 0 if promised in _UNKNOWN_SIZES else max(0, promised - (len(data) - at - 8))


def _decoded(data: bytes, kind: str, who: str) -> tuple[NDArray[np.float32], int]:
    import av  # noqa: PLC0415  # only for services
    import numpy as np  # noqa: PLC0415

    try:
        # The kind is given, so nothing is guessed, and nothing but these bytes is opened.
        with av.open(io.BytesIO(data), mode="r", format=kind) as container:
            rate = container.streams.audio[0].rate
            mono = av.AudioResampler(format="flt", layout="mono", rate=rate)
            pieces = [
                piece.to_ndarray()[0] for frame in [*container.decode(audio=0), None] for piece in mono.resample(frame)
            ]
    except (av.FFmpegError, IndexError) as error:
        raise Transient(f"{who} sent a {kind} that cannot be read: {error}") from error
    if not pieces:
        raise Transient(f"{who} sent an empty {kind}")
    return np.concatenate(pieces).astype(np.float32), rate
