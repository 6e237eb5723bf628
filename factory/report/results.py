"""`cache/runs/<id>/results.json`: what one build did, for programs. The newest hundred runs are kept."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factory.files import replacing
from factory.report.events import BuildEnded, Event, StepFailed, StepFinished, StepRun, TargetFinished, TargetRun

KEPT = 100


@dataclass(frozen=True)
class Results:
    """A run that is over."""

    id: str
    process: int
    """The process id of the build."""
    seconds: float
    stopped: bool
    targets: list[dict[str, Any]]
    """Each `{id, outcome, paths, saved, error}`; outcomes are those of `TargetRun`."""
    steps: list[dict[str, Any]]
    """Each `{name, label, target, key, how, seconds, cost, began, ended, attempt, error}`; how: ran, cached, failed."""

    @property
    def ran(self) -> Counter[str]:
        """Step name → how many were really executed."""
        return Counter(step["name"] for step in self.steps if step["how"] == "ran")

    @property
    def outcomes(self) -> dict[str, str]:
        """Target → what became of it."""
        return {target["id"]: target["outcome"] for target in self.targets}


@dataclass
class ResultsWriter:
    """Listens to one build and writes its results when it ends."""

    folder: Path
    _targets: list[TargetRun] = field(default_factory=list)
    _steps: list[tuple[StepRun, str]] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        match event:
            case StepFinished(run):
                self._steps.append((run, run.how))
            case StepFailed(run):
                self._steps.append((run, "failed"))
            case TargetFinished(run):
                self._targets.append(run)
            case BuildEnded(seconds, stopped):
                self._write(
                    Results(self.folder.name, os.getpid(), round(seconds, 3), stopped, self._told(), self._done())
                )

    def _told(self) -> list[dict[str, Any]]:
        return [
            {
                "id": run.id,
                "outcome": run.outcome,
                "paths": [str(path) for path in run.paths],
                "saved": round(run.saved, 3),
                "error": str(run.error) if run.error else None,
            }
            for run in self._targets
        ]

    def _done(self) -> list[dict[str, Any]]:
        return [
            {
                "name": run.name,
                "label": run.label,
                "target": run.target,
                "key": run.key,
                "how": how,
                "seconds": round(run.seconds, 3),
                "cost": run.cost,
                "began": round(run.began, 3),
                "ended": round(run.ended, 3),
                "attempt": run.attempt,
                "error": str(run.error) if run.error else None,
            }
            for run, how in self._steps
        ]

    def _write(self, results: Results) -> None:
        with replacing(self.folder / "results.json") as temporary:
            temporary.write_text(json.dumps(results.__dict__, indent=1, ensure_ascii=False), "utf-8")


def all_results(runs: Path) -> list[Results]:
    """The results of every run that is over, oldest first."""
    return [Results(**json.loads(file.read_text("utf-8"))) for file in sorted(runs.glob("*/results.json"))]


def prune(runs: Path) -> None:
    """Remove the oldest runs."""
    for folder in sorted(runs.glob("*/"))[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
