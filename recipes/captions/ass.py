"""Advanced SubStation Alpha, as libass reads it: safe text, colours, times, boxes, and the Jinja2 templates.

The words come from strangers: whatever they hold is drawn as letters and never obeyed.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from recipes import fonts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factory.step import Json
    from recipes.captions.layout import Look, PlacedCue, PlacedLine, Rect

_JOINER = "\u2060"
_RTL_MARK = "\u200f"  # libass takes the direction of a line from its first letter, which may be of a Latin name
_CURVE = 0.5523  # control points of a cubic Bézier that looks like a quarter of a circle (4/3·(√2−1))


def escape(text: str) -> str:
    r"""Text libass draws literally: `{` opens no tag, `\N` breaks no line, a newline begins no new event.

    libass knows `\{`, but no escape for the backslash itself: a word joiner after it keeps it from meaning anything
    (as mpv does).
    """
    return fonts.printable(text).replace("\\", "\\" + _JOINER).replace("{", "\\{").replace("}", "\\}")


def color(value: str) -> str:
    """`#RRGGBB[AA]` as ASS writes it in a style, `&HAABBGGRR`, whose alpha counts transparency."""
    red, green, blue, alpha = value[1:3], value[3:5], value[5:7], value[7:9] or "FF"
    return f"&H{255 - int(alpha, 16):02X}{blue}{green}{red}".upper()


def time(milliseconds: int) -> str:
    """`H:MM:SS.cc`, rounded down: cues that touch still touch."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest // 10:02}"


class Writer:
    """Writes ASS documents in one style on one frame; its templates are compiled once for all of them."""

    def __init__(self, look: Look, style: Mapping[str, Json], templates: Mapping[str, str]) -> None:
        """`templates` holds `base.ass.j2` and the style's own template, which decides how the words come."""
        from jinja2 import DictLoader, StrictUndefined  # noqa: PLC0415 - a tenth of a second only this step needs
        from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

        environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(dict(templates)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters |= {"ass_color": color, "ass_time": time, "px": _pixels}
        self._template = environment.get_template(f"{style['template']}.ass.j2")
        self._look = look
        self._style = style

    def document(self, cues: Sequence[tuple[int, PlacedCue]]) -> str:
        """A complete document of cues, each with the ms to add to its times."""
        look = self._look
        return self._template.render(
            width=look.width,
            height=look.height,
            font=look.face.name,
            size=fonts.ass_size(look.font, look.em),
            outline=look.outline,
            shadow=look.shadow,
            style=self._style,
            rtl=look.rtl,
            cues=[_event(offset, placed, look, self._style) for offset, placed in cues],
        )


def _event(offset: int, placed: PlacedCue, look: Look, style: Mapping[str, Any]) -> dict[str, object]:
    """What a template may know of a cue. Times inside it are ms from its own start."""
    cue = placed.cue
    own = style["speaker_colors"].get(cue.speaker)
    return {
        "color": own or style["color"],
        "tinted": own is not None,
        "start": offset + cue.start,
        "end": offset + cue.end,
        "box": " ".join(_rounded(box, look.radius) for box in placed.boxes),
        "size": fonts.ass_size(look.font, placed.em) if placed.em != look.em else None,
        "lines": [_line(placed, line, look) for line in placed.lines],
    }


def _line(placed: PlacedCue, line: PlacedLine, look: Look) -> dict[str, object]:
    words = list(_words(placed, line, look))
    return {
        "text": (_RTL_MARK if look.rtl else "") + _drawn(line.text, look, placed.em),
        "x": line.x,
        "y": line.y,
        "words": words,
    }


def _words(placed: PlacedCue, line: PlacedLine, look: Look) -> Iterator[dict[str, object]]:
    """Each word with the time it is the spoken one: until the next one begins, so that one always is."""
    cue = placed.cue
    said = [word for word in cue.words if word.kind == "spoken"]
    following = dict(itertools.zip_longest(said, (word.start for word in said[1:]), fillvalue=cue.end)) if said else {}
    for index, item in enumerate(line.words):
        at = max(0, item.word.start - cue.start)
        until = max(at, following.get(item.word, item.word.start) - cue.start)
        letters = [_drawn(letter, look, placed.em) for letter in fonts.letters(item.text)]
        pace = max(0, item.word.end - item.word.start) / len(letters)
        yield {
            "text": _drawn(item.text, look, placed.em),
            "after": " " if index + 1 < len(line.words) and line.words[index + 1].word.space else "",
            "spoken": item.word.kind == "spoken",
            "x": item.x,
            "y": item.y,
            "swell": item.swell * 100,
            "at": at,
            "until": until,
            "last": item.word is said[-1] if said else False,
            "letters": [{"text": letter, "at": round(at + pace * index)} for index, letter in enumerate(letters)],
        }


def _drawn(text: str, look: Look, em: float) -> str:
    """The text as letters, its emoji in their own font at the size of the rest."""
    parts = [
        escape(part)
        if file == look.font
        else f"{{\\fn{fonts.EMOJI_NAME}\\fs{_pixels(fonts.ass_size(file, em))}}}{escape(part)}"
        f"{{\\fn{look.face.name}\\fs{_pixels(fonts.ass_size(look.font, em))}}}"
        for part, file in fonts.runs(look.font, text)
    ]
    return "".join(parts)


def _rounded(box: Rect, radius: float) -> str:
    """A rounded rectangle in ASS drawing commands, clockwise."""
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    r = min(radius, (right - left) / 2, (bottom - top) / 2)
    k = r * (1 - _CURVE)

    def at(*numbers: float) -> str:
        return " ".join(_pixels(number) for number in numbers)

    return (
        f"m {at(left + r, top)} l {at(right - r, top)} "
        f"b {at(right - k, top, right, top + k, right, top + r)} l {at(right, bottom - r)} "
        f"b {at(right, bottom - k, right - k, bottom, right - r, bottom)} l {at(left + r, bottom)} "
        f"b {at(left + k, bottom, left, bottom - k, left, bottom - r)} l {at(left, top + r)} "
        f"b {at(left, top + k, left + k, top, left + r, top)}"
    )


def _pixels(number: float) -> str:
    """A coordinate to a hundredth of a pixel, in as few characters as say it."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
