"""The one place that knows ffmpeg: which binary, which version, and how a graph becomes an argument list.

Graphs are built with ffmpeg-python and compiled here, so that every one is quiet, never waits at a prompt, writes no
date and reads nothing but what it was given. Text from users is never part of a graph: it travels in files with
fixed names.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipes.installed import version as package_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEDIA_FORMATS = "aac,aiff,caf,flac,matroska,mov,mp3,mpegts,ogg,wav"
"""Containers a user's media may be in. No playlists (hls, concat, dash): those name further files and addresses."""


@functools.cache
def binary() -> str:
    """The ffmpeg every step runs: the wheel's, or the one named by `IMAGEIO_FFMPEG_EXE`."""
    import imageio_ffmpeg  # noqa: PLC0415 - pulls in numpy, which a build that runs nothing does not need

    return str(imageio_ffmpeg.get_ffmpeg_exe())


@functools.cache
def version() -> str:
    """What the bytes of a step depend on, for `Step.tools`: known without a subprocess for the wheel's own binary."""
    chosen = os.environ.get("IMAGEIO_FFMPEG_EXE")
    if not chosen:
        return f"imageio-ffmpeg {package_version('imageio-ffmpeg')}"
    said = subprocess.run([chosen, "-version"], capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout
    return f"{said.decode(errors='replace').splitlines()[0]} {hashlib.sha256(said).hexdigest()[:16]}"


def tools() -> dict[str, str]:
    """`Step.tools` of a step that runs ffmpeg and nothing else."""
    return {"ffmpeg": version()}


def media(path: Path, **options: Any) -> Any:
    """A user's media file as an input: a plain local file of a known container, and nothing it might refer to."""
    return _input(path, protocol_whitelist="file", format_whitelist=MEDIA_FORMATS, **options)


def own(path: Path | str, **options: Any) -> Any:
    """A file another step made, as an input. Only local files are opened, whatever it holds."""
    return _input(path, protocol_whitelist="file", **options)


def frames(width: int, height: int, fps: tuple[int, int]) -> Any:
    """Raw BT.709 limited-range YUV 4:2:0 frames on stdin, tagged as such for every filter and encoder behind."""
    import ffmpeg  # noqa: PLC0415 - see _input

    raw = ffmpeg.input(
        "pipe:0",
        f="rawvideo",
        pixel_format="yuv420p",
        video_size=(width, height),
        framerate=f"{fps[0]}/{fps[1]}",
        protocol_whitelist="pipe",
    )
    return raw.filter("setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709")


def arguments(output: Any) -> list[str]:
    """The whole command line of a graph: quiet, never interactive, overwriting only what the step itself names."""
    import ffmpeg  # noqa: PLC0415 - see _input

    quiet = output.global_args("-nostdin", "-hide_banner", "-loglevel", "error")
    return [str(part) for part in ffmpeg.compile(quiet, cmd=binary(), overwrite_output=True)]


def position(streams: Sequence[Any], path: Path | str) -> int:
    """Which input of a command with these streams `path` is, as `-map_metadata` counts: ffmpeg-python orders them."""
    import ffmpeg  # noqa: PLC0415 - see _input

    line = ffmpeg.get_args(ffmpeg.output(*streams, "-"))
    inputs = [after for flag, after in itertools.pairwise(line) if flag == "-i"]
    return inputs.index(_local(path))


BITEXACT: Mapping[str, str] = {"fflags": "+bitexact", "flags:v": "+bitexact", "flags:a": "+bitexact"}
"""Output options that keep dates, version strings and host names out of a file."""


def _input(path: Path | str, **options: Any) -> Any:
    import ffmpeg  # noqa: PLC0415 - imports the future of Python 2, 40 ms a no-op build does not need

    return ffmpeg.input(_local(path), **options)


def _local(path: Path | str) -> str:
    """`file:` keeps a name like `concat:a` or `-y` from being read as a protocol or an option."""
    return f"file:{path}"
