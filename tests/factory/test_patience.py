"""How long a build waits for a step, by a clock that only moves when it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factory.evaluation import Evaluation, Node
from factory.flight import Flight, backoff
from factory.jobs import Progress
from factory.keys import key_of
from factory.patience import DEAF, STALLED, Patience
from factory.step import Job, Step
from factory.target import Target

if TYPE_CHECKING:
    from tests.factory.conftest import Project

IMPATIENT = "import factory.patience\nfactory.patience.STALLED = factory.patience.DEAF = 0.5\n"


@dataclass
class Clock:
    """Seconds, as told."""

    now: float = 1000.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now


@dataclass
class Wait:
    """A step that has just begun, and the patience of its build."""

    clock: Clock
    patience: Patience
    flight: Flight

    def seconds(self, count: float) -> None:
        """Let time pass, looked at every second."""
        for _ in range(int(count)):
            self.clock.now += 1
            self.patience.look()


def nothing(job: Job) -> None:
    """A step's."""


def wait(timeout: float | None = None) -> Wait:
    """A step with this timeout."""
    step = Step("render", nothing, ("out",), timeout=timeout)
    target = Target("final", "toy/moon", lambda _params, _sources: {}, Path("build"), ("out",))
    clock = Clock()
    patience = Patience(clock)
    flight = Flight(key_of(step, {}), [Node(step, Evaluation(target, 0, {}), ())], "cpu")
    patience.begin(flight)
    return Wait(clock, patience, flight)


def test_silence_after_progress_ends_a_step() -> None:
    """A step that said how far it was and then nothing is ended, once, by name and with the seconds."""
    waiting = wait()
    waiting.patience.hear(waiting.flight, Progress(1, 10))
    waiting.seconds(STALLED)
    assert waiting.patience.ends(waiting.flight) is None
    waiting.seconds(1)
    assert str(waiting.patience.ends(waiting.flight)) == "render made no progress for 300 s"
    assert waiting.patience.ends(waiting.flight) is None


@pytest.mark.parametrize("said", [None, Progress(10, 10)])
def test_who_has_nothing_to_say_may_be_silent(said: Progress | None) -> None:
    """A step that never says how far it is, or has said that it is at its end, is waited for."""
    waiting = wait()
    if said is not None:
        waiting.patience.hear(waiting.flight, Progress(1, 10))
        waiting.patience.hear(waiting.flight, said)
    waiting.seconds(3 * STALLED)
    assert waiting.patience.ends(waiting.flight) is None


def test_progress_is_patience() -> None:
    """A step may take for ever as long as it says so."""
    waiting = wait()
    for frame in range(20):
        waiting.patience.hear(waiting.flight, Progress(frame, 100))
        waiting.seconds(STALLED / 2)
        assert waiting.patience.ends(waiting.flight) is None


def test_sleep_of_the_build_is_not_silence() -> None:
    """While the build itself is stopped, by Ctrl-Z or a closed laptop, nobody's time runs."""
    waiting = wait(timeout=60)
    waiting.patience.hear(waiting.flight, Progress(1, 10))
    waiting.clock.now += 8 * 3600
    waiting.patience.look()
    assert waiting.patience.ends(waiting.flight) is None
    waiting.seconds(60)
    assert str(waiting.patience.ends(waiting.flight)) == "render ran longer than 60 s"


def test_deaf_step_is_left_after_a_while() -> None:
    """A step told to end has some seconds to do so; then the build goes on without it."""
    waiting = wait(timeout=1)
    waiting.seconds(2)
    assert waiting.patience.ends(waiting.flight) is not None
    waiting.seconds(DEAF)
    assert not waiting.patience.leaves(waiting.flight)
    waiting.seconds(1)
    assert waiting.patience.leaves(waiting.flight)


def test_waits_grow_and_differ() -> None:
    """After each failure the wait doubles, with up to as much again by chance, and never less than was asked for."""
    for attempt, least in ((1, 1), (2, 2), (3, 4), (9, 60)):
        waits = {backoff(attempt, None) for _ in range(100)}
        assert len(waits) > 1
        assert all(least <= seconds <= 2 * least for seconds in waits)
    assert all(backoff(1, 30.0) >= 30 for _ in range(100))


def impatient(project: Project) -> None:
    """Half a second stands for five minutes in this project."""
    dodo = project.root / "dodo.py"
    dodo.write_text(IMPATIENT + dodo.read_text())


def test_stalled_step_fails_by_name(project: Project) -> None:
    """A tool that hangs in the middle is ended, and the person is told which step it was and what to do."""
    impatient(project)
    project.write("moon", "one", "far=0.5 sleep=60")
    failed = project.failing()
    assert "failed final:toy/moon, in render · block 1" in failed.out
    assert "render made no progress for 0.5 s" in failed.out
    assert not list(project.children())


def test_finished_step_may_take_its_time(project: Project) -> None:
    """A step that has said it is at its end is not hurried over what comes after."""
    impatient(project)
    project.write("moon", "one", "far=0.5 far=1 sleep=2")
    project.doit()
    assert "FAR=1" in project.final("moon").read_text()


def test_step_that_cannot_be_ended_does_not_hold_the_build(project: Project) -> None:
    """With a step stuck where no signal reaches, its video fails, the others are made, and the build ends."""
    impatient(project)
    project.write("dark", "far=0.5 deaf=60")
    failed = project.failing("--continue", "-n", "1")
    assert failed.code == 1
    assert failed.outcomes["final:toy/dark"] == "failed"
    assert failed.outcomes["final:toy/moon"] == "built"
    assert project.doit("final:toy/moon").ran == {}
