"""carousel: a photograph that fills the frame and slowly moves (Ken Burns), sharp and without judder.

The still is scaled once to what its tightest view needs; each frame then is a resize of it with a fractional source
box. Whole-pixel positions, as ffmpeg's zoompan has them, are what makes slow zooms shiver.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from factory.step import Json
from recipes.modes.mode import Metadata, Problem, Shot
from recipes.picture import graph, stills
from recipes.picture.motion import View, between, eased

if TYPE_CHECKING:
    import vapoursynth as vs

MOTIONS = ("zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down", "none")
_AUTO = ("zoom_in", "pan_right", "zoom_out", "pan_left", "zoom_in", "pan_up", "zoom_out", "pan_down")
_ZOOM = 1.16
"""How much tighter the tight view is."""
_PAN = 0.14
"""How far a pan travels, as a share of the view's side it travels along."""
_ALONG = {"pan_left": (-1, 0), "pan_right": (1, 0), "pan_up": (0, -1), "pan_down": (0, 1)}

_FRACTION: Mapping[str, Json] = {"type": "number", "minimum": 0, "maximum": 1}
_SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image"],
    "properties": {
        "image": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1024,
            "description": "A picture of the project, any size: JPEG, PNG, WebP, TIFF and the like.",
        },
        "motion": {
            "enum": ["auto", *MOTIONS],
            "default": "auto",
            "description": "How the view moves; auto gives neighbours different motions.",
        },
        "focus": {
            "type": "array",
            "items": _FRACTION,
            "minItems": 2,
            "maxItems": 2,
            "description": "The point to keep in view and to move towards, as fractions from the top left.",
        },
        "subject": {
            "type": "array",
            "items": _FRACTION,
            "minItems": 4,
            "maxItems": 4,
            "description": "The box [x0, y0, x1, y1] the crop must keep, as fractions from the top left.",
        },
        "fit": {
            "enum": ["cover", "blur"],
            "default": "cover",
            "description": "cover crops the picture to the frame; blur shows all of it over a blurred copy.",
        },
    },
}


@dataclass(frozen=True)
class _Move:
    """A prepared still and the two views the picture travels between."""

    still: vs.VideoNode
    start: View
    end: View


class Carousel:
    """Stills with motion."""

    def metadata(self) -> Metadata:
        """One picture a block, in `image`."""
        return Metadata("photographs that slowly move", _SCHEMA, files=("image",))

    def validate(self, show: Mapping[str, Json]) -> Sequence[Problem]:
        """A subject has to be a box that is not inside out."""
        box = show.get("subject")
        if isinstance(box, Sequence):
            x0, y0, x1, y1 = cast("Sequence[float]", box)
            if x0 >= x1 or y0 >= y1:
                return [Problem(("subject",), "must go from the top left to the bottom right: x0 < x1 and y0 < y1")]
        return []

    def render(self, shot: Shot) -> vs.VideoNode:
        """The picture moving over the whole shot; in one frame, where it comes to rest."""
        move = _prepare(shot)
        core = graph.core()
        # Catmull-Rom: at nearly one to one, the default (Mitchell) would soften what Lanczos has just kept.
        # Colour has half the detail and none of it is seen to soften: there the cheaper kernel does.
        sharp = partial(core.resize.Bicubic, filter_param_a=0.0, filter_param_b=0.5, resample_filter_uv="bilinear")
        resize = core.resize.Bilinear if shot.proof else sharp

        def frame(t: float) -> vs.VideoNode:
            view = between(move.start, move.end, eased(t))
            # To 1/4096 pixel: nobody sees it, and a pan of an exactly fitting still is resized along one side only.
            width = round(view.width * 4096) / 4096
            height = width * shot.height / shot.width
            return resize(
                move.still,
                width=shot.width,
                height=shot.height,
                src_left=view.x - width / 2,
                src_top=view.y - height / 2,
                src_width=width,
                src_height=height,
            )

        last = frame(1.0)
        if shot.frames == 1 or move.start == move.end:
            return core.std.Loop(graph.realised(last), shot.frames)
        return graph.per_frame(last, shot.frames, lambda n: frame(n / (shot.frames - 1)))


def _prepare(shot: Shot) -> _Move:
    photo = stills.look(shot.files["image"])
    full = shot.full if shot.full != (0, 0) else (shot.width, shot.height)
    show = cast("Mapping[str, Any]", shot.show)
    motion = str(show.get("motion", "auto"))
    if motion == "auto":
        motion = _AUTO[zlib.crc32(photo.digest.encode()) % len(_AUTO)]
    if show.get("fit", "cover") == "blur":
        tight = (_even(full[0] * _ZOOM), _even(full[1] * _ZOOM))
        canvas = stills.blurred(photo, *tight)
        wide = View(tight[0] / 2, tight[1] / 2, float(tight[0]))
        start, end = _views(motion, wide, full[1] / full[0], _focus(show, tight), tight)
        return _small(canvas, start, end, shot, full)
    size = (photo.width, photo.height)
    start, end = _views(motion, _framed(photo, show, full), full[1] / full[0], _focus(show, size), size)
    # Only what is ever in view is scaled, to where its tightest view has a pixel for each pixel of the frame.
    box = _around(start, end, full[1] / full[0])
    scale = full[0] / min(start.width, end.width)
    width, height = _even(box.width * scale), _even(box.height * scale)
    still = stills.scaled(photo, stills.Box(box.left, box.top, width / scale, height / scale), width, height)
    start, end = (View((v.x - box.left) * scale, (v.y - box.top) * scale, v.width * scale) for v in (start, end))
    return _small(still, start, end, shot, full)


def _small(still: vs.VideoNode, start: View, end: View, shot: Shot, full: tuple[int, int]) -> _Move:
    """The same move over a smaller still, if the shot is smaller than the video."""
    factor = shot.width / full[0]
    if factor == 1:
        return _Move(still, start, end)
    ends = (View(v.x * factor, v.y * factor, v.width * factor) for v in (start, end))
    return _Move(stills.reduced(still, factor), *ends)


def _views(
    motion: str, wide: View, aspect: float, focus: tuple[float, float], size: tuple[int, int]
) -> tuple[View, View]:
    """Where the view starts and rests. `wide` is the largest view, `size` the picture's, `aspect` height ÷ width."""
    if motion == "none":
        return wide, wide
    if motion in _ALONG:
        return _pan(_ALONG[motion], wide, aspect, size)
    tight_width = wide.width / _ZOOM
    left, top = wide.x - wide.width / 2, wide.y - wide.width * aspect / 2
    x = left + _inside(focus[0] - left, tight_width / 2, wide.width)
    y = top + _inside(focus[1] - top, tight_width * aspect / 2, wide.width * aspect)
    tight = View(x, y, tight_width)
    return (wide, tight) if motion == "zoom_in" else (tight, wide)


def _pan(step: tuple[int, int], wide: View, aspect: float, size: tuple[int, int]) -> tuple[View, View]:
    """A view of one size travelling along `step`; where the picture has no room beyond the frame, it is entered."""
    room = size[0] if step[0] else size[1] / aspect  # the widest view, if it had the whole side to itself
    width = min(wide.width, room / (1 + _PAN))
    reach = _PAN / 2 * (width if step[0] else width * aspect)
    half_x = width / 2 + reach * abs(step[0])
    half_y = width * aspect / 2 + reach * abs(step[1])
    x, y = _inside(wide.x, half_x, size[0]), _inside(wide.y, half_y, size[1])
    return View(x - step[0] * reach, y - step[1] * reach, width), View(x + step[0] * reach, y + step[1] * reach, width)


def _framed(photo: stills.Photo, show: Mapping[str, Any], full: tuple[int, int]) -> View:
    """The largest view of the frame's shape, about the subject or the focus, wholly inside the photo."""
    width, _ = stills.cover(photo, full[0] / full[1])
    x, y = _focus(show, (photo.width, photo.height))
    if "subject" in show:
        x0, y0, x1, y1 = show["subject"]
        x, y = (x0 + x1) / 2 * photo.width, (y0 + y1) / 2 * photo.height
    half = width / 2
    return View(_inside(x, half, photo.width), _inside(y, half * full[1] / full[0], photo.height), width)


def _inside(middle: float, half: float, size: float) -> float:
    """The nearest middle for which a stretch of twice `half` lies within 0…`size`."""
    return min(max(middle, half), size - half) if size > 2 * half else size / 2


def _focus(show: Mapping[str, Any], size: tuple[int, int]) -> tuple[float, float]:
    x, y = show.get("focus", (0.5, 0.5))
    if "focus" not in show and "subject" in show:
        x0, y0, x1, y1 = show["subject"]
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return x * size[0], y * size[1]


def _around(start: View, end: View, aspect: float) -> stills.Box:
    """The smallest box that holds both views and all between them."""
    left = min(v.x - v.width / 2 for v in (start, end))
    right = max(v.x + v.width / 2 for v in (start, end))
    top = min(v.y - v.width * aspect / 2 for v in (start, end))
    bottom = max(v.y + v.width * aspect / 2 for v in (start, end))
    return stills.Box(max(0.0, left), max(0.0, top), right - max(0.0, left), bottom - max(0.0, top))


def _even(value: float) -> int:
    return max(2, round(value / 2) * 2)
