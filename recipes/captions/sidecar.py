"""Subtitle files beside the video: SubRip and WebVTT, one cue per readable phrase."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recipes import fonts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recipes.captions.cues import Cue

_JOINER = "\u2060"


def srt(cues: Iterable[tuple[int, Cue]]) -> str:
    r"""SubRip of cues, each with the ms to add to its times. An empty video gives one empty line: no file is empty.

    SubRip has no escapes, but players obey `<i>` and `{\an8}`: a word joiner takes the meaning from them.
    """
    parts = [
        f"{number}\n{_time(offset + cue.start, ',')} --> {_time(offset + cue.end, ',')}\n"
        + "\n".join(re.sub(r"<(?=[/\w])|\{(?=\\)", lambda found: found.group() + _JOINER, line) for line in _clean(cue))
        for number, (offset, cue) in enumerate(cues, 1)
    ]
    return "\n\n".join(parts) + "\n"


def vtt(cues: Iterable[tuple[int, Cue]]) -> str:
    """WebVTT of cues, each with the ms to add to its times (W3C, "WebVTT: The Web Video Text Tracks Format")."""
    parts = ["WEBVTT"]
    for offset, cue in cues:
        text = "\n".join(line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in _clean(cue))
        parts.append(f"{_time(offset + cue.start, '.')} --> {_time(offset + cue.end, '.')}\n{text}")
    return "\n\n".join(parts) + "\n"


def _clean(cue: Cue) -> Iterable[str]:
    """The lines of a cue, each really one line: an empty one would end the cue."""
    return (" ".join(fonts.printable(line).split()) for line in cue.text)


def _time(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"
