"""Remembers how long each kind of step takes, for the estimates of the next build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factory.report.events import Event, StepFinished

if TYPE_CHECKING:
    from factory.state import State


@dataclass
class History:
    """Listens to one build; one short commit per finished step, so that a kill loses nothing that was learnt."""

    state: State

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        if isinstance(event, StepFinished) and event.run.how == "ran":
            self.state.record_duration(event.run.name, event.run.seconds)
            self.state.commit()
