"""What a person sees when something goes wrong, and what the rest of the build does meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factory.conftest import steps

if TYPE_CHECKING:
    from tests.factory.conftest import Project


def test_failure_says_where_why_and_what_to_do(project: Project) -> None:
    """A failed tool is told by video, block, step, its own last words, its log and the folder it worked in."""
    project.write("moon", "one", "tool")
    failed = project.failing()
    assert failed.code == 1
    assert "failed final:toy/moon, in render · block 1" in failed.out
    assert "these are my last words" in failed.out
    log, folder = (
        project.root / line.split()[1] for line in failed.out.splitlines() if line.startswith(("  log", "  folder"))
    )
    assert "$ sh -c" in log.read_text()
    assert folder.is_dir()


def test_failure_leaves_other_videos_alone(project: Project) -> None:
    """With --continue, a failure costs its own video and no other."""
    project.write("dark", "fail")
    failed = project.failing("--continue")
    assert failed.outcomes["final:toy/dark"] == "failed"
    assert failed.outcomes["final:toy/moon"] == "built"
    assert "what to do: tell it otherwise" in failed.out


def test_a_target_with_another_way_is_made_that_way(project: Project) -> None:
    """When a step fails for good, the whole target is laid out the next way, and a person is told which and why."""
    project.write("moon", "one else", "two", "fail")
    made = project.doit("-n", "1")
    assert made.outcomes["final:toy/moon"] == "built"
    assert "CALM" in project.final("moon").read_text()
    assert "final:toy/moon is made without fail: it was told to fail" in made.out
    assert "in a hurry" not in made.out
    assert project.doit().out.startswith("everything is up to date")


def test_the_last_way_failing_is_a_failure(project: Project) -> None:
    """A target that fails in all its ways has failed, with the error of the last."""
    project.write("moon", "one else", "fail", "timeout=0.1 sleep=9")
    failed = project.failing()
    assert failed.outcomes["final:toy/moon"] == "failed"
    assert "is made" not in failed.out


def test_what_was_made_one_way_serves_the_next(project: Project) -> None:
    """Steps that are the same in both ways are made once."""
    project.write("moon", "one else", "two", "fail")
    assert project.doit("-n", "1").ran == steps(write_script=1, render=3, join=1)


def test_what_needs_a_failed_target_is_skipped(project: Project) -> None:
    """A target whose own source could not be made is reported as not made, once, without an error of its own."""
    project.write("dark", "one")
    (project.root / "toys/making.py").write_text(
        (project.root / "toys/making.py").read_text().replace('job.output("script.json").write_text', "len")
    )
    failed = project.failing("--continue", "final:toy/dark")
    assert failed.outcomes == {"script:toy/dark": "failed", "final:toy/dark": "skipped"}
    assert "did not make script.json" in failed.out


def test_finished_steps_outlive_a_failure(project: Project) -> None:
    """What was made before a failure is not made again after the mistake is mended."""
    project.write("moon", "one", "two", "fail")
    project.failing("-n", "1")
    project.write("moon", "one", "two", "three")
    assert project.doit().ran == steps(write_script=1, render=1, join=1)


def test_unmade_output_is_an_error(project: Project) -> None:
    """A step that ends well without its output has failed, and the output is named."""
    project.write("moon", "nothing")
    assert "did not make block.txt" in project.failing().out


def test_empty_output_is_never_stored(project: Project) -> None:
    """An empty output is a failure, also the second time: it was not put in the store."""
    project.write("moon", "empty")
    assert "left block.txt empty" in project.failing().out
    assert "left block.txt empty" in project.failing().out


def test_fault_in_a_recipe_is_named_without_a_traceback(project: Project) -> None:
    """An unforeseen exception is one line for the person, and a traceback in the step's log."""
    project.write("moon", "crash")
    failed = project.failing()
    assert "ZeroDivisionError: of its own making" in failed.out
    logs = list((project.root / "cache/runs").glob("*/steps/render-*.log"))
    assert "Traceback" in logs[0].read_text()


def test_mistake_in_a_spec_is_a_message(project: Project) -> None:
    """A wrong spec is told as its message with exit code 2, and nothing is built."""
    project.write("moon", "mistake")
    failed = project.failing()
    assert (failed.code, failed.err) == (2, "moon.txt:1:1: this is a mistake\n")
    assert not (project.root / "build").exists()
    assert project.failing("list").code == 2


def test_passing_trouble_is_tried_again(project: Project) -> None:
    """A step that raises Transient is tried again, as often as it allows."""
    project.write("moon", "flaky=1")
    built = project.doit()
    assert built.ran == steps(write_script=1, render=1, join=1)
    assert "the service is busy; trying again" in built.out


def test_lasting_trouble_fails(project: Project) -> None:
    """Trouble that does not pass within the attempts fails the step."""
    project.write("moon", "flaky=1")
    toy = project.root / "toys/making.py"
    toy.write_text(toy.read_text().replace("attempts=3", "attempts=1"))
    assert "the service is busy" in project.failing().out


def test_step_that_takes_too_long_is_stopped(project: Project) -> None:
    """A step past its timeout is ended with its program, and fails."""
    project.write("moon", "sleep=60 timeout=0.2")
    assert "render ran longer than 0.2 s" in project.failing().out
    assert not list(project.children())
