"""`[дверь скрипит]`: what is heard and shown in captions, but is not said by the voice.

Subtitles for the deaf write sounds in square brackets (Netflix Timed Text Style Guide, "Sound effects"). They are
taken out before a text is split and read, so that no rule of reading sees them, and put back as silent pieces.
"""

from __future__ import annotations

import re

from recipes.text.pieces import Piece

MARK = "\U000f0000"
"""Stands in a text for a sound: of private use, so no sentence or word of any language has it."""

# With a letter in it: `[1]` is a reference, and read as ever.
_SOUND = re.compile(r"\[[^\[\]\n]*[^\W\d_][^\[\]\n]*\][^\s\w\[]*")
_AFTER_SENTENCE = re.compile(rf"([.!?…][»”\"')]*)\s+(?={MARK})")


def hidden(text: str) -> tuple[str, list[str]]:
    """The text with a mark for each sound, and the sounds. One after the end of a sentence begins the next."""
    text = text.replace(MARK, " ")
    sounds = [" ".join(found.split()) for found in _SOUND.findall(text)]
    return _AFTER_SENTENCE.sub(r"\1\n\n", _SOUND.sub(MARK, text)), sounds


def is_sound(token: str) -> bool:
    """Whether a shown piece of text is a sound."""
    return _SOUND.fullmatch(token) is not None


def piece(sound: str) -> Piece:
    """A sound as a piece of a sentence: shown whole, never spoken."""
    return Piece(sound, ())
