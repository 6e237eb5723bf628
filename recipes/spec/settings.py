"""From the settings a person wrote to the ones a `Video` holds: shorthands spelled out, units made exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from recipes.spec.model import Captions, Encoding, Frame, SafeArea, Transition, Voice

if TYPE_CHECKING:
    from factory.step import Json

NEEDED = (
    ("language",),
    ("voice", "engine"),
    ("voice", "name"),
    ("mode",),
    ("size",),
    ("fps",),
    ("safe_area", "top"),
    ("safe_area", "right"),
    ("safe_area", "bottom"),
    ("safe_area", "left"),
    ("captions", "style"),
    ("captions", "delivery"),
    ("transition", "kind"),
    ("pause",),
    ("encoding", "preset"),
    ("encoding", "crf"),
    ("encoding", "audio_bitrate"),
)
"""What a video cannot do without once its format, its project and itself are merged."""

_BROADCAST = {"23.976": (24000, 1001), "29.97": (30000, 1001), "47.952": (48000, 1001), "59.94": (60000, 1001)}
"""The decimal names of the NTSC rates, and what they mean (SMPTE ST 2036-1, table 2)."""

PLATFORMS: Mapping[str, Mapping[str, float]] = {
    "youtube": {"top": 5, "right": 5, "bottom": 8, "left": 5},
    "shorts": {"top": 15, "right": 18, "bottom": 25, "left": 5},
    "tiktok": {"top": 7, "right": 14, "bottom": 25, "left": 6},
    "reels": {"top": 14, "right": 6, "bottom": 35, "left": 6},
}
"""Per cent of the frame each app covers: EBU R 95 and a player's controls; Google's and Meta's guides for vertical
advertisements, with room for the title of Shorts (480 of 1920 pixels); TikTok's tabs, buttons, caption and sound."""


def spelled_out(settings: Mapping[str, Json]) -> dict[str, Any]:
    """The settings with every shorthand as the mapping it stands for, so that layers can be merged key by key."""
    result: dict[str, Any] = dict(settings)
    for key, meaning in (("captions", "style"), ("music", "file"), ("transition", "kind"), ("show", "image")):
        if isinstance(value := result.get(key), str):
            result[key] = {meaning: value}
    if isinstance(platform := result.get("safe_area"), str):
        result["safe_area"] = dict(PLATFORMS[platform])
    if "voice" in result:
        first, *others = result["voice"] if isinstance(result["voice"], list) else [result["voice"]]
        result["voice"] = _voice(first)
        # Who speaks instead belongs to a voice: another voice does not inherit it, another rate does.
        if others or "engine" in result["voice"] or "name" in result["voice"]:
            result["voice"]["otherwise"] = [_voice(other) for other in others]
    return result


def _voice(written: Any) -> dict[str, Any]:
    if not isinstance(written, str):
        return dict(written)
    engine, _, name = written.partition("/")
    return {"engine": engine, "name": name}


def frame(settings: Mapping[str, Any]) -> Frame:
    """The geometry, with the rate as an exact fraction."""
    width, height = settings["size"]
    fps = settings["fps"]
    rate = _BROADCAST.get(str(fps))
    if rate is None:
        fraction = Fraction(str(fps)).limit_denominator(1001)
        rate = (fraction.numerator, fraction.denominator)
    return Frame(width, height, rate)


def safe_area(settings: Mapping[str, Any]) -> SafeArea:
    """Per cent as written, per mille as kept."""
    return SafeArea(**{side: round(settings["safe_area"][side] * 10) for side in ("top", "right", "bottom", "left")})


def encoding(settings: Mapping[str, Any]) -> Encoding:
    """As written."""
    return Encoding(**settings["encoding"])


def captions(settings: Mapping[str, Any]) -> Captions:
    """As written."""
    return Captions(**settings["captions"])


def voice(settings: Mapping[str, Any]) -> Voice:
    """As written; numbers as floats, so that 1 and 1.0 are the same voice. Others speak as the first would."""
    spoken = settings["voice"]
    first = {key: spoken[key] for key in ("rate", "pitch", "volume")}
    others = tuple(_one({**first, **other}) for other in spoken.get("otherwise", ()))
    return replace(_one(spoken), otherwise=others)


def _one(spoken: Mapping[str, Any]) -> Voice:
    rate, pitch, volume = (float(spoken[key]) for key in ("rate", "pitch", "volume"))
    return Voice(spoken["engine"], spoken["name"], rate, pitch, volume)


def transition(settings: Mapping[str, Any]) -> Transition:
    """A cut takes no time, whatever a layer below says of seconds."""
    kind = settings["transition"]["kind"]
    return Transition(kind, 0.0 if kind == "cut" else float(settings["transition"]["seconds"]))
