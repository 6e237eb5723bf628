"""The last words of a build: what was made, what failed and why, and where the results are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from factory.report.events import (
    BuildEnded,
    BuildStarted,
    Event,
    StepFinished,
    StepRetried,
    StepRun,
    TargetFinished,
    TargetRerouted,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from factory.report.events import TargetRun

_SHOWN = 20
"""Finals and failures listed by name; of the rest only the number is told."""


@dataclass
class Summary:
    """Listens to one build. Says one line per target as it is made, where no live picture is drawn (`lines`)."""

    console: Console
    root: Path
    run_folder: Path
    lines: bool
    _leaves: set[str] = field(default_factory=set)
    _targets: list[TargetRun] = field(default_factory=list)
    _steps: list[StepRun] = field(default_factory=list)
    _rerouted: dict[str, TargetRerouted] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        match event:
            case BuildStarted(_, leaves):
                self._leaves = set(leaves)
            case StepFinished(run):
                self._steps.append(run)
            case StepRetried(run, delay):
                self._say(f"{run.target} {run.title}: {run.error}; trying again in {delay:.0f} s")
            case TargetRerouted():
                self._rerouted[event.id] = event
            case TargetFinished(run):
                self._targets.append(run)
                if run.outcome == "failed":
                    self._explain(run)
                elif self.lines and run.outcome in {"built", "cached"}:
                    self._say(f"{run.outcome:<6} {run.id}")
            case BuildEnded(seconds, stopped):
                self._close(seconds, stopped=stopped)

    def _say(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style), soft_wrap=True)

    def _explain(self, run: TargetRun) -> None:
        """Which video, which block, which step; the tool's own last words; where to look; what to do."""
        self._say(f"\nfailed {run.id}" + (f", in {run.step.title}" if run.step else ""), "bold red")
        self._say(f"  {str(run.error).strip()}".replace("\n", "\n  "))
        if run.step and run.step.log:
            self._say(f"  log      {self._short(run.step.log)}")
        if run.step and run.step.scratch and run.step.scratch.is_dir():
            self._say(f"  folder   {self._short(run.step.scratch)}")
        if hint := getattr(run.error, "hint", ""):
            self._say(f"  what to do: {hint}")

    def _close(self, seconds: float, *, stopped: bool) -> None:
        counted = dict.fromkeys(("built", "cached", "current", "failed", "skipped"), 0)
        for run in self._targets:
            counted[run.outcome] += 1
        made = [run for run in self._targets if run.outcome in {"built", "cached"}]
        ran = [step for step in self._steps if step.how == "ran"]
        if not made and not counted["failed"] and not counted["skipped"] and not stopped:
            self._say(f"everything is up to date ({counted['current']} targets)")
            return
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(justify="right")
        table.add_column()
        names = {
            "built": f"built, {len(ran)} steps run",
            "cached": "from cache",
            "current": "up to date",
            "failed": "failed",
            "skipped": "not made, they need one that failed",
        }
        for outcome, name in names.items():
            if counted[outcome]:
                table.add_row(str(counted[outcome]), name, style="red" if outcome in {"failed", "skipped"} else None)
        saved = sum(run.saved for run in made)
        table.add_row(f"{seconds:.1f} s", "in all" + (f", {saved:.1f} s saved by the cache" if saved >= 0.05 else ""))  # noqa: PLR2004 - what rounds to 0.0
        self.console.print(table)
        self._finals(made)
        failed = {run.id for run in self._targets if run.outcome == "failed"}
        for other in self._rerouted.values():
            if other.id not in failed:
                self._say(f"{other.id} is made {other.how}: {str(other.error).strip()}", "yellow")
        if stopped:
            self._say("stopped; what was finished is kept, and the next build goes on from here", "yellow")
        if self.run_folder.is_relative_to(self.root):
            self._say(f"details: {self._short(self.run_folder)}", "dim")

    def _finals(self, made: list[TargetRun]) -> None:
        finals = [run.paths[0] for run in made if run.id in self._leaves and run.paths]
        for path in sorted(finals)[:_SHOWN]:
            self._say(self._short(path), "green")
        if len(finals) > _SHOWN:
            self._say(f"and {len(finals) - _SHOWN} more")

    def _short(self, path: Path) -> str:
        return str(path.relative_to(self.root)) if path.is_absolute() and path.is_relative_to(self.root) else str(path)
