"""qa.html: one page for a person, with nothing to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recipes.quality.check import clock, frame
from recipes.sound import loudness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recipes.quality.check import Facts

_WIDTH, _HEIGHT = 1000, 120
_QUIETEST, _LOUDEST = -50.0, 0.0  # LUFS, of the graph
_POINTS = 500


def write(template: str, title: str, result: Mapping[str, Any], facts: Facts) -> str:
    """The page, from its template: every text is escaped, whoever wrote it."""
    from jinja2 import StrictUndefined  # noqa: PLC0415  # a tenth of a second only this step needs
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["clock"] = clock
    lasts = frame(facts)
    seconds = max(lasts, facts["words"]["frames"] * lasts)
    blocks = facts["words"]["blocks"]
    pictures = facts["picture"]["thumbnails"]
    step = max(1, -(-len(blocks) // max(1, len(pictures))))
    return environment.from_string(template).render(
        title=title,
        result=result,
        language=facts["script"]["language"],
        seconds=seconds,
        strip=[
            {"id": block["id"], "at": block["start_frame"] * lasts, "url": url}
            for block, url in zip(blocks[::step], pictures, strict=False)
        ],
        width=_WIDTH,
        height=_HEIGHT,
        curve=_curve(facts["sound"]["momentary"]),
        target=_y(loudness.TARGET),
        goal=f"{loudness.TARGET:g}".replace("-", "−"),
        seams=[round(block["start_frame"] * lasts / seconds * _WIDTH, 1) for block in blocks],
    )


def _curve(momentary: Sequence[float]) -> str:
    """Loudness over time (400 ms, EBU R 128) as the points of an SVG polygon."""
    size = max(1, -(-len(momentary) // _POINTS))
    levels = [max(momentary[at : at + size]) for at in range(0, len(momentary), size)] or [_QUIETEST]
    last = max(1, len(levels) - 1)
    points = [f"{number / last * _WIDTH:.1f},{_y(level)}" for number, level in enumerate(levels)]
    return " ".join([f"0,{_HEIGHT}", *points, f"{_WIDTH},{_HEIGHT}"])


def _y(level: float) -> float:
    share = (min(max(level, _QUIETEST), _LOUDEST) - _QUIETEST) / (_LOUDEST - _QUIETEST)
    return round(_HEIGHT * (1 - share), 1)
