"""`cache/runs/<id>/log.jsonl`: every event of a build as a line of JSON, without secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import structlog

from factory.report.events import (
    BuildEnded,
    BuildStarted,
    Event,
    StepDropped,
    StepFailed,
    StepFinished,
    StepLogged,
    StepRetried,
    StepRun,
    StepStarted,
    TargetFinished,
    TargetRerouted,
)

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path

_SECRET = re.compile(r"(key|token|secret|password|authorization|cookie)$", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+(?=@)|(?<=[?&](?:key|sig)=)[^&\s]+|(?<=[?&]token=)[^&\s]+")


class Journal:
    """Listens to one build. structlog holds a lock around each line, so workers may speak too."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("w", encoding="utf-8", buffering=1)
        self._log: Any = structlog.wrap_logger(
            structlog.WriteLogger(self._file),
            processors=[
                structlog.processors.TimeStamper(fmt="iso"),
                without_secrets,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            run=file.parent.name,
        )

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        match event:
            case BuildStarted(targets, leaves):
                self._log.info("build started", targets=len(targets), leaves=list(leaves))
            case StepStarted(run):
                self._step(run).info("step started", pool=run.pool)
            case StepLogged(run, said, fields):
                self._step(run).info(said, **{name: value for name, value in fields.items() if name != "event"})
            case StepRetried(run, delay):
                self._step(run).warning("step retried", delay=round(delay, 2), error=str(run.error))
            case StepDropped(run):
                self._step(run).warning("step begun again", error=str(run.error))
            case StepFinished(run):
                self._step(run).info("step finished", how=run.how, seconds=round(run.seconds, 3))
            case StepFailed(run):
                self._step(run).error("step failed", seconds=round(run.seconds, 3), error=str(run.error))
            case TargetRerouted(target, how, reason, _):
                self._log.warning("target made another way", target=target, how=how, error=str(reason))
            case TargetFinished(run):
                error = str(run.error) if run.error else None
                self._log.info("target finished", target=run.id, outcome=run.outcome, error=error)
            case BuildEnded(seconds, stopped):
                self._log.info("build ended", seconds=round(seconds, 3), stopped=stopped)
                self._file.close()

    def _step(self, run: StepRun) -> Any:
        return self._log.bind(
            target=run.target, step=run.name, label=run.label, action=run.key[:12], attempt=run.attempt
        )


def without_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide values whose name says they are secret, and credentials inside URLs."""
    for name, value in event.items():
        if _SECRET.search(name):
            event[name] = "…"
        elif isinstance(value, str):
            event[name] = _CREDENTIALS.sub("…", value)
    return event
