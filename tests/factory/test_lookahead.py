"""Targets begun before doit offers them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.factory.conftest import TOY, Project

if TYPE_CHECKING:
    from collections.abc import Mapping

DODO = """\
from factory.loader import config, loading, tasks
from toys import chain

DOIT_CONFIG = config("final")
specs = loading(chain.load)


def task_sound():
    "The words first, the sound much later."
    return tasks(map(chain.sound, specs()))


def task_final():
    "The picture, and all together."
    return tasks(map(chain.final, specs()))
"""


@pytest.fixture
def chain(tmp_path: Path) -> Project:
    """A project whose final needs the words of `sound` for its picture, and its sound only for the join."""
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "dodo.py").write_text(DODO)
    return Project(tmp_path)


def events(project: Project) -> list[Mapping[str, str]]:
    """The log of the last build."""
    log = max((project.root / "cache" / "runs").glob("*/log.jsonl"))
    return [json.loads(line) for line in log.read_text().splitlines()]


def when(project: Project, event: str, step: str) -> int:
    """The line of the log in which a step began or ended."""
    return [(line["event"], line.get("step")) for line in events(project)].index((event, step))


def test_a_step_begins_when_the_files_it_reads_are_there(chain: Project) -> None:
    """The picture is drawn while the sound is mixed: it waits for the words and not for all of their target."""
    chain.write("moon", "until=drawn")
    chain.doit()
    assert when(chain, "step finished", "draw") < when(chain, "step finished", "mix")
    assert chain.final("moon").read_text() == "UNTIL=DRAWN with sound"


def test_each_step_runs_once(chain: Project) -> None:
    """What was begun ahead is not made again when doit comes to it."""
    chain.write("moon", "one")
    assert chain.doit().ran == {"word": 1, "mix": 1, "draw": 1, "join": 1}
    assert not chain.doit().ran


def test_a_failure_ahead_is_told_once_it_is_due(chain: Project) -> None:
    """A step that fails before its target was offered fails the build like any other, with its own reason."""
    chain.write("moon", "fail")
    outcome = chain.failing()
    assert outcome.outcomes["final:toy/moon"] == "failed"
    assert "it was told to fail" in outcome.out
    assert [line["step"] for line in events(chain) if line["event"] == "step failed"] == ["draw"]


def test_what_waits_for_a_failed_target_is_let_go(chain: Project) -> None:
    """The sound fails after the words were delivered: the final is skipped, and other videos are finished."""
    chain.write("moon", "hush")
    chain.write("sun", "one")
    outcome = chain.failing("-c")
    assert outcome.outcomes["sound:toy/moon"] == "failed"
    assert outcome.outcomes["final:toy/moon"] == "skipped"
    assert chain.final("sun").read_text() == "ONE with sound"


def test_another_way_starts_the_rest_over(chain: Project) -> None:
    """The sound is made another way after its words were delivered: nothing of the first way is in the final."""
    chain.write("moon", "hush else")
    chain.doit()
    assert chain.final("moon").read_text() == "CALM ELSE with sound"
