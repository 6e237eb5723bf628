"""How long a build waits for a step: its own timeout, and silence.

A step that has said how far it is and then says nothing for minutes is stuck, however long it may rightly take: frames
come or they do not. It is ended like one that outlived its timeout. What cannot be ended, a thread inside a library
that never returns, is left behind, so that the rest of the build goes on and comes to an end.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from factory.jobs import outlived, stalled

if TYPE_CHECKING:
    from collections.abc import Callable

    from factory.errors import StepTimeout
    from factory.flight import Flight
    from factory.jobs import Progress

STALLED = 300.0
"""Seconds of silence after which a step counts as stuck. The slowest frame ever drawn took a few."""
DEAF = 10.0
"""Seconds a step has to end when it is told to; longer than `processes.GRACE` gives its program."""
_GAP = 5.0
"""The longest gap between two looks at the clock that counts in full: beyond it the build itself was asleep."""


class Patience:
    """The clock of a build. While the build is stopped (Ctrl-Z, a closed laptop) no step's time runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looked = clock()
        self._now = 0.0

    def look(self) -> None:
        """Let time pass. To be called often."""
        at = self._clock()
        self._now += min(at - self._looked, _GAP)
        self._looked = at

    def begin(self, flight: Flight) -> None:
        """A step starts."""
        flight.heard, flight.leave = None, float("inf")
        flight.deadline = self._now + (flight.nodes[0].step.timeout or float("inf"))

    def hear(self, flight: Flight, progress: Progress) -> None:
        """A step says how far it is, in whatever thread. At its end there is nothing more to be said."""
        flight.heard = self._now if progress.done < progress.total else None

    def ends(self, flight: Flight) -> StepTimeout | None:
        """The reason to end a step now, if there is one; it is given once."""
        step, heard = flight.nodes[0].step, flight.heard
        if flight.leave < float("inf"):
            return None
        if self._now > flight.deadline:
            reason = outlived(step.name, step.timeout or 0)
        elif heard is not None and self._now - heard > STALLED:
            reason = stalled(step.name, STALLED)
        else:
            return None
        flight.leave = self._now + DEAF
        return reason

    def leaves(self, flight: Flight) -> bool:
        """Whether a step was told to end and does not listen."""
        return self._now > flight.leave
