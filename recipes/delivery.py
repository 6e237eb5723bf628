"""What a finished file says about itself: names, chapters, languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from factory.step import Json

FILE = "about.ffmeta"
"""The fixed name under which title and chapters reach ffmpeg: a person's words never are arguments."""

_TITLE = 48
"""Characters of a chapter's title; players cut longer ones."""
_ISO_639_2: Mapping[str, str] = {
    # MP4 holds three letters (ISO 639-2/T); a spec has BCP 47.
    "ar": "ara", "be": "bel", "bg": "bul", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng",
    "es": "spa", "et": "est", "fi": "fin", "fr": "fra", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun",
    "hy": "hye", "id": "ind", "it": "ita", "ja": "jpn", "ka": "kat", "kk": "kaz", "ko": "kor", "ky": "kir",
    "lt": "lit", "lv": "lav", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus",
    "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe", "th": "tha", "tr": "tur", "tt": "tat", "uk": "ukr",
    "uz": "uzb", "vi": "vie", "zh": "zho",
}  # fmt: skip
_SPECIAL = re.compile(r"[=;#\\\n]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def language_code(tag: str) -> str:
    """The ISO 639-2 code MP4 wants for a BCP 47 tag; `und` when it has none."""
    primary = tag.partition("-")[0].lower()
    return primary if len(primary) == len("und") else _ISO_639_2.get(primary, "und")


def chapters(script: Mapping[str, Any], words: Mapping[str, Any]) -> list[Json]:
    """A chapter for each block: where it begins and ends, in frames, and the first thing said in it."""
    return [
        {"start": timed["start_frame"], "end": timed["start_frame"] + timed["frames"], "title": _headline(block)}
        for block, timed in zip(script["blocks"], words["blocks"], strict=True)
    ]


def ffmetadata(title: str, marks: Sequence[Mapping[str, Any]], fps: tuple[int, int]) -> str:
    """The metadata file of ffmpeg (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2), with everything escaped."""
    lines = [";FFMETADATA1", f"title={_escaped(title)}"]
    for mark in marks:
        lines += ["[CHAPTER]", f"TIMEBASE={fps[1]}/{fps[0]}", f"START={mark['start']}", f"END={mark['end']}"]
        lines.append(f"title={_escaped(str(mark['title']))}")
    return "\n".join(lines) + "\n"


def _headline(block: Mapping[str, Any]) -> str:
    said = block["sentences"][0]["text"] if block["sentences"] else block["id"]
    return _shortened(_CONTROL.sub(" ", said).strip().rstrip("."))


def _shortened(text: str) -> str:
    if len(text) <= _TITLE:
        return text
    return text[: _TITLE - 1].rsplit(" ", 1)[0].rstrip(",;:—–- ") + "…"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found.group(), _CONTROL.sub(" ", text))
