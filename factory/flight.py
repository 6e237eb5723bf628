"""One key being made, what is told of it, and how long to wait before trying it again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factory.report.events import StepRun

if TYPE_CHECKING:
    from factory.evaluation import Node
    from factory.jobs import Control
    from factory.keys import Key


@dataclass(eq=False)
class Flight:
    """One key being made, for every node that waits for it."""

    key: Key
    nodes: list[Node]
    pool: str
    attempt: int = 1
    run: StepRun | None = None
    control: Control | None = None
    deadline: float = float("inf")
    heard: float | None = None
    """When it last said how far it is; None before its first word and after its last."""
    leave: float = float("inf")
    """When to go on without it: it was told to end, and may not be able to listen. See `factory.patience`."""

    @property
    def alive(self) -> bool:
        """Whether anybody still wants it."""
        return any(node.evaluation.error is None for node in self.nodes)


def run_of(node: Node, key: Key, serial: int, *, how: str, seconds: float = 0.0, attempt: int = 1) -> StepRun:
    """What reports are told of a step: it is being made (`ran`), or was found in the store (`cached`)."""
    step = node.step
    return StepRun(
        serial=serial,
        name=step.name,
        label=step.label,
        target=node.evaluation.target.id,
        key=key.id,
        pool=step.pool,
        how=how,
        seconds=seconds,
        cost=step.cost,
        attempt=attempt,
    )


def backoff(attempt: int, retry_after: float | None) -> float:
    """Seconds to wait after the `attempt`-th failure: 1, 2, 4…, and up to as much again at random.

    The chance is there so that fifty videos refused together do not come back together. What the other side asked for
    (`retry_after`) is the least we wait.
    """
    delay = min(60.0, 2.0 ** (attempt - 1))
    return max(retry_after or 0.0, delay) + random.uniform(0, delay)  # noqa: S311 - jitter, not a secret
