"""The picture of a build while a person watches: an overall bar, and a row for every step that runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from factory.report.events import (
    WAITING,
    BuildEnded,
    BuildStarted,
    Event,
    StepDropped,
    StepFailed,
    StepFinished,
    StepLogged,
    StepProgressed,
    StepRetried,
    StepRun,
    StepStarted,
    TargetFinished,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

_LABEL = 52


class Terminal:
    """Listens to one build. `durations` is how long each kind of step usually takes, for steps that do not say."""

    def __init__(self, console: Console, durations: Mapping[str, float]) -> None:
        self._durations = durations
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[state]}"),
            console=console,
            transient=True,
        )
        self._rows: dict[int, TaskID] = {}
        self._overall = self._progress.add_task("", total=None, state="")
        self._began = time.monotonic()

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        match event:
            case BuildStarted(targets):
                self._progress.update(self._overall, description="[bold]all[/bold]", total=len(targets))
                self._progress.start()
            case StepStarted(run):
                title = escape(_shortened(f"{run.target} {run.title}"))
                self._rows[run.serial] = self._progress.add_task(title, total=None, state=self._expected(run))
            case StepProgressed(run, progress) if run.serial in self._rows:
                speed = f"{progress.fps:.0f} fps  " if progress.fps else ""
                self._progress.update(
                    self._rows[run.serial],
                    completed=progress.done,
                    total=progress.total,
                    state=speed + _left(time.time() - run.began, progress.done, progress.total),
                )
            case StepLogged(run, said, _) if said == WAITING and run.serial in self._rows:
                self._progress.update(self._rows[run.serial], state=said)
            case StepFinished(run) | StepFailed(run) | StepDropped(run) | StepRetried(run, _):
                if (row := self._rows.pop(run.serial, None)) is not None:
                    self._progress.remove_task(row)
            case TargetFinished(run):
                self._progress.advance(self._overall)
                overall = self._progress.tasks[0]
                left = _left(time.monotonic() - self._began, overall.completed, overall.total or 0)
                count = f"{overall.completed:.0f} of {overall.total or 0:.0f}  {left}"
                self._progress.update(self._overall, state=count)
            case BuildEnded():
                self._progress.stop()

    def _expected(self, run: StepRun) -> str:
        usual = self._durations.get(run.name)
        return f"about {usual:.0f} s" if usual and usual >= 1 else ""


def _left(elapsed: float, done: float, total: float) -> str:
    return f"{_clock(elapsed * (total - done) / done)} left" if done else ""


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"
