"""What an author marks in the words: `[pause 0.5]` (`[пауза 0,5]`) is silence, and `*this*` is emphasised.

Neither is text: both are taken out before it is split and read, so that no rule of reading sees them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from recipes.text import sounds
from recipes.text.pieces import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST, LONGEST = 0.1, 10.0
"""Seconds a pause may last: less is the silence voices leave anyway, and more is a block's `pause`."""

# With no letter after its name: `[pause music]` is a sound.
_PAUSE = re.compile(r"\[\s*(?:pause|пауза)[\s:]*((?:[-+.,\d][^\[\]\n]*)?)\]", re.IGNORECASE)
_SECONDS = re.compile(r"\d+(?:[.,]\d+)?\Z")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")


@dataclass(frozen=True)
class Fault:
    """A mark that means nothing where it stands."""

    mark: str
    message: str
    hint: str


@dataclass(frozen=True)
class Part:
    """What is said in one go."""

    text: str
    """Without marks."""
    pause: int
    """Milliseconds of silence before it that were asked for; 0 at the beginning."""
    emphasised: tuple[tuple[int, int], ...]
    """Spans [first, last) of `text` in characters that are no space, which survive its being cut into pieces."""


def faults(text: str) -> Iterator[Fault]:
    """What is wrong with the marks of a text."""
    found = list(_PAUSE.finditer(text))
    for pause in found:
        if _milliseconds(pause[1]) is None:
            message = f"a pause takes {SHORTEST:g} to {LONGEST:g} seconds"
            yield Fault(pause[0], f"{message}, not '{pause[1]}'" if pause[1] else message, "write [pause 0.5]")
    for pause in found:
        if not _worded(text[: pause.start()]):
            yield Fault(pause[0], "nothing is said before this pause", "use 'pause:' of the block before")
        elif not _worded(text[pause.end() :]):
            yield Fault(pause[0], "nothing is said after this pause", "use 'pause:' of the block")


def pauses(text: str) -> list[str]:
    """The pauses of a text, as written."""
    return [found[0] for found in _PAUSE.finditer(text)]


def cut(text: str) -> list[Part]:
    """The text in the parts its pauses cut it into, in order. Sounds between two pauses belong to what comes next."""
    parts: list[Part] = []
    waiting, pause, at = "", 0, 0
    for found in [*_PAUSE.finditer(text), None]:
        own = f"{waiting} {text[at : found.start() if found else len(text)]}".strip()
        length = _milliseconds(found[1]) if found else 0
        if length is None:
            continue  # as a sound, for text nobody has checked
        at = found.end() if found else len(text)
        if _worded(own) or not found:
            parts.append(_part(own, pause))
            waiting, pause = "", length
        else:
            waiting, pause = own, pause + length
    return parts


def bared(text: str) -> str:
    """The text as it is shown, with what marks emphasis taken out."""
    return _EMPHASIS.sub(r"\1", text)


def _part(text: str, pause: int) -> Part:
    places = [0, *accumulate(not character.isspace() for character in text)]
    spans = []
    for number, found in enumerate(_EMPHASIS.finditer(text)):
        taken = 2 * number + 1  # asterisks before what is between these two
        spans.append((places[found.start(1)] - taken, places[found.end(1)] - taken))
    return Part(bared(text), pause, tuple(spans))


def _milliseconds(length: str) -> int | None:
    written = length.strip().replace(",", ".")
    if not _SECONDS.match(written) or not SHORTEST <= float(written) <= LONGEST:
        return None
    return round(float(written) * 1000)


def _worded(text: str) -> bool:
    return any(map(bare, sounds.hidden(_PAUSE.sub(" ", text))[0].split()))
