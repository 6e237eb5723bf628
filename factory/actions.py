"""A step made ready to run anywhere: its inputs are digests, so that it can be sent to another thread or machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from factory.digests import Digest
    from factory.keys import Key
    from factory.step import Job, Json


@dataclass(frozen=True)
class Staged:
    """One input: what it must hold, and where to find it.

    `path` is None for what another step made: that is in the store. `suffix` is the extension tools may look at.
    """

    digest: Digest
    suffix: str
    path: Path | None = None


@dataclass(frozen=True)
class Action:
    """One run of one step. Picklable whenever the step's `run` is a module-level function."""

    key: Key
    name: str
    label: str
    run: Callable[[Job], None]
    params: Mapping[str, Json]
    inputs: Mapping[str, Staged]
    outputs: tuple[str, ...]
    kind: str
    timeout: float | None
    threads: int
    task: str
    """The doit task it was started for; for people, never in the key."""
    pool: str = "cpu"
    cost: float = 0.0
    attempt: int = 1
    force: bool = False
    """Run even if the store knows the answer (`doit -a`, `doit verify`)."""


@dataclass(frozen=True)
class Result:
    """What came of an action."""

    outputs: Mapping[str, Digest]
    seconds: float
    """Wall time of the run that made the outputs, whoever ran it."""
    ran: bool
    """False when another process had made it by the time its lock was ours."""
