"""Are captions broken where a reader would pause? Our corpus and some paragraphs, cut in every style.

    uv run python -m benchmarks.captions

Words last as long as their spoken letters, 16 a second. A line is lost that ends with what belongs to the next, as a
preposition, an article or a number before its unit (`grammar.FORBIDDEN`).
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.speech import lines
from recipes import fonts
from recipes.captions import cues, grammar, layout, styles
from recipes.text import Sentence, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAGRAPHS = Path(__file__).parent / "speech"
VERTICAL: tuple[tuple[int, int], dict[str, Any]] = ((1080, 1920), {"top": 150, "right": 180, "bottom": 250, "left": 60})
LANDSCAPE: tuple[tuple[int, int], dict[str, Any]] = ((1920, 1080), {"top": 50, "right": 50, "bottom": 80, "left": 50})
PER_LETTER, BETWEEN_SENTENCES = 62, 350
"""Milliseconds."""
FRAME = 1000 / 30


def main() -> None:
    """Cut, count and print."""
    print("language  style       lines   lost  cues under 5/6 s  over 7 s")
    for language in ("ru", "en"):
        blocks = [list(_words(block)) for block in _blocks(language)]
        for style in ("subtitles", *styles.names()):
            _report(language, style, blocks)


def _report(language: str, style: str, blocks: list[list[cues.Word]]) -> None:
    rules = _rules(language, style)
    total = lost = short = long = 0
    for words in blocks:
        made = cues.build(words, words[-1].end + BETWEEN_SENTENCES, rules)
        for line, after in itertools.pairwise(line for cue in made for line in cue.lines):
            total += 1
            lost += grammar.penalty(line[-1].text, after[0].text, language) >= grammar.FORBIDDEN
        short += sum(cue.end - cue.start < cues.SHORTEST - FRAME for cue in made)
        long += sum(cue.end - cue.start > cues.LONGEST + FRAME for cue in made)
    print(f"{language:9} {style:10} {total:6} {lost:6} {short:17} {long:9}")


def _rules(language: str, style: str) -> cues.Rules:
    """Those of subtitle files, or those of a style in the format it is made for."""
    if style == "subtitles":
        limits: dict[str, Any] = {"measure": lambda text: float(len(text)), "width": math.inf, "lines": 2, "words": 0}
    else:
        own: Any = styles.load(style, {})
        frame, safe = LANDSCAPE if style == "longform" else VERTICAL
        look = layout.look(own, frame, safe, fonts.resolve(own["font"]), language=language)
        limits = {"measure": look.measure, "width": look.room, "lines": own["lines"], "words": own["words"]}
    characters = cues.line_characters(language)
    return cues.Rules(language=language, characters=characters, lead=0, lag=0, frame=FRAME, **limits)


def _blocks(language: str) -> Iterator[list[Sentence]]:
    """Three lines of the corpus at a time, and each paragraph."""
    texts = [text for corpus in (language, f"unseen-{language}") for _, text, _ in lines(corpus)]
    for three in itertools.batched(texts, 3):
        yield prepare(" ".join(three), language, {})
    for paragraph in (PARAGRAPHS / f"{language}.txt").read_text("utf-8").splitlines():
        yield prepare(paragraph, language, {})


def _words(block: list[Sentence]) -> Iterator[cues.Word]:
    at = 0
    for number, sentence in enumerate(block):
        for token in sentence.tokens:
            length = sum(map(len, token.spoken)) * PER_LETTER
            yield cues.Word(token.text, at, at + length, number)
            at += length
        at += BETWEEN_SENTENCES


if __name__ == "__main__":
    main()
