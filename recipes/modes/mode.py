"""The interface of a content mode: three methods, and the frozen data they exchange.

A mode turns what a spec says under `show` into a VapourSynth graph. Register a class under the entry point group
`content_factory.modes`; it is made without arguments and must keep no state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from factory.step import Json

if TYPE_CHECKING:
    import vapoursynth as vs


@dataclass(frozen=True)
class Problem:
    """A mistake in `show`, at the key (or key and index) that a spec writer has to change."""

    path: tuple[str | int, ...]
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Metadata:
    """What a mode says of itself."""

    description: str
    schema: Mapping[str, Json]
    """JSON Schema (Draft 2020-12) of `show`."""
    files: tuple[str, ...] = ()
    """Keys of `show` that name a picture of the project; `Shot.files` has the file under the same key."""
    text: tuple[str, ...] = ()
    """Keys of `show` whose value is drawn as text, with the fonts of `resources`: their glyphs are checked early."""
    resources: Mapping[str, Path] = field(default_factory=dict)
    """Files the mode always needs (fonts): role → file. Keyed by content; `Shot.files` has them under the role."""


@dataclass(frozen=True)
class Shot:
    """All a mode may know of the block it draws. Not the words, not the other blocks, not where it will be kept."""

    width: int
    """Of the picture to draw, even. A proof is smaller than the video."""
    height: int
    fps: tuple[int, int]
    frames: int
    """How many to draw. A shot of one frame is the picture at rest, as the block's last frame shows it: it is held
    while the next block comes in, so it must not depend on how long the block was."""
    show: Mapping[str, Json]
    files: Mapping[str, Path]
    safe: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Margins other things may cover, per mille: top and bottom of the height, right and left of the width
    (order: top, right, bottom, left)."""
    quality: Literal["proof", "final"] = "final"
    full: tuple[int, int] = (0, 0)
    """Size of the final video: what a proof is a small copy of."""

    @property
    def proof(self) -> bool:
        """Whether time matters more than the last bit of quality."""
        return self.quality == "proof"


class ContentMode(Protocol):
    """What a mode has to do."""

    def metadata(self) -> Metadata:
        """Its description, the schema of its `show`, the files it needs. Quick: called for every listing."""

    def validate(self, show: Mapping[str, Json]) -> Sequence[Problem]:
        """What is wrong beyond the schema. Nothing is decoded or drawn."""

    def render(self, shot: Shot) -> vs.VideoNode:
        """A clip of `shot.frames` frames, `shot.width` × `shot.height`, YUV420P8, BT.709 limited range.

        The first and the last frame should be at rest (no velocity). Lazy: the work is done as frames are asked for.
        """
