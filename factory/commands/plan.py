"""`doit plan`: what a build would do, why, and how long it would take, without doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doit.cmd_base import DoitCmdBase

from factory.forecast import Forecaster, TargetForecast, Verdict
from factory.selection import select

if TYPE_CHECKING:
    from doit.cmd_base import DoitCmdBase as Command


class Plan(DoitCmdBase):  # type: ignore[misc]  # doit ships no types
    """Read-only: it hashes, keys and looks up, and runs nothing."""

    doc_purpose = "show what a build would do, why, and how long it would take"
    doc_usage = "[TARGET ...]"
    cmd_options = ()

    def _execute(self) -> int:
        from rich.console import Console  # noqa: PLC0415 - commands are imported to be listed, too
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        forecasts = look_ahead(self)
        ahead = [forecast for forecast in forecasts if forecast.verdict is not Verdict.CURRENT]
        console = Console()
        if not ahead:
            console.print(f"everything is up to date ({len(forecasts)} targets)")
            return 0
        table = Table(box=None, pad_edge=False)
        for heading in ("target", "verdict", "steps", "time", "why"):
            table.add_column(heading, overflow="fold")
        for forecast in ahead:
            run = forecast.seconds(Verdict.RUN)
            most = forecast.seconds(Verdict.RUN, Verdict.MAYBE)
            time = "" if not most else f"{run:.0f} s" if run == most else f"{run:.0f} to {most:.0f} s"
            why = Text("\n".join(forecast.reasons[:3]))
            table.add_row(Text(forecast.target.id), forecast.verdict, _counted(forecast), time, why)
        console.print(table)
        run = sum(forecast.seconds(Verdict.RUN) for forecast in ahead)
        most = sum(forecast.seconds(Verdict.RUN, Verdict.MAYBE) for forecast in ahead)
        console.print(f"{run:.0f} to {most:.0f} seconds of work, as far as earlier builds can tell")
        return 0


def _counted(forecast: TargetForecast) -> str:
    counts = [
        f"{count} {verdict}"
        for verdict in (Verdict.RUN, Verdict.MAYBE, Verdict.HIT)
        if (count := sum(step.verdict is verdict for step in forecast.steps))
    ]
    return ", ".join(counts)


def look_ahead(command: Command) -> list[TargetForecast]:
    """The forecast of all targets behind what a command was given."""
    from factory.digests import FileDigests  # noqa: PLC0415 - as in _execute
    from factory.loader import CACHE  # noqa: PLC0415
    from factory.store import Store  # noqa: PLC0415

    state = command.dep_manager.backend.state
    digests = FileDigests(state)
    known = select(command.task_list, command.sel_tasks, command.dep_manager)
    forecasts = Forecaster(Store(CACHE.absolute(), digests), digests, state.durations()).forecast(known)
    command.dep_manager.close()
    return forecasts
