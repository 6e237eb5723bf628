"""What is wrong, where, and how to mend it: said the way a compiler says it.

    projects/demo/project.yaml:12:7: unknown key 'titel'
       12 |       titel: Луна
          |       ^^^^^ did you mean 'title'?

The first line is the form editors and terminals make clickable (GNU Coding Standards, "Formatting Error Messages").
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_WIDTH = 100
"""Columns of source shown; a longer line is cut to a window around the mistake."""
_RED, _BOLD, _GREEN, _PLAIN = "\x1b[31m", "\x1b[1m", "\x1b[32m", "\x1b[0m"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Place:
    """Where something stands. `line` and `column` count from 1, `column` and `length` in characters."""

    file: str
    line: int = 1
    column: int = 1
    length: int = 1
    source: str = ""
    """The whole source line, so that it can be shown without the file."""
    note: str = ""
    """Background that every problem here comes with, e.g. which row a text came from."""

    def problem(self, message: str, *, hint: str = "", note: str = "") -> Problem:
        """A mistake standing here."""
        return Problem(self.file, self.line, self.column, message, hint, self.source, self.length, note or self.note)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One mistake in one place. `str` is its plain text; `render(colour=True)` is for a terminal."""

    file: str
    """Relative to the root of the work, as a person would type it."""
    line: int
    column: int
    message: str
    """What is wrong and, where that is short, what was expected."""
    hint: str = ""
    """What to do: `did you mean 'title'?`."""
    source: str = ""
    length: int = 1
    note: str = ""
    """One more line of background, e.g. which template a text came from."""

    def render(self, *, colour: bool = False) -> str:
        """The text of the problem. Control characters of the source never reach the terminal."""
        red, bold, green, plain = (_RED, _BOLD, _GREEN, _PLAIN) if colour else ("", "", "", "")
        lines = [f"{bold}{self.file}:{self.line}:{self.column}:{plain} {printable(self.message)}"]
        if self.source.strip():
            shown, column = _window(self.source, self.column)
            length = max(1, min(self.length, len(shown) - column + 1))
            number = f"{self.line:>5}"
            pad = "".join("\t" if char == "\t" else " " * _columns(char) for char in shown[: column - 1])
            carets = "^" * max(1, sum(map(_columns, shown[column - 1 : column - 1 + length])))
            lines.append(f"{number} | {shown}")
            lines.append(f"{' ' * len(number)} | {pad}{red}{carets}{plain}")
            if self.hint:
                lines[-1] += f" {green}{printable(self.hint)}{plain}"
        elif self.hint:
            lines.append(f"      = {green}{printable(self.hint)}{plain}")
        if self.note:
            lines.append(f"      = {printable(self.note)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.render()


def printable(text: str) -> str:
    """The text with control and bidirectional-override characters made visible: a spec may come from a stranger."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean 'title'?` for the nearest known word, or nothing when none is near.

    Letters of a neighbouring case count as equal, since `Crossfade` is the commonest slip of all.
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean '{folded[near[0]]}'?" if near else ""


def _window(source: str, column: int) -> tuple[str, int]:
    text = printable(source.rstrip())
    if len(text) <= _WIDTH:
        return text, column
    start = max(0, min(column - 1 - _WIDTH // 3, len(text) - _WIDTH))
    cut = ("…" if start else "") + text[start : start + _WIDTH] + ("…" if start + _WIDTH < len(text) else "")
    return cut, column - start + bool(start)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
