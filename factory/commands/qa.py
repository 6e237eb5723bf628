"""`doit qa`: is every finished video right? Makes what is missing, checks it, and tells all of it in one table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory.commands.run import Run
from factory.commands.validate import root
from factory.errors import SpecError

if TYPE_CHECKING:
    from doit.cmdparse import DefaultUpdate
    from rich.text import Text

_COLOURS = {"pass": "green", "warn": "yellow", "fail": "bold red", "none": "red"}
_MARKS = {"pass": "✓", "warn": "!", "fail": "✗"}


class Qa(Run):
    """Exit code 0 when no check of any video fails (a warning is not a failure), 1 when one does."""

    doc_purpose = "check finished videos: speech, captions, sound, picture"
    doc_usage = "[PROJECT/VIDEO ...]"

    def execute(self, params: DefaultUpdate, args: list[str]) -> int:
        """Make the `quality` targets of the videos named, or of all, and show what they say."""
        from recipes.spec import load_videos  # noqa: PLC0415  # this module is loaded for `doit help` too

        here = root(Path.cwd())
        try:
            known = {video.name: video.folder for video in load_videos(here)}
        except SpecError as mistake:
            sys.stderr.write(f"{mistake}\n")
            return 2
        names = [name.removeprefix("quality:") for name in args] or list(known)
        if unknown := [name for name in names if name not in known]:
            sys.stderr.write(f"there is no video {', '.join(unknown)}; there are {', '.join(known)}\n")
            return 2
        params["continue"] = True
        code = super().execute(params, [f"quality:{name}" for name in names])
        return max(code, 1 if _table({name: known[name] for name in names}, here) else 0)


def _table(folders: dict[str, Path], here: Path) -> bool:
    """Print a row for each video; whether any has failed or was not checked."""
    from rich.console import Console  # noqa: PLC0415  # 60 ms that other commands need not pay
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console()
    results = {name: _read(folder / "qa.json") for name, folder in folders.items()}
    table = Table(box=None, pad_edge=False)
    for column in ("video", "", "heard wrong", "captions off by", "loudness", "to look at"):
        table.add_column(column, no_wrap=column == "video")
    for name, result in results.items():
        if result is None:
            table.add_row(name, Text("not checked", _COLOURS["none"]), "", "", "", "")
            continue
        checks = {check["name"]: check for check in result["checks"]}
        row = [checks[key]["value"] for key in ("said_as_written", "on_time", "loud_enough")]
        row = [row[0].partition(";")[0], row[1].rpartition(",")[0] or row[1], row[2]]
        table.add_row(name, Text(result["status"], _COLOURS[result["status"]]), *row, _faults(result["checks"]))
    console.print(table)
    for name, result in results.items():
        for check in result["checks"] if result else ():
            if check["status"] == "fail":
                console.print(Text(f"\n{name}: {check['title']}, {check['value']} (limit {check['limit']})", "red"))
                console.print(Text("\n".join(f"  {fault}" for fault in check["faults"])), soft_wrap=True)
    for page in [folders[name] / "qa.html" for name, result in results.items() if result]:
        console.print(Text(str(page.relative_to(here) if page.is_relative_to(here) else page), "dim"), soft_wrap=True)
    return any(result is None or result["status"] == "fail" for result in results.values())


def _faults(checks: list[dict[str, Any]]) -> Text:
    from rich.text import Text  # noqa: PLC0415  # see _table

    told = [
        Text(f"{_MARKS[check['status']]} {check['title'].lower()}", _COLOURS[check["status"]])
        for check in sorted(checks, key=lambda check: str(check["status"]))
        if check["status"] != "pass"
    ]
    return Text(", ").join(told) if told else Text("nothing", "dim")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        result: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return result
