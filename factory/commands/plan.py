"""`doit plan`: what a build would do, why, and how long it would take, without doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doit.cmd_base import DoitCmdBase

from factory.commands.run import SELECT
from factory.forecast import Forecaster, TargetForecast, Verdict
from factory.selection import behind

if TYPE_CHECKING:
    from doit.cmd_base import DoitCmdBase as Command

_AHEAD = (Verdict.RUN, Verdict.MAYBE)
"""What takes time and money, or may."""


class Plan(DoitCmdBase):  # type: ignore[misc]  # doit ships no types
    """Read-only: it hashes, keys and looks up, and runs nothing."""

    doc_purpose = "show what a build would do, why, and how long it would take"
    doc_usage = "[--select STATE] [TARGET ...]"
    cmd_options = (SELECT,)

    def _execute(self, select: str) -> int:
        from rich.console import Console  # noqa: PLC0415 - commands are imported to be listed, too
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        forecasts = look_ahead(self)
        if select:
            chosen = picked(select, forecasts)
            forecasts = [forecast for forecast in forecasts if forecast.target.id in chosen]
        ahead = [forecast for forecast in forecasts if forecast.verdict is not Verdict.CURRENT]
        console = Console()
        if not ahead:
            console.print(f"everything is up to date ({len(forecasts)} targets)")
            return 0
        table = Table(box=None, pad_edge=False)
        dear = any(forecast.cost(*_AHEAD) for forecast in ahead)
        for heading in ("target", "verdict", "steps", "time", *(("cost",) if dear else ()), "why"):
            table.add_column(heading, overflow="fold")
        for forecast in ahead:
            time = _range(forecast.seconds(Verdict.RUN), forecast.seconds(*_AHEAD), "{:.0f}", " s")
            cost = [_range(forecast.cost(Verdict.RUN), forecast.cost(*_AHEAD), "${:.4f}")] if dear else []
            why = Text("\n".join(forecast.reasons[:3]))
            table.add_row(Text(forecast.target.id), forecast.verdict, _counted(forecast), time, *cost, why)
        console.print(table)
        run = sum(forecast.seconds(Verdict.RUN) for forecast in ahead)
        most = sum(forecast.seconds(*_AHEAD) for forecast in ahead)
        console.print(f"{run:.0f} to {most:.0f} seconds of work, as far as earlier builds can tell")
        if dear:
            run = sum(forecast.cost(Verdict.RUN) for forecast in ahead)
            most = sum(forecast.cost(*_AHEAD) for forecast in ahead)
            console.print(f"{_range(run, most, '${:.4f}')} for paid services, by their price lists")
        if hidden := [forecast.target.id for forecast in ahead if forecast.new and not forecast.steps]:
            console.print(f"{len(hidden)} targets were never made, and are known better once what is before them is")
        return 0


def _counted(forecast: TargetForecast) -> str:
    counts = [
        f"{count} {verdict}"
        for verdict in (Verdict.RUN, Verdict.MAYBE, Verdict.HIT)
        if (count := sum(step.verdict is verdict for step in forecast.steps))
    ]
    return ", ".join(counts)


def _range(least: float, most: float, form: str, unit: str = "") -> str:
    if not most:
        return ""
    low, high = form.format(least), form.format(most)
    return f"{low if low == high else f'{low} to {high}'}{unit}"


def look_ahead(command: Command) -> list[TargetForecast]:
    """The forecast of all targets behind what a command was given."""
    from factory.digests import FileDigests  # noqa: PLC0415 - as in _execute
    from factory.loader import CACHE  # noqa: PLC0415
    from factory.store import Store  # noqa: PLC0415

    state = command.dep_manager.backend.state
    digests = FileDigests(state)
    known = behind(command.task_list, command.sel_tasks, command.dep_manager)
    forecasts = Forecaster(Store(CACHE.absolute(), digests), digests, state.durations()).forecast(known)
    state.commit()
    return forecasts


def picked(expression: str, forecasts: list[TargetForecast]) -> list[str]:
    """The targets `--select` chooses among those looked at."""
    from factory.loader import CACHE  # noqa: PLC0415 - as in _execute
    from factory.picking import pick  # noqa: PLC0415
    from factory.report.results import all_results  # noqa: PLC0415

    runs = all_results(CACHE / "runs")
    return pick(expression, forecasts, runs[-1].outcomes if runs else {})
