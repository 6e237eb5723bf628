"""Reading by rules, each of which rewrites a span of the shown text: which words belong to which piece is then known.

Russian, whose numbers take their case from the whole sentence, is read otherwise (`recipes.text.russian`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recipes.text.pieces import Piece, bare, chunk, pronounce, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

type Reading = Callable[[re.Match[str]], str | None]
"""What a match is read as; None where it turns out to be something else."""
type Rule = tuple[re.Pattern[str], Reading]


def speak(sentence: str, lexicon: Mapping[str, str], rules: Sequence[Rule], spell: Callable[[str], str]) -> list[Piece]:
    """The shown pieces of one sentence with their spoken words.

    `rules` in their order, the first that fits wins; `spell` makes words of the figures they leave.
    """
    spans = _spans(sentence, lexicon, rules)
    pieces: list[Piece] = []
    text, words = "", list[str]()
    at = 0
    for shown in chunk(sentence):
        start = sentence.index(shown, at)
        at = start + len(shown)
        text = f"{text} {shown}" if text else shown
        words.append(spell(_rewrite(sentence, start, at, spans)))
        if any(begin < at < end for begin, end, _ in spans):
            continue  # one reading covers this piece and the next: they stay together
        pieces.append(Piece(text, tuple(settle(" ".join(words).split()))))
        text, words = "", []
    return _pause(pieces)


def _spans(sentence: str, lexicon: Mapping[str, str], rules: Sequence[Rule]) -> list[tuple[int, int, str]]:
    """Non-overlapping (start, end, spoken), the author's own first, then the rules in their order."""
    taken: list[tuple[int, int, str]] = []

    def take(start: int, end: int, spoken: str) -> None:
        if not any(start < other_end and other_start < end for other_start, other_end, _ in taken):
            taken.append((start, end, spoken))

    for written in sorted(lexicon, key=lambda key: (-len(key), key)):
        flags = re.IGNORECASE if written.islower() else 0
        for match in re.finditer(rf"(?<!\w){re.escape(written)}(?!\w)", sentence, flags):
            take(match.start(), match.end(), pronounce(match.group(), {written: lexicon[written]}))
    for pattern, reading in rules:
        for match in pattern.finditer(sentence):
            spoken = reading(match)
            if spoken is not None:
                take(match.start(), match.end(), spoken)
    return sorted(taken)


def _rewrite(sentence: str, start: int, end: int, spans: list[tuple[int, int, str]]) -> str:
    """The spoken form of `sentence[start:end]`; a span is spoken where it begins."""
    out, at = "", start
    for begin, stop, spoken in spans:
        if stop <= start or begin >= end:
            continue
        if begin >= start:
            out += sentence[at:begin] + spoken
        at = min(stop, end)
    return out + sentence[at:end]


def _pause(pieces: list[Piece]) -> list[Piece]:
    """A silent piece (a dash) is a pause: a comma after the word before it."""
    spoken: list[Piece] = []
    for piece in pieces:
        if not piece.words and spoken and spoken[-1].words and not bare(piece.text):
            last = spoken[-1]
            spoken[-1] = Piece(last.text, tuple(settle([*last.words, piece.text])))
        spoken.append(piece)
    return spoken
