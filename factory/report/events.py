"""What happens in a build. The engine tells, reports listen: a listener is any callable that takes an `Event`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factory.notices import notice

if TYPE_CHECKING:
    from pathlib import Path

    from factory.jobs import Progress


WAITING = "another build is making this; waiting for it"
"""What a step says, once, while it holds back for a build beside this one (`StepLogged`)."""


@dataclass(eq=False)
class StepRun:
    """One step of one build: executed, or found in the store."""

    serial: int
    name: str
    label: str
    target: str
    key: str
    pool: str
    how: str
    """`ran` or `cached`."""
    seconds: float = 0.0
    """How long it took, or had taken when it was stored."""
    cost: float = 0.0
    """US dollars, as the recipe expects them; those of a cached step were paid before."""
    attempt: int = 1
    began: float = field(default_factory=time.time)
    ended: float = 0.0
    log: Path | None = None
    """What its tools printed."""
    scratch: Path | None = None
    """Its folder, kept when it failed."""
    error: BaseException | None = None

    @property
    def title(self) -> str:
        """What a person calls it: `render_segment · block 03`."""
        return f"{self.name} · {self.label}" if self.label else self.name


@dataclass(eq=False)
class TargetRun:
    """What became of one target."""

    id: str
    outcome: str
    """`built`, `cached` (delivered from the store), `current` (up to date), `failed`, `skipped` (another failed)."""
    paths: Sequence[Path] = ()
    saved: float = 0.0
    """Seconds its steps would have taken, had the store not known them."""
    error: Exception | None = None
    step: StepRun | None = None
    """The step that failed."""


@dataclass(frozen=True)
class BuildStarted:
    """`targets` are all it may touch, `leaves` those it was asked for."""

    targets: Sequence[str]
    leaves: Sequence[str]


@dataclass(frozen=True)
class StepStarted:
    """A step was handed to a worker."""

    run: StepRun


@dataclass(frozen=True)
class StepProgressed:
    """A step says how far it is. Told from a worker's thread."""

    run: StepRun
    progress: Progress


@dataclass(frozen=True)
class StepLogged:
    """A step has something to say for the record. Told from a worker's thread."""

    run: StepRun
    event: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class StepRetried:
    """A step failed in a way that may pass; it is tried again in `delay` seconds."""

    run: StepRun
    delay: float


@dataclass(frozen=True)
class StepDropped:
    """A step's work came to nothing through no fault of its own, and is begun again."""

    run: StepRun


@dataclass(frozen=True)
class StepFinished:
    """A step's outputs are in the store; `run.how` says whether they already were."""

    run: StepRun


@dataclass(frozen=True)
class StepFailed:
    """A step failed for good."""

    run: StepRun


@dataclass(frozen=True)
class TargetRerouted:
    """A step failed for good, and its target is made another way, `how` as a person calls it."""

    id: str
    how: str
    error: Exception
    step: StepRun | None


@dataclass(frozen=True)
class TargetFinished:
    """A target reached its end, whatever it was."""

    run: TargetRun


@dataclass(frozen=True)
class BuildEnded:
    """The build is over, after so many seconds of wall time."""

    seconds: float
    stopped: bool


type Event = (
    BuildStarted
    | StepStarted
    | StepProgressed
    | StepLogged
    | StepRetried
    | StepDropped
    | StepFinished
    | StepFailed
    | TargetRerouted
    | TargetFinished
    | BuildEnded
)
type Listener = Callable[[Event], None]


def chorus(*listeners: Listener) -> Listener:
    """Several listeners as one. One that runs out of disk is no reason to stop building."""

    def tell(event: Event) -> None:
        for listener in listeners:
            try:
                listener(event)
            except OSError as reason:
                notice(f"a report cannot be written: {reason}")

    return tell
