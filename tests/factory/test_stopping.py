"""A build that is interrupted keeps what it finished and leaves nothing running."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from factory.testing import finished, start
from tests.factory.conftest import steps

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.factory.conftest import Project

PATIENCE = 60.0


def until(what: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + patience
    while not what():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def sleeping(project: Project, *args: str) -> subprocess.Popen[str]:
    """A build that has come to its sleeping step."""
    process = start(project.root, *args)
    until(lambda: any("sleep" in child for child in project.children()))
    return process


def test_e4_sigterm_keeps_finished_work(project: Project) -> None:
    """SIGTERM ends the build within five seconds, its programs with it; finished steps are kept."""
    stopped(project, signal.SIGTERM)


def test_e4b_ctrl_c_keeps_finished_work(project: Project) -> None:
    """Ctrl-C does the same, and is answered with a sentence."""
    stopped(project, signal.SIGINT)


def stopped(project: Project, number: signal.Signals) -> None:
    """Stop a build in the middle of a step, and build what was left."""
    project.write("moon", "one", "group=60")
    process = sleeping(project, "-n", "1")
    began = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert time.monotonic() - began < 5
    assert process.returncode == 128 + number
    assert "Traceback" not in err
    assert "stopped; what was finished is kept" in out
    assert not list(project.children())
    project.write("moon", "one", "two")
    assert project.doit().ran == steps(write_script=1, render=1, join=1)


def test_stopping_does_not_wait_for_the_deaf(project: Project) -> None:
    """A step that listens to nobody cannot hold the build."""
    project.write("moon", "sleep=0.1 deaf=60")
    process = sleeping(project)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=6)
    assert process.returncode == 128 + signal.SIGINT


def test_killed_build_leaves_no_program_behind(project: Project) -> None:
    """`kill -9` of the build ends its programs too, and what they started."""
    project.write("moon", "one", "group=60")
    process = sleeping(project)
    process.kill()
    process.communicate(timeout=PATIENCE)
    until(lambda: not list(project.children()))


def test_e1_killed_build_loses_only_what_was_running(project: Project) -> None:
    """After `kill -9` the next build runs the steps that were running, and no other."""
    project.write("moon", "one", "two", "sleep=1")
    process = sleeping(project, "-n", "1")
    process.kill()
    finished(project.root, process, *process.communicate(timeout=PATIENCE))
    assert project.doit().ran == steps(render=1, join=1)
    assert not list((project.root / "cache/tmp").iterdir())


def test_e5_two_builds_share_one_store(project: Project) -> None:
    """Two builds at once end well, and between them run every step once."""
    project.write("moon", *(f"{number} sleep=0.2" for number in range(6)))
    both = [start(project.root, "-n", "2") for _ in range(2)]
    ended = [finished(project.root, process, *process.communicate(timeout=60)) for process in both]
    assert [outcome.code for outcome in ended] == [0, 0], ended
    assert ended[0].ran + ended[1].ran == steps(write_script=1, render=6, join=1)


@pytest.mark.slow
def test_sixteen_builds_share_one_store(project: Project) -> None:
    """Sixteen builds at once all end well, and between them run every step once."""
    project.write("moon", *(f"{number} sleep=0.2" for number in range(6)))
    many = [start(project.root, "-n", "2") for _ in range(16)]
    ended = [finished(project.root, process, *process.communicate(timeout=300)) for process in many]
    assert [outcome.code for outcome in ended] == [0] * 16, ended
    assert sum((outcome.ran for outcome in ended), steps()) == steps(write_script=1, render=6, join=1)
