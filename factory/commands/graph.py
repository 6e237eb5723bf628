"""`doit graph`: the targets and their steps as a tree, in the state a build would find them in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from doit.cmd_base import DoitCmdBase
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text
from rich.tree import Tree

from factory.commands.plan import look_ahead
from factory.files import replacing
from factory.forecast import Verdict

if TYPE_CHECKING:
    from factory.forecast import TargetForecast

_STYLES = {Verdict.CURRENT: "dim", Verdict.HIT: "cyan", Verdict.MAYBE: "yellow", Verdict.RUN: "bold green"}

_WIDTH = 100
"""Columns of the drawing."""
_SVG = {
    "name": "svg",
    "short": "",
    "long": "svg",
    "type": str,
    "default": "",
    "help": "draw it into this file instead of on the terminal",
}


class Graph(DoitCmdBase):  # type: ignore[misc]  # doit ships no types
    """What is made from what."""

    doc_purpose = "show what is made from what, and what of it is up to date"
    doc_usage = "[--svg FILE] [TARGET ...]"
    cmd_options = (_SVG,)

    def _execute(self, svg: str) -> int:
        forecasts = look_ahead(self)
        makers = {path: forecast for forecast in forecasts for path in forecast.target.paths}
        used = {id(makers[path]) for each in forecasts for path in each.target.sources.values() if path in makers}
        console = Console(record=True, width=_WIDTH, file=io.StringIO()) if svg else Console()
        for forecast in forecasts:
            if id(forecast) not in used:
                tree = Tree(_line(forecast))
                _grow(tree, forecast, makers, {id(forecast)})
                console.print(tree)
        if svg:
            with replacing(Path(svg)) as temporary:
                console.save_svg(str(temporary), title="doit graph", theme=SVG_EXPORT_THEME)
        return 0


def _grow(tree: Tree, forecast: TargetForecast, makers: dict[Path, TargetForecast], shown: set[int]) -> None:
    """Add what a target is made from; what stands elsewhere in the tree is named and not repeated."""
    for step in forecast.steps:
        tree.add(_text(f"{step.name} {step.label}".rstrip(), step.verdict))
    for source in dict.fromkeys(id(makers[path]) for path in forecast.target.sources.values() if path in makers):
        behind = next(each for each in makers.values() if id(each) == source)
        branch = tree.add(_line(behind))
        if source not in shown:
            shown.add(source)
            _grow(branch, behind, makers, shown)


def _line(forecast: TargetForecast) -> Text:
    return _text(forecast.target.id, forecast.verdict)


def _text(name: str, verdict: Verdict) -> Text:
    return Text.assemble(name, "  ", (str(verdict), _STYLES[verdict]))
