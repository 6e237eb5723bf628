"""`cache/runs/<id>/trace.json`: who worked on what when, in Chrome's trace event format. Open it in ui.perfetto.dev."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from factory.files import replacing
from factory.report.events import BuildEnded, Event, StepDropped, StepFailed, StepFinished, StepRetried, StepRun

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Trace:
    """Listens to one build and writes its trace when it ends: one row per step that ran at the same time."""

    file: Path
    _runs: list[StepRun] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        match event:
            case StepFinished(run) | StepFailed(run) | StepRetried(run, _) | StepDropped(run) if run.ended:
                self._runs.append(run)
            case BuildEnded():
                with replacing(self.file) as temporary:
                    temporary.write_text(json.dumps({"traceEvents": self._events()}), "utf-8")

    def _events(self) -> list[dict[str, Any]]:
        rows: list[float] = []
        events = []
        for run in sorted(self._runs, key=lambda run: run.began):
            row = next((number for number, free in enumerate(rows) if free <= run.began), len(rows))
            rows[row : row + 1] = [run.ended]
            events.append(
                {
                    "name": run.name,
                    "cat": run.pool,
                    "ph": "X",
                    "ts": round(run.began * 1e6),
                    "dur": round((run.ended - run.began) * 1e6),
                    "pid": os.getpid(),
                    "tid": row,
                    "args": {
                        "target": run.target,
                        "label": run.label,
                        "attempt": run.attempt,
                        "error": str(run.error or ""),
                    },
                }
            )
        return events
