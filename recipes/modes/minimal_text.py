"""minimal_text: a few words in large type on a slowly moving gradient.

The gradient is computed at a twentieth of the size (it has no detail) and enlarged with dither, so that it shows no
bands. It returns to where it began within every block, so blocks of any length follow one another without a jump.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from factory.step import Json
from recipes import fonts
from recipes.modes.mode import Metadata, Problem, Shot
from recipes.picture import graph, lettering

if TYPE_CHECKING:
    import numpy as np
    import vapoursynth as vs
    from numpy.typing import NDArray

type Colour = tuple[float, float, float]
"""Red, green, blue in 0…1."""

_PALETTES: Mapping[str, tuple[str, str, str, str, str]] = {
    # The ground, three lights over it (none so bright that white type loses 4.5:1), the accent.
    "amber": ("#1C0F0A", "#8A4310", "#5E1F14", "#A35C0C", "#FFC24B"),
    "rose": ("#1A0A14", "#8C1D4F", "#4A1660", "#A83A45", "#FF9DB5"),
    "violet": ("#0E0B22", "#4B2AA8", "#27307F", "#7A2A8F", "#C3A6FF"),
    "ocean": ("#06131F", "#0E5A7A", "#123A78", "#0F766E", "#7CE3F0"),
    "forest": ("#07150F", "#14603F", "#3D5A16", "#0F5357", "#B6EE7B"),
    "graphite": ("#0D0F13", "#2F3742", "#3D3A48", "#28434B", "#F2C46D"),
}
_DEFAULT = "violet"
_WHITE = "#FFFFFF"
_LEAST_CONTRAST = 4.5
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_HEX: Json = {"type": "string", "pattern": f"^{_COLOUR.pattern}$", "patternErrorMessage": "must be a colour: #RRGGBB"}

_SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {
        "text": {
            "type": "string",
            "minLength": 1,
            "maxLength": 220,
            "pattern": "\\S",
            "description": "The words on screen; a line break in them is kept.",
        },
        "kicker": {"type": "string", "maxLength": 40, "description": "A small line above: a topic, a number."},
        "palette": {
            "anyOf": [
                {"enum": sorted(_PALETTES)},
                {"type": "array", "items": _HEX, "minItems": 4, "maxItems": 4},
            ],
            "default": _DEFAULT,
            "description": "A palette by name, or four colours of your own: the ground and three lights, all dark.",
        },
        "accent": {**cast("Mapping[str, Json]", _HEX), "description": "The colour of the kicker and the bar."},
        "align": {"enum": ["left", "center"], "default": "left", "description": "How the lines stand."},
    },
}

_LIGHTS = (
    # Where each light rests, how wide it is, and where it wanders: fractions of the frame's height and width.
    ((0.18, 0.20), 0.46, (0.34, 0.16)),
    ((0.88, 0.42), 0.40, (-0.30, 0.22)),
    ((0.42, 0.92), 0.44, (0.22, -0.24)),
)
_COARSE = 20
_CALM_SECONDS = 9.0
"""A block this long lets the lights wander all of their way; in a shorter one they go less far, not faster."""
_STAGGER, _RISE_SECONDS = 0.09, 0.55
"""Seconds between one line's entrance and the next one's, and how long each takes."""


@dataclass(frozen=True)
class _Piece:
    """One line or the bar: its coverage, where it stands, and which colour it has."""

    cover: NDArray[np.uint8]
    x: int
    y: int
    accent: bool


class MinimalText:
    """Type on a gradient."""

    def metadata(self) -> Metadata:
        """No pictures; two faces of Golos Text, for Latin and Cyrillic."""
        return Metadata(
            "a few words in large type on a moving gradient",
            _SCHEMA,
            text=("text", "kicker"),
            resources={
                "font_bold": fonts.FOLDER / "GolosText-Bold.ttf",
                "font_semibold": fonts.FOLDER / "GolosText-SemiBold.ttf",
            },
        )

    def validate(self, show: Mapping[str, Json]) -> Sequence[Problem]:
        """White type must be readable on the user's own colours (WCAG 2.2, 4.5:1)."""
        palette = show.get("palette")
        if not isinstance(palette, Sequence) or isinstance(palette, str):
            return []
        from recipes.captions import contrast  # noqa: PLC0415 - brings numpy, which only colours of one's own need

        return [
            Problem(("palette", index), f"{colour} is too light for white type (contrast below 4.5:1)", "darken it")
            for index, colour in enumerate(palette)
            if isinstance(colour, str)
            and _COLOUR.fullmatch(colour)
            and contrast.ratio(contrast.luminance(_WHITE), contrast.luminance(colour)) < _LEAST_CONTRAST
        ]

    def render(self, shot: Shot) -> vs.VideoNode:
        """Gradient and type; the type enters at the start and stays."""
        colours = _colours(shot.show)
        ground = _gradient(shot, colours[:4])
        pieces = _compose(shot)
        return _lettered(ground, pieces, shot, colours[4]) if pieces else ground


def _gradient(shot: Shot, colours: Sequence[Colour]) -> vs.VideoNode:
    """The lights, mixed over the ground one after another, as a formula evaluated per pixel and frame."""
    import vapoursynth as vs  # noqa: PLC0415 - see graph.drawn

    core = graph.core()
    width, height = max(8, shot.width // _COARSE), max(8, shot.height // _COARSE)
    blank = core.std.BlankClip(width=width, height=height, format=vs.RGBS, length=shot.frames, keep=True)
    seconds = shot.frames * shot.fps[1] / shot.fps[0]
    reach = min(1.0, seconds / _CALM_SECONDS)
    # `pulse` leaves 0 and comes back to it without velocity at either end; `sway` does, too, and changes sides.
    time = f"N {max(1, shot.frames - 1)} / pi *"
    start = f"{time} sin dup * {reach} * pulse! pulse@ {time} 2 * sin * sway!"
    planes = []
    for channel in range(3):
        formula = [start, f"{colours[0][channel]}"]
        for (place, radius, path), colour in zip(_LIGHTS, colours[1:], strict=True):
            x = f"X {width} / {place[0]} - {path[0]} pulse@ * - {path[1]} sway@ * - {shot.width / shot.height} *"
            y = f"Y {height} / {place[1]} - {path[1]} pulse@ * - {path[0]} sway@ * +"
            near = f"{x} dup * {y} dup * + {-1 / (radius * radius)} * exp near!"
            formula.append(f"{near} 1 near@ - * {colour[channel]} near@ * +")
        planes.append(" ".join(formula))
    small = core.akarin.Expr([blank], planes)
    yuv = core.resize.Bicubic(small, format=vs.YUV444P16, matrix=vs.MATRIX_BT709, range=vs.RANGE_LIMITED)
    return core.resize.Bicubic(yuv, width=shot.width, height=shot.height, format=vs.YUV420P8, dither_type="ordered")


def _compose(shot: Shot) -> list[_Piece]:
    """Everything that stands in front, in the order it enters, inside the safe area and above the captions."""
    import numpy as np  # noqa: PLC0415 - see graph.drawn

    top, right, bottom, left = (share / 1000 for share in shot.safe)
    unit = min(shot.width, shot.height) / 1080
    upright = shot.height > shot.width
    centred = shot.show.get("align") == "center"
    start, end = max(left, 0.075) * shot.width, (1 - max(right, 0.075)) * shot.width
    if centred:
        margin = max(start, shot.width - end)
        start, end = margin, shot.width - margin
    # Captions stand from about 0.62 of the height in upright video, and at the bottom in wide video.
    ceiling, floor = max(top, 0.06) * shot.height, min(1 - bottom, 0.6 if upright else 0.8) * shot.height
    kicker = str(shot.show.get("kicker", "")).strip().upper()
    kicker_size = max(4, round(40 * unit))
    head = round(kicker_size * 2.7) if kicker else round(52 * unit)
    bold, semibold = shot.files["font_bold"], shot.files["font_semibold"]
    setting = lettering.fit(
        str(shot.show["text"]),
        bold,
        width=end - start,
        height=floor - ceiling - head,
        largest=(150 if upright else 128) * unit,
        lines=6 if upright else 4,
    )
    y = round(ceiling + (floor - ceiling - head - setting.height) / 2)

    def across(width: float) -> int:
        return round((start + end - width) / 2 if centred else start)

    bar = (max(1, round(8 * unit)), max(1, round(84 * unit)))
    pieces = [_Piece(np.full(bar, 255, np.uint8), across(bar[1]), y, accent=True)]
    if kicker:
        wide = lettering.measure(kicker, semibold, kicker_size, tracking=0.1)
        letters = lettering.mask(kicker, semibold, kicker_size, tracking=0.1)
        pieces.append(_Piece(letters, across(wide), y + round(kicker_size * 0.75), accent=True))
    for number, (line, wide) in enumerate(zip(setting.lines, setting.widths, strict=True)):
        letters = lettering.mask(line, bold, setting.size)
        # The pen starts a bearing before the ink: pull it back, so that lines and bar share one edge to the eye.
        bearing = 0 if centred else round(setting.size * 0.055)
        pieces.append(_Piece(letters, across(wide) - bearing, y + head + number * setting.leading, accent=False))
    return pieces


def _lettered(ground: vs.VideoNode, pieces: Sequence[_Piece], shot: Shot, accent: Colour) -> vs.VideoNode:
    """The pieces over the ground, composited only in the band of rows they ever touch."""
    import numpy as np  # noqa: PLC0415 - see graph.drawn
    import vapoursynth as vs  # noqa: PLC0415 - as numpy

    core = graph.core()
    rise = 0.022 * shot.height
    lowest = max(piece.y + piece.cover.shape[0] for piece in pieces)
    first = min(piece.y for piece in pieces) // 2 * 2
    last = min(shot.height - 2, int(lowest + rise) // 2 * 2 + 2)
    rows = last - first

    def cover(seconds: float) -> NDArray[np.uint8]:
        ink = np.zeros((rows, shot.width), np.uint8)
        for number, piece in enumerate(pieces):
            _stamp(ink, piece, first, *_entrance(seconds - number * _STAGGER, 0 if piece.accent else rise))
        return ink

    entered = (len(pieces) - 1) * _STAGGER + _RISE_SECONDS
    still = graph.still([cover(entered)], vs.GRAY8)
    moving = min(shot.frames, int(entered * shot.fps[0] / shot.fps[1]) + 1) if shot.frames > 1 else 0
    mask = core.std.Loop(still, shot.frames)
    if moving:
        entering = graph.drawn(shot.width, rows, vs.GRAY8, moving, lambda n: [cover(n * shot.fps[1] / shot.fps[0])])
        mask = core.std.Splice([entering, mask[moving:]]) if moving < shot.frames else entering
    band = core.std.Crop(ground, top=first, bottom=shot.height - last)
    # The accents stand above the words, so one row divides the two colours.
    divide = max(piece.y + piece.cover.shape[0] for piece in pieces if piece.accent) - first
    paint = _paint(band, accent, _rgb(_WHITE), divide // 2 * 2)
    drawn = core.std.MaskedMerge(band, core.std.Loop(paint, shot.frames), mask, first_plane=True)
    stack = [drawn]
    if first:
        stack.insert(0, core.std.Crop(ground, bottom=shot.height - first))
    stack.append(core.std.Crop(ground, top=last))
    return core.std.StackVertical(stack)


def _entrance(seconds: float, rise: float) -> tuple[float, float]:
    """How far below its place a piece still is, and how opaque, so long after its turn came."""
    t = min(1.0, max(0.0, seconds / _RISE_SECONDS))
    left = (1 - t) ** 3
    return rise * left, min(1.0, t * 1.6)


def _stamp(ink: NDArray[np.uint8], piece: _Piece, first: int, down: float, opacity: float) -> None:
    """Add a piece to the band's coverage at a fractional height, clipped to it."""
    import numpy as np  # noqa: PLC0415 - see graph.drawn

    if opacity <= 0:
        return
    whole, part = int(down), down - int(down)
    cover: NDArray[np.float32] = np.pad(piece.cover, ((0, 1), (0, 0))).astype(np.float32)
    if part:
        cover[1:] = cover[1:] * (1 - part) + cover[:-1] * part
        cover[0] *= 1 - part
    y, x = piece.y - first + whole, max(0, piece.x)
    cover = cover[: ink.shape[0] - y, x - piece.x : x - piece.x + ink.shape[1] - x]
    into = ink[y : y + cover.shape[0], x : x + cover.shape[1]]
    np.maximum(into, (cover * opacity + 0.5).astype(np.uint8), out=into)


def _paint(like: vs.VideoNode, upper: Colour, lower: Colour, divide: int) -> vs.VideoNode:
    """Two flat colours, one above the other, in the band's format."""
    import vapoursynth as vs  # noqa: PLC0415 - see graph.drawn

    core = graph.core()

    def flat(colour: Colour, height: int) -> vs.VideoNode:
        rgb = core.std.BlankClip(
            width=like.width, height=height, format=vs.RGBS, length=1, color=list(colour), keep=True
        )
        return core.resize.Point(rgb, format=vs.YUV420P8, matrix=vs.MATRIX_BT709, range=vs.RANGE_LIMITED)

    # In a very small proof the accent is thinner than the two rows that 4:2:0 deals in.
    divide = min(max(2, divide), like.height - 2)
    return graph.realised(core.std.StackVertical([flat(upper, divide), flat(lower, like.height - divide)]))


def _colours(show: Mapping[str, Json]) -> list[Colour]:
    """The ground, three lights, the accent."""
    chosen = show.get("palette", _DEFAULT)
    named = _PALETTES[chosen] if isinstance(chosen, str) else (*cast("Sequence[str]", chosen), _WHITE)
    return [_rgb(colour) for colour in (*named[:4], str(show.get("accent", named[4])))]


def _rgb(colour: str) -> Colour:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
