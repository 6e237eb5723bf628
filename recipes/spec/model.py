"""What a checked spec says, as data. Everything after this module trusts it.

Values come from YAML through the schema (`project.schema.json`), which is where defaults and limits live; nothing
here has a default of its own, so that there is one place to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from factory.step import Json

RECORDED = "file"
"""The engine of what is said in the recording of the whole video: a person, in a file."""


@dataclass(frozen=True)
class Frame:
    """The geometry of the picture: even pixels, and the frame rate as an exact fraction."""

    width: int
    height: int
    fps: tuple[int, int]


@dataclass(frozen=True)
class SafeArea:
    """Margins a platform covers with its own buttons: per mille of the width (left, right) or height (top, bottom)."""

    top: int
    right: int
    bottom: int
    left: int


@dataclass(frozen=True)
class Encoding:
    """How the final picture is encoded: x264 `preset` and `crf`; sound as AAC at `audio_bitrate` kbit/s."""

    preset: str
    crf: int
    audio_bitrate: int


@dataclass(frozen=True)
class Voice:
    """Who speaks: an engine and its voice (`rhvoice`, `aleksandr-hq`); rate 1.0 is the voice's own pace."""

    engine: str
    name: str
    rate: float
    pitch: float
    """Semitones; 0 is the voice's own."""
    volume: float
    """LU above or below the other voices of the video."""
    otherwise: tuple[Voice, ...] = ()
    """Who speaks the whole video if this voice cannot, in order; they have no others of their own."""

    @property
    def title(self) -> str:
        """As a person writes it: `rhvoice/aleksandr-hq`."""
        return f"{self.engine}/{self.name}"


@dataclass(frozen=True)
class Music:
    """A bed under the speech. `gain` in LU below the speech, `duck` in dB more while somebody speaks."""

    file: Path
    gain: float
    duck: float
    fade: float


@dataclass(frozen=True)
class Captions:
    """`style` names a template of `templates/captions/`; `delivery` is `burned`, `soft` or `none`.

    `options` overrides the style's own values (font, size, colours, …), already checked against the style.
    """

    style: str
    delivery: str
    options: Mapping[str, Json]


@dataclass(frozen=True)
class Transition:
    """How a block's picture comes in over the one before it: `cut`, `crossfade`, `slide`, `zoom`; seconds."""

    kind: str
    seconds: float


@dataclass(frozen=True)
class Block:
    """One thing said and what is shown meanwhile."""

    id: str
    """As the spec gives it, else its ordinal in the video: `01`, `02`, …"""
    say: str
    """What is spoken and captioned; `[in brackets]` a sound, captioned only."""
    speaker: str
    """Whose words they are, for the captions; empty where nobody is named."""
    translations: Mapping[str, str]
    """BCP 47 tag → what is said, in that language. Every block of a video has the same languages."""
    show: Mapping[str, Json]
    """What the mode shows: checked by the mode's own schema; files in it are listed in `files`."""
    files: Mapping[str, Path]
    """Role → asset of `show` (`image`), resolved, inside the project, existing, and decodable."""
    mode: str
    voice: Voice
    pause: float
    """Seconds of silence after the last word."""
    transition: Transition
    recording: Path | None = None
    """A person saying all of the block, in the place of a voice."""


@dataclass(frozen=True)
class Video:
    """One video, complete. `folder` is where its five files go; `project_folder` is where its assets are."""

    project: str
    id: str
    title: str
    language: str
    """BCP 47: `ru`, `en`."""
    frame: Frame
    safe_area: SafeArea
    encoding: Encoding
    captions: Captions
    music: Music | None
    blocks: tuple[Block, ...]
    recording: Path | None
    """A person saying all blocks whose voice is `RECORDED`, but for those that have a recording of their own."""
    lexicon: Mapping[str, str]
    """Word as written → word as spoken (stress by U+0301), for names no rule knows."""
    allow_noncommercial: bool
    """Whether voices may speak whose licence forbids making money with what they say."""
    align: str
    """Who says when a word sounds: one of `recipes.alignment.ladder.METHODS`."""
    must_pass: bool
    """Whether the build fails when the video does not pass its quality checks."""
    description: str
    tags: tuple[str, ...]
    folder: Path
    project_folder: Path

    @property
    def translations(self) -> tuple[str, ...]:
        """The languages it is subtitled in besides its own, as BCP 47 tags."""
        return tuple(self.blocks[0].translations) if self.blocks else ()

    @property
    def name(self) -> str:
        """`<project>/<video>`, as doit's task names say it."""
        return f"{self.project}/{self.id}"
