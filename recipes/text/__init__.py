"""Text as it is shown, and text as it is spoken, tied together word by word.

Captions show the script exactly as its author wrote it (`25 %`), a voice is given words (`двадцать пять процентов`),
and each shown piece knows its spoken words, so that their times become its time.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recipes.text import marks, sounds, spans
from recipes.text.pieces import Piece, bare
from recipes.text.sentences import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Sentence", "Token", "prepare"]

_SILENT = frozenset({"So", "Sk", "Me", "Cf", "Co"})
"""Categories of what makes up emoji: symbols, skin tones, enclosing keycaps, joiners."""
_VARIANTS = frozenset("\ufe0e\ufe0f")
_NAMED = frozenset("°№℃℉")
"""Symbols too, but no pictures: a voice knows their names where no rule has put them in words."""


@dataclass(frozen=True)
class Token:
    """A piece of the shown text and the words it is spoken with; none for a piece that is silent, as a lone dash.

    `text` has no outer whitespace; it may hold an inner space where one thing is written in parts (`25 %`).
    """

    text: str
    spoken: tuple[str, ...]
    emphasised: bool = False


@dataclass(frozen=True)
class Sentence:
    """One sentence, or what a pause cuts off one.

    `spoken` is what a voice is given: words with the punctuation that shapes their melody, no digits.

    Its words are, in order and but for punctuation, those of the tokens; `text` is the tokens joined by a space.
    Digits stay only in a language that num2words does not know, or where no rule can tell what they are (`3:1`).
    """

    text: str
    spoken: str
    tokens: tuple[Token, ...]
    pause: int = 0
    """Milliseconds of silence asked for before it; 0 where it follows as ever."""


def prepare(text: str, language: str, lexicon: Mapping[str, str]) -> list[Sentence]:
    """Split a text into sentences and work out how each is spoken.

    Args:
        text: what the author wrote; an empty line ends a sentence, all other whitespace is one space. `[In brackets]`
            stands a sound, which is shown and not spoken; `[pause 0.5]` and `*emphasis*` are marks, and not shown.
        language: BCP 47. Russian and English have rules of their own; in another language only the lexicon is applied
            and numbers are spelled by num2words where it knows the language.
        lexicon: word or phrase as written → as spoken, stress marked by U+0301 after the vowel. Whole words only; a
            key matches its own spelling, and any capitalisation of it where the key is in lower case.

    Returns:
        The sentences, of which those that have nothing to say (`…`) are joined to their neighbours. A text of sounds
        alone (`[шум моря]`) is one sentence that is not spoken.
    """
    parts = marks.cut(text)
    said: list[Sentence] = []
    for number, part in enumerate(parts):
        sentences = _emphasised(_prepared(part.text, language, lexicon), part)
        if sentences and number:
            sentences[0] = replace(sentences[0], pause=part.pause)
        if sentences and number < len(parts) - 1 and bare(sentences[-1].spoken).endswith(sentences[-1].spoken[-1:]):
            # The voice goes on after the pause: its melody must not say that it ends here.
            sentences[-1] = replace(sentences[-1], spoken=f"{sentences[-1].spoken},")
        said += sentences
    return said


def _prepared(text: str, language: str, lexicon: Mapping[str, str]) -> list[Sentence]:
    marked, found = sounds.hidden(text)
    waiting = iter(found)
    spoken = [
        _sentence(pieces)
        for sentence in split(marked, language)
        if (pieces := _pieces(sentence, language, lexicon, waiting))
    ]
    return spoken or ([_sentence([sounds.piece(sound) for sound in found])] if found else [])


def _emphasised(sentences: list[Sentence], part: marks.Part) -> list[Sentence]:
    """The sentences of a part with the tokens marked that its emphasis touches."""
    if not part.emphasised:
        return sentences
    at = 0
    marked = []
    for sentence in sentences:
        tokens = []
        for token in sentence.tokens:
            end = at + len("".join(token.text.split()))
            touched = any(first < end and at < last for first, last in part.emphasised)
            tokens.append(replace(token, emphasised=touched))
            at = end
        marked.append(replace(sentence, tokens=tuple(tokens)))
    return marked


def _pieces(sentence: str, language: str, lexicon: Mapping[str, str], waiting: Iterator[str]) -> list[Piece]:
    """The pieces of a sentence, the next sounds in the places of their marks."""
    parts = sentence.split(sounds.MARK)
    pieces = _speak(parts[0], language, lexicon) if parts[0].strip() else []
    for part in parts[1:]:
        sound = next(waiting)
        if pieces and pieces[-1].words and sound[-1] in ",;:.!?…":
            # The voice pauses or ends where the sound stands: its punctuation is that of the word before.
            *others, last = pieces[-1].words
            pieces[-1] = Piece(pieces[-1].text, (*others, last.rstrip(",;:") + sound[-1]))
        pieces.append(sounds.piece(sound))
        pieces += _speak(part, language, lexicon) if part.strip() else []
    return pieces


def _speak(sentence: str, language: str, lexicon: Mapping[str, str]) -> list[Piece]:
    # Imported when first needed: the Russian side loads a morphological dictionary.
    short = language.partition("-")[0]
    if short == "ru":
        from recipes.text.russian import speak  # noqa: PLC0415

        return speak(sentence, lexicon)
    if short == "en":
        from recipes.text.readings import RULES, spell  # noqa: PLC0415

        return spans.speak(sentence, lexicon, RULES, spell)
    from recipes.text import elsewhere  # noqa: PLC0415

    return spans.speak(sentence, lexicon, elsewhere.rules(language), elsewhere.spell)


def _sentence(pieces: list[Piece]) -> Sentence:
    pieces = [Piece(piece.text, tuple(filter(None, map(_audible, piece.words)))) for piece in pieces]
    return Sentence(
        text=" ".join(piece.text for piece in pieces),
        spoken=" ".join(word for piece in pieces for word in piece.words),
        tokens=tuple(Token(piece.text, tuple(bare(word) for word in piece.words)) for piece in pieces),
    )


def _audible(word: str) -> str:
    """A spoken word without pictographs: some voices read their names out, as “crescent moon”."""
    return "".join(
        char for char in word if char in _NAMED or (unicodedata.category(char) not in _SILENT and char not in _VARIANTS)
    )
