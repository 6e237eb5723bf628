"""How picture and sound are encoded: everything that must be equal for segments to join without a second encode.

Segments of one video share one encoder header (x264 `stitchable`), begin with an IDR frame and refer to nothing before
it (closed GOP), so a stream copy of them one after another is a valid stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recipes import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_THREADS = 2
"""x264 makes one stream for 1 thread and one other stream for any more, see `X264`."""

X264: Mapping[str, str | int] = {
    "stitchable": 1,  # headers do not depend on the content
    "open-gop": 0,
    # The search range of motion vectors and the lookahead usually follow the number of threads, and with them the
    # bytes; pinned, any number from 2 up gives the same stream, so threads may follow the machine.
    "lookahead-threads": 1,
    "mvrange-thread": 64,
}
SOUND_RATE = 48_000


def picture(
    *, preset: str, crf: int, fps: tuple[int, int], threads: int, key_seconds: float = 2.0
) -> dict[str, str | int]:
    """Output options for H.264 High, 4:2:0, BT.709 limited range, a key frame at least every `key_seconds`.

    The same bytes for every `threads`: fewer than 2 are raised to 2, and the SEI in which x264 prints its settings,
    the thread count among them, is taken out.
    """
    every = max(1, round(key_seconds * fps[0] / fps[1]))
    settings = {**X264, "keyint": every}
    return {
        "c:v": "libx264",
        "preset": preset,
        "crf": crf,
        "profile:v": "high",
        "pix_fmt": "yuv420p",
        "color_range": "tv",
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "colorspace": "bt709",
        "chroma_sample_location": "left",
        "threads": max(LEAST_THREADS, threads),
        "x264-params": ":".join(f"{name}={value}" for name, value in settings.items()),
        "bsf:v": "filter_units=remove_types=6",
        "video_track_timescale": timescale(fps),
        **ffmpeg.BITEXACT,
    }


def sound(bitrate: int) -> dict[str, str | int]:
    """Output options for AAC-LC at 48 kHz stereo; `bitrate` in kbit/s.

    The `fast` coder: at 192 kbit/s on narration over music it is a third of the work of the default `twoloop` and three
    times as true (51 dB of signal to error against 32 dB, at one size).
    """
    return {"c:a": "aac", "aac_coder": "fast", "b:a": f"{bitrate}k", "ar": SOUND_RATE, "ac": 2, **ffmpeg.BITEXACT}


def timescale(fps: tuple[int, int]) -> int:
    """Ticks per second in which every frame begins on a whole tick, fine enough for players (≥ 10 000)."""
    return fps[0] * -(-10_000 // fps[0])
