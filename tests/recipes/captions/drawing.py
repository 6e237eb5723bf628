"""Draws an ASS document with libass, for tests that look at pixels."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np

from recipes.captions import styles

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

TEMPLATES = {path.name: path.read_text(encoding="utf-8") for path in styles.FOLDER.glob("*.j2")}


def draw(
    folder: Path, document: str, font: Path, *, size: tuple[int, int], at: float, ground: str = "0x0000FF"
) -> npt.NDArray[np.uint8]:
    """The frame at `at` seconds: height × width × RGB, the document over one colour."""
    folder.mkdir(exist_ok=True)
    (folder / "a.ass").write_text(document, encoding="utf-8")
    (folder / "fonts").mkdir(exist_ok=True)
    shutil.copy(font, folder / "fonts")
    width, height = size
    source = f"color={ground}:s={width}x{height}:r=100:d={at + 1},format=rgb24,trim=start={at},ass=a.ass:fontsdir=fonts"
    read = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", source]
    write = ["-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    done = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *read, *write], cwd=folder, capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(height, width, 3)
