"""`--max-cost`: steps that cost money wait until all that is free is done, and the whole bill is known.

What a step costs is known only when its target is laid out, which may need files other targets make. So the bill is
drawn up at the last moment before money would be spent: then nothing is left to do but what costs, and it either fits
or nothing of it is bought. The money of a failed or repeated try is not known to us; a try is counted once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factory.errors import StepError

if TYPE_CHECKING:
    from factory.flight import Flight
    from factory.step import Step


class TooDear(StepError):
    """What is left to buy costs more than the person allowed."""


@dataclass
class Budget:
    """`most` dollars for one build; None lets everything go at once."""

    most: float | None
    spent: float = 0.0
    _held: list[Flight] = field(default_factory=list)
    _paid: set[str] = field(default_factory=set)

    def counts(self, step: Step) -> bool:
        """Whether it matters that this step has been paid for before, if need be on another machine."""
        return self.most is not None and step.cost > 0

    def holds(self, flight: Flight) -> bool:
        """Whether this flight has to wait for the bill."""
        if not self.counts(flight.nodes[0].step) or flight.key.id in self._paid:
            return False
        self._held.append(flight)
        return True

    @property
    def due(self) -> bool:
        """Whether anything waits."""
        return bool(self._held)

    def settle(self) -> list[Flight]:
        """Everything that waits, paid for. Raises TooDear, with the bill, if it does not fit."""
        held = [flight for flight in self._held if flight.alive]
        bill = sum(flight.nodes[0].step.cost for flight in held)
        if self.most is not None and self.spent + bill > self.most:
            before = f"${self.spent:.2f} was spent before" if self.spent else "nothing was spent"
            raise TooDear(
                f"{len(held)} steps cost ${bill:.4f}, which --max-cost {self.most:g} does not allow; {before}",
                hint="allow more, or see `doit plan` for what costs it",
            )
        self.spent += bill
        self._paid.update(flight.key.id for flight in held)
        self._held.clear()
        return held

    def clear(self) -> list[Flight]:
        """Let go of what waits, unpaid."""
        held, self._held = self._held, []
        return held
