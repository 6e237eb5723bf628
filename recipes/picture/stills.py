"""Photographs of any kind, turned once into what the graphs move: BT.709 limited-range YUV 4:2:0 of the needed size.

Decoding and scaling a photograph costs as much as moving it for a second, and the proof, the final and the transition
out of a block all want the same one. So finished stills are kept in a small cache of the process, by content.
"""

from __future__ import annotations

import hashlib
import io
import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import StepError
from recipes.picture import graph

if TYPE_CHECKING:
    import numpy as np
    import vapoursynth as vs
    from numpy.typing import NDArray
    from PIL import Image

_CACHE_BYTES = 96 * 2**20
"""Some twenty at 1080p: as many as the proof of a usual video leaves for its segments."""
_ORIENTATION = 0x0112  # EXIF 2.32, tag 274
_SIDEWAYS = frozenset({5, 6, 7, 8})
_SPARE = 2.0
"""How much larger than needed a photo stays until the one good scaling."""
_DIM = 0.55
"""How bright the blurred copy behind a fitted photo is."""
_PAPER = (255, 255, 255)
"""What shows through transparent pixels: pictures with alpha are mostly drawn for a page."""


@dataclass(frozen=True)
class Box:
    """A part of a picture, in its pixels as a viewer sees it (after EXIF orientation); fractions of a pixel count."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Photo:
    """A picture file: what it is known by, and how large it is seen."""

    path: Path
    digest: str
    width: int
    height: int


def look(path: Path) -> Photo:
    """The size and content digest of a picture; pixels are not decoded. Raises `StepError` when it is none."""
    data = path.read_bytes()
    with _opened(path, data) as image:
        width, height = image.size
        if image.getexif().get(_ORIENTATION) in _SIDEWAYS:
            width, height = height, width
    return Photo(path, hashlib.sha256(data).hexdigest(), width, height)


def scaled(photo: Photo, box: Box, width: int, height: int) -> vs.VideoNode:
    """`box` of the photo at `width` × `height` (even), scaled once with Lanczos: a clip of one YUV420P8 frame."""
    return _cache.get(("scaled", photo.digest, box, width, height), lambda: _scaled(photo, box, width, height))


def blurred(photo: Photo, width: int, height: int) -> vs.VideoNode:
    """The whole photo fitted into `width` × `height` over an enlarged, blurred and darkened copy of itself."""
    return _cache.get(("blurred", photo.digest, width, height), lambda: _on_blur(photo, width, height))


def reduced(whole: vs.VideoNode, factor: float) -> vs.VideoNode:
    """A held still exactly `factor` times as large, for the proof; it may lose two pixels at its right and bottom.

    Computed at once.
    """
    width, height = (max(2, int(side * factor) // 2 * 2) for side in (whole.width, whole.height))
    core = graph.core()
    small = core.resize.Bicubic(whole, width=width, height=height, src_width=width / factor, src_height=height / factor)
    return graph.realised(small)


def cover(photo: Photo, aspect: float) -> tuple[float, float]:
    """Width and height of the largest view of `aspect` (width ÷ height) that fits inside the photo."""
    if photo.width > photo.height * aspect:
        return photo.height * aspect, float(photo.height)
    return float(photo.width), photo.width / aspect


def _scaled(photo: Photo, box: Box, width: int, height: int) -> vs.VideoNode:
    import numpy as np  # noqa: PLC0415 - see graph.drawn

    image = _decoded(photo, max(width / box.width, height / box.height))
    x, y = image.width / photo.width, image.height / photo.height
    left, top = int(box.left * x), int(box.top * y)
    right = min(image.width, math.ceil((box.left + box.width) * x))
    bottom = min(image.height, math.ceil((box.top + box.height) * y))
    part = Box(box.left * x - left, box.top * y - top, box.width * x, box.height * y)
    return _yuv(np.asarray(image.crop((left, top, right, bottom))), part, width, height)


def _on_blur(photo: Photo, width: int, height: int) -> vs.VideoNode:
    import numpy as np  # noqa: PLC0415 - see graph.drawn
    from PIL import Image, ImageFilter  # noqa: PLC0415 - as numpy

    factor = min(width / photo.width, height / photo.height)
    image = _decoded(photo, factor)
    view_width, view_height = cover(photo, width / height)
    x, y = image.width / photo.width, image.height / photo.height
    left, top = (photo.width - view_width) / 2 * x, (photo.height - view_height) / 2 * y
    # Blurred small and enlarged: the same look for a hundredth of the work.
    behind = image.resize(
        (max(2, width // 16), max(2, height // 16)),
        Image.Resampling.BOX,
        box=(left, top, left + view_width * x, top + view_height * y),
    ).filter(ImageFilter.GaussianBlur(2.5))
    dimmed = behind.resize((width, height), Image.Resampling.BICUBIC).point(lambda value: value * _DIM)
    inner = (min(width, round(photo.width * factor)), min(height, round(photo.height * factor)))
    dimmed.paste(image.resize(inner, Image.Resampling.LANCZOS), ((width - inner[0]) // 2, (height - inner[1]) // 2))
    return _yuv(np.asarray(dimmed), Box(0, 0, width, height), width, height)


def _yuv(pixels: NDArray[np.uint8], box: Box, width: int, height: int) -> vs.VideoNode:
    """A box of 8-bit sRGB pixels as BT.709 limited range, scaled.

    With error diffusion: it is done once, and a sky shows every step.
    """
    import vapoursynth as vs  # noqa: PLC0415 - see graph.drawn

    rows, columns, _ = pixels.shape
    clip = graph.drawn(columns, rows, vs.RGB24, 1, lambda _: [pixels[:, :, plane] for plane in range(3)])
    yuv = graph.core().resize.Lanczos(
        clip,
        width=width,
        height=height,
        src_left=box.left,
        src_top=box.top,
        src_width=box.width,
        src_height=box.height,
        format=vs.YUV420P8,
        matrix=vs.MATRIX_BT709,
        range=vs.RANGE_LIMITED,
        dither_type="error_diffusion",
    )
    return graph.realised(yuv)


def _decoded(photo: Photo, factor: float) -> Image.Image:
    """The photo upright, opaque and sRGB, at full size or at any not below `factor` of it."""
    from PIL import ImageOps  # noqa: PLC0415 - see graph.drawn

    with _opened(photo.path, photo.path.read_bytes()) as image:
        try:
            # A JPEG decoder can halve a photo for less than it takes to decode it; other formats ignore this.
            image.draft(None, (int(image.width * min(1.0, factor)), int(image.height * min(1.0, factor))))
            whole = _eight_bits(image)
            # The rest of a very large one is averaged away, so that its copies do not fill the memory.
            spare = math.sqrt(whole.width * whole.height / (photo.width * photo.height)) / factor
            if spare >= 2 * _SPARE:
                whole = whole.reduce(int(spare / _SPARE))
            ImageOps.exif_transpose(whole, in_place=True)  # otherwise it copies all those that stand upright
            return _srgb(whole, image.info.get("icc_profile"))
        except (OSError, ValueError, SyntaxError) as error:
            raise _unreadable(photo.path, error) from error


def _eight_bits(image: Image.Image) -> Image.Image:
    """The same picture in a mode Pillow can scale: 8 bits a channel, no palette, alpha kept."""
    import numpy as np  # noqa: PLC0415 - see graph.drawn
    from PIL import Image  # noqa: PLC0415 - as numpy

    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        full = 65535.0 if values.max(initial=0) > 255 else 255.0  # noqa: PLR2004 - the largest 8-bit value
        return Image.fromarray((values.clip(0, full) * (255 / full) + 0.5).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "CMYK", "LAB") else image.convert("RGB")


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Opaque sRGB, through the embedded colour profile where there is one (phones write Display P3)."""
    from PIL import Image, ImageCms  # noqa: PLC0415 - see graph.drawn

    if image.mode == "RGBA":
        paper = Image.new("RGBA", image.size, (*_PAPER, 255))
        image = Image.alpha_composite(paper, image).convert("RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(source).casefold():
                converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
                return converted if converted is not None else image.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken or foreign profile: the numbers as they are look better than no picture
    return image.convert("RGB")


def _opened(path: Path, data: bytes) -> Image.Image:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - see graph.drawn

    try:
        return Image.open(io.BytesIO(data))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> StepError:
    return StepError(f"{path.name} cannot be read as a picture: {error}", hint="Export it again as JPEG or PNG.")


class _Cache:
    """Least recently used stills, bounded by their bytes. A still wanted by two threads at once is made once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[object, vs.VideoNode] = OrderedDict()
        self._making: dict[object, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: object, make: Callable[[], vs.VideoNode]) -> vs.VideoNode:
        """The still under `key`, made with `make` if it is not there."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
            clip = make()
            with self._lock:
                self._kept[key] = clip
                while sum(map(_weight, self._kept.values())) > self._limit and len(self._kept) > 1:
                    self._kept.popitem(last=False)
                self._making.pop(key, None)
            return clip


def _weight(clip: vs.VideoNode) -> int:
    return int(clip.width * clip.height * 3 // 2)


_cache = _Cache(_CACHE_BYTES)
