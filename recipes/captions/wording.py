"""From words.json to the words of captions: names of speakers before them, sounds among them, scripts without spaces.

Also the words of a translation, which nobody speaks: they take their times from the sentences they translate.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from recipes.captions import unspaced
from recipes.captions.cues import Word
from recipes.sound.showing import SOUND
from recipes.text import marks
from recipes.text.sentences import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

type Naming = Literal["name", "dash", "none"]
"""How captions say that another person speaks: `АННА:`, as subtitles for the deaf do, `-` as for a dialogue, or not."""


def spoken(block: Mapping[str, Any], language: str, prefix: str = "") -> list[Word]:
    """The words of a block of words.json; `prefix` (see `prefixes`) stands before the first."""
    words: list[Word] = []
    for word in block["words"]:
        kind: Literal["spoken", "sound"] = "sound" if word["source"] == SOUND else "spoken"
        parts = word["text"].split() if kind == "sound" else [word["text"]]
        for part in parts:
            words += _parted(Word(part, word["start"], word["end"], word["sentence"], kind), language)
    return _prefixed(_spaced(words), prefix)


def translated(block: Mapping[str, Any], text: str, language: str, length: int, prefix: str = "") -> list[Word]:
    """The words of a translation of a block of words.json that is `length` ms long.

    A sentence has the time of the sentence it translates; where there are more or fewer of them, the text is spread
    over all that is said. Inside that time goes by characters.
    """
    sentences = [sentence for part in marks.cut(text) for sentence in split(part.text, language) or [part.text]]
    times: dict[int, tuple[int, int]] = {}
    for word in block["words"]:
        begin, _ = times.get(word["sentence"], (word["start"], 0))
        times[word["sentence"]] = (begin, word["end"])
    if len(times) == len(sentences):
        spans = [times[key] for key in sorted(times)]
    else:
        whole = (min(begin for begin, _ in times.values()), max(end for _, end in times.values())) if times else None
        spans = list(_shared(*(whole or (0, length)), [len(sentence) for sentence in sentences]))
    words: list[Word] = []
    for number, (sentence, (begin, end)) in enumerate(zip(sentences, spans, strict=True)):
        parts = sentence.split()
        for part, (start, stop) in zip(parts, _shared(begin, end, [len(part) + 1 for part in parts]), strict=True):
            words += _parted(Word(part, start, stop, number), language)
    return _prefixed(_spaced(words), prefix)


def prefixes(speakers: Sequence[str], naming: Naming) -> list[str]:
    """What stands before the first word of each block: who speaks now, where that is somebody else than before."""
    found = []
    before = ""
    for speaker in speakers:
        changed = bool(speaker) and speaker != before and naming != "none"
        found.append((f"{speaker.upper()}:" if naming == "name" else "-") if changed else "")
        before = speaker
    return found


def _parted(word: Word, language: str) -> Iterator[Word]:
    """A word, or the pieces of what is written without spaces, each with its share of the time."""
    parts = unspaced.pieces(word.text, language) if unspaced.is_unspaced(word.text) else [word.text]
    times = [(word.start, word.end)] * len(parts)
    if word.kind == "spoken":
        times = list(_shared(word.start, word.end, [len(part) for part in parts]))
    for number, (part, (start, end)) in enumerate(zip(parts, times, strict=True)):
        yield replace(word, text=part, start=start, end=end, space=not number)


def _shared(start: int, end: int, weights: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The time from `start` to `end`, in parts as large as the weights."""
    marks = itertools.accumulate(weights, initial=0)
    whole = max(1, sum(weights))
    yield from itertools.pairwise(start + (end - start) * mark // whole for mark in marks)


def _spaced(words: Sequence[Word]) -> list[Word]:
    """The words with no space where two texts without spaces meet."""
    return [
        replace(word, space=word.space and not (index and unspaced.touch(words[index - 1].text, word.text)))
        for index, word in enumerate(words)
    ]


def _prefixed(words: list[Word], prefix: str) -> list[Word]:
    if not prefix or not words:
        return words
    first = words[0]
    name = Word(prefix, first.start, first.start, first.sentence, "speaker")
    return [name, replace(first, space=prefix != "-"), *words[1:]]
