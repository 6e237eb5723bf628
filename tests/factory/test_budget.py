"""What a build may cost."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.factory.conftest import steps

if TYPE_CHECKING:
    from tests.factory.conftest import Project


def test_too_dear_a_build_buys_nothing(project: Project) -> None:
    """With `--max-cost` below the bill all that is free is done, nothing is bought, and the bill is told."""
    project.write("mars", "price=0.5", "free")
    project.write("moon", "one price=0.7", "two")
    failed = project.failing("-c", "--max-cost", "1")
    assert failed.ran == steps(write_script=2, render=2)
    assert "2 steps cost $1.2000, which --max-cost 1 does not allow; nothing was spent" in failed.out


def test_affordable_build_is_made(project: Project) -> None:
    """With `--max-cost` above the bill a build is complete, equal work is paid for once, and the results say it."""
    project.write("mars", "price=0.5", "free")
    project.write("moon", "price=0.5", "two")
    outcome = project.doit("--max-cost", "0.5")
    assert outcome.results is not None
    assert sum(step["cost"] for step in outcome.results.steps if step["how"] == "ran") == 0.5
    project.write("moon", "price=0.5", "three")
    assert project.doit("--max-cost", "0").ran == steps(write_script=1, render=1, join=1)


def test_what_another_machine_paid_for_is_free(project: Project) -> None:
    """A second checkout with the same remote is not charged for what the first has bought."""
    project.write("moon", "price=0.5")
    (project.root / "pyproject.toml").write_text(f'[tool.content-factory]\nremote = "file://{project.root}/remote"\n')
    project.doit()
    shutil.rmtree(project.root / "cache")
    shutil.rmtree(project.root / "build")
    assert project.doit("--max-cost", "0").ran == steps()


def test_plan_tells_dollars(project: Project) -> None:
    """`plan` shows what paid services would ask for what is not in the store."""
    project.doit()
    project.write("moon", "price=0.25", "two")
    project.doit("script:toy/moon")
    assert "$0.2500 for paid services" in project.doit("plan").out
