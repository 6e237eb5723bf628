"""`--select`: targets chosen by their state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factory.conftest import steps

if TYPE_CHECKING:
    from tests.factory.conftest import Project


def test_modified_is_built_and_new_is_not(project: Project) -> None:
    """`state:modified+` builds what was made before and has changed, with all made from it, and nothing else."""
    project.write("mars", "three")
    project.doit()
    project.write("mars", "four")
    project.write("venus", "five")
    assert project.doit("--select", "state:modified").outcomes == {"script:toy/mars": "built"}
    project.write("mars", "six")
    outcomes = project.doit("--select", "state:modified+").outcomes
    assert outcomes == {"script:toy/mars": "built", "final:toy/mars": "built"}
    assert set(project.doit("--select", "state:new").outcomes) == {"script:toy/venus", "final:toy/venus"}


def test_failed_is_tried_again_alone(project: Project) -> None:
    """`result:error` builds what failed in the last run, whatever else has changed since."""
    project.write("mars", "fail")
    project.write("venus", "seven")
    project.failing("-c")
    project.write("venus", "eight")
    failed = project.failing("--select", "result:error")
    assert failed.results is not None
    assert failed.outcomes == {"script:toy/mars": "current", "final:toy/mars": "failed"}


def test_terms_are_joined(project: Project) -> None:
    """A space means or, a comma means and, and a name is a pattern."""
    project.write("mars", "three")
    planned = project.doit("plan", "--select", "state:new,script:* final:toy/mars").out
    assert [line.split()[0] for line in planned.splitlines() if ":toy/" in line] == [
        "script:toy/mars",
        "final:toy/mars",
        "script:toy/moon",
    ]


def test_nothing_chosen_is_said(project: Project) -> None:
    """A selection that chooses nothing builds nothing, and says so."""
    outcome = project.doit("--select", "result:error")
    assert (outcome.out, outcome.ran) == ("--select result:error: there is no such target\n", steps())


def test_unknown_state_is_told(project: Project) -> None:
    """A state that does not exist is a message with those that do."""
    failed = project.failing("--select", "result:eror")
    assert (failed.code, failed.err) == (
        2,
        "--select result:eror: there is no 'eror'; there is built, cached, current, error, skipped\n",
    )
