"""From words with times to cues: which words are shown together, on which lines, and for how long.

Cues and line breaks are found together, as the cheapest of all ways to cut a block (dynamic programming, as TeX breaks
a paragraph), because a greedy cut leaves its debts to the last line. What is dear: a break against grammar
(`recipes.captions.grammar`), a short flash, an unbalanced pair of lines, a pause or a full stop inside a cue.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from recipes.captions import grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINE_CHARACTERS = {"ru": 39, "en": 42, "ja": 13, "ko": 16, "zh": 16, "yue": 16}
"""Netflix's limits for a line; other alphabets take the English one."""
SHORTEST, LONGEST = 833, 7000
"""How long a phrase stays, in ms (Netflix: 5/6 s to 7 s)."""
FLASH = 280
"""What a group of a few words needs to be seen at all, in ms."""
UNSEEN = 70
"""How early, in ms, a caption may come before its word without looking early."""
CLOSE = 500
"""A smaller gap than this, in ms, is closed: a caption that blinks off and on draws the eye for nothing."""
SPEED_WARN, SPEED_FAIL = 17.0, 21.0
"""Reading speed in characters per second: comfortable, and what an adult still follows."""
DENSITY = {"ja": 4 / 17, "ko": 12 / 17, "zh": 9 / 17, "yue": 9 / 17}
"""The share of those speeds where one character says more than a letter does (Netflix: Japanese 4, Chinese 9)."""


@dataclass(frozen=True)
class Word:
    """A shown word and when it is said, in ms of its block; `sentence` is its ordinal in the block."""

    text: str
    start: int
    end: int
    sentence: int
    kind: Literal["spoken", "speaker", "sound"] = "spoken"
    """What it is: said, the name of who says what follows, or a noise."""
    space: bool = True
    """Whether there is a space before it, unless it begins a line."""


def joined(words: Sequence[Word]) -> str:
    """The words as one line of text."""
    return "".join(f" {word.text}" if index and word.space else word.text for index, word in enumerate(words))


@dataclass(frozen=True)
class Cue:
    """Words shown together, from `start` to `end` ms of their block."""

    start: int
    end: int
    lines: tuple[tuple[Word, ...], ...]
    speaker: str = ""

    @property
    def words(self) -> tuple[Word, ...]:
        """All of its words, in reading order."""
        return tuple(word for line in self.lines for word in line)

    @property
    def text(self) -> tuple[str, ...]:
        """Its lines as text."""
        return tuple(map(joined, self.lines))

    @property
    def speed(self) -> float:
        """Characters a reader has to take in per second, spaces included."""
        return len(" ".join(self.text)) * 1000 / max(1, self.end - self.start)


@dataclass(frozen=True)
class Rules:
    """What a cue may be."""

    language: str
    measure: Callable[[str], float]
    """Width of a line of text, in the unit of `width`."""
    width: float
    characters: int
    lines: int
    words: int
    """At most so many in a cue; 0 means a phrase, as many as the lines hold."""
    lead: int
    lag: int
    """How much earlier a cue appears than its first word, and later it goes than its last, in ms."""
    frame: float
    """Milliseconds of one frame: a gap is two of them or none."""


def build(words: Sequence[Word], length: int, rules: Rules) -> list[Cue]:
    """The cues of one block of `length` ms. Every word is in exactly one, in order; no two overlap.

    A word too wide for a line gets a line to itself: it is the layout's to shrink it.
    """
    if not words:
        return []
    cutter = _Cutter(words, rules)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        options = [(best[begin][0] + cutter.price(begin, end), begin) for begin in cutter.begins(end)]
        best.append(min(options))
    cuts = [len(words)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    cuts.reverse()
    return _time([cutter.lines(begin, end) for begin, end in itertools.pairwise(cuts)], length, rules)


class _Cutter:
    """Prices one candidate cue, the words from `begin` to before `end`."""

    def __init__(self, words: Sequence[Word], rules: Rules) -> None:
        self._words = words
        self._rules = rules
        self._penalty = [_penalty(a, b, rules.language) for a, b in itertools.pairwise(words)] + [0.0]
        space = rules.measure("a a") - rules.measure("aa")
        self._space = [space if word.space else 0.0 for word in words]
        self._right, self._size = [0.0], [0]  # sums over the first n words, each with the space before it
        for word, before in zip(words, self._space, strict=True):
            self._right.append(self._right[-1] + before + rules.measure(word.text))
            self._size.append(self._size[-1] + word.space + len(word.text))

    def begins(self, end: int) -> list[int]:
        """Where a cue that ends before `end` may begin: always at least with its last word."""
        first = max(0, end - self._rules.words) if self._rules.words else 0
        if first and self._words[first - 1].kind == "speaker":
            first -= 1
        found = [end - 1]
        for begin in range(end - 2, first - 1, -1):
            if self._break(begin, end) is None:
                break
            found.append(begin)
        return found

    def price(self, begin: int, end: int) -> float:
        """How much is wrong with this cue, and with the break at its end."""
        words, phrase = self._words, not self._rules.words
        broken = self._break(begin, end)
        price = self._penalty[end - 1] + (broken[0] if broken else 0.0)
        shown = words[end - 1].end - words[begin].start
        if end < len(words) and words[end].start - words[end - 1].end < CLOSE:
            shown = words[end].start - words[begin].start
        said = sum(word.kind == "spoken" for word in words[begin:end])
        least = SHORTEST if phrase or not said else FLASH
        price += 400 * max(0.0, 1 - shown / least)
        price += max(0, shown - LONGEST) if phrase else 10 * (said - 3) ** 2
        for left, right in zip(range(begin, end), range(begin + 1, end), strict=False):
            pause = words[right].start - words[left].end
            price += min(300.0, max(0, pause - 300) / 2)
            if words[left].sentence != words[right].sentence:
                price += 60 if phrase else 400
            elif not phrase and self._penalty[left] <= grammar.CLAUSE_END and words[left].kind == words[right].kind:
                price += 60
        return price + (70 if phrase else 20)  # each cue is one more thing to look at

    def lines(self, begin: int, end: int) -> tuple[tuple[Word, ...], ...]:
        """The words of this cue on its lines."""
        broken = self._break(begin, end)
        if broken is None or broken[1] is None:
            return (tuple(self._words[begin:end]),)
        return (tuple(self._words[begin : broken[1]]), tuple(self._words[broken[1] : end]))

    def _break(self, begin: int, end: int) -> tuple[float, int | None] | None:
        """The cheapest way to set these words: its price and the word the second line begins with, None for one line.

        None when they do not fit at all.
        """
        if self._fits(begin, end):
            return 0.0, None
        best: tuple[float, int | None] | None = None
        if self._rules.lines > 1:
            for middle in range(begin + 1, end):
                if self._fits(begin, middle) and self._fits(middle, end):
                    top, bottom = self._width(begin, middle), self._width(middle, end)
                    # Equal lines are best, and a longer bottom line is better than a longer top one.
                    skew = (top - bottom) / max(top, bottom)
                    price = 0.7 * self._penalty[middle - 1] + 120 * skew**2 + (12 if skew > 0 else 0)
                    if best is None or price < best[0]:
                        best = price, middle
        return best

    def _fits(self, begin: int, end: int) -> bool:
        characters = self._size[end] - self._size[begin] - self._words[begin].space
        return characters <= self._rules.characters and self._width(begin, end) <= self._rules.width

    def _width(self, begin: int, end: int) -> float:
        return self._right[end] - self._right[begin] - self._space[begin]


def _penalty(left: Word, right: Word, language: str) -> float:
    if left.kind == "speaker":
        return grammar.FORBIDDEN
    if left.kind != right.kind:
        return grammar.CLAUSE_END
    if left.kind == "sound":
        return grammar.TIGHT
    return grammar.penalty(left.text, right.text, language)


def line_characters(language: str) -> int:
    """How many characters a line holds in a language."""
    return LINE_CHARACTERS.get(language.partition("-")[0].lower(), LINE_CHARACTERS["en"])


def density(language: str) -> float:
    """What the reading speeds are multiplied by in a language."""
    return DENSITY.get(language.partition("-")[0].lower(), 1.0)


def _time(cues: Sequence[tuple[tuple[Word, ...], ...]], length: int, rules: Rules) -> list[Cue]:
    """When each cue shows: with its words, kept on for the reader where there is room, gaps closed or wide enough."""
    timed: list[Cue] = []
    least = 0 if rules.words else SHORTEST
    starts = [max(0, lines[0][0].start - rules.lead) for lines in cues]
    if starts[0] < min(2 * rules.frame, UNSEEN):
        starts[0] = 0  # the block before may end with its caption: no blink where the two meet
    for index, lines in enumerate(cues):
        start = max(starts[index], timed[-1].end if timed else 0)
        limit = max(starts[index + 1], start + 10) if index + 1 < len(cues) else max(length, start + 10)
        if index + 1 < len(cues) and not any(word.kind == "spoken" for line in lines for word in line):
            # Nobody waits for a sound to be read; the words after it may come a little late instead.
            limit = max(limit, min(start + SHORTEST, cues[index + 1][-1][-1].end - FLASH))
        said = max(lines[-1][-1].end, start + 10)
        needed = sum(len(joined(line)) + 1 for line in lines) * 1000 / (SPEED_WARN * density(rules.language))
        # Kept on by half a second at most for the reader's sake, and until the next one if that comes soon.
        end = max(said + rules.lag, start + least, min(start + needed, said + CLOSE) if not rules.words else 0)
        if limit - end <= max(CLOSE, 2 * rules.frame):
            end = limit
        timed.append(Cue(start, round(min(end, limit)), lines))
    return timed
