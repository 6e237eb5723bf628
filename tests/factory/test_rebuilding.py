"""Only what changed is made again, told by the steps a build really runs."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from tests.factory.conftest import steps

if TYPE_CHECKING:
    from tests.factory.conftest import Project


def test_cold_build_makes_everything_once(project: Project) -> None:
    """A first build runs every step and delivers every file."""
    assert project.doit().ran == steps(write_script=1, render=3, join=1)
    assert project.final("moon").read_text() == "ONE\nTWO\nTHREE\n"


def test_nothing_changed_runs_nothing(project: Project) -> None:
    """A build after a build runs nothing, and says so in one line."""
    project.doit()
    again = project.doit()
    assert again.ran == steps()
    assert again.out == "everything is up to date (2 targets)\n"


def test_one_edited_block_runs_one_block(project: Project) -> None:
    """An edited line re-renders its own block and joins anew; its neighbours come from the store."""
    project.doit()
    project.write("moon", "one", "TWO and a half", "three")
    assert project.doit().ran == steps(write_script=1, render=1, join=1)


def test_same_bytes_cut_a_rebuild_short(project: Project) -> None:
    """A step that makes the same bytes again stops the rebuild right there."""
    project.write("moon", "one", "two")
    project.doit()
    project.write("moon", "one", "two", "")
    project.write("moon", "one\ntwo\n")
    assert project.doit().ran == steps(write_script=1)


def test_going_back_runs_nothing(project: Project) -> None:
    """A spec edited and restored (A, B, A) is answered from the store."""
    before = project.write("moon", "one", "two").read_text()
    project.doit()
    project.write("moon", "one", "other")
    project.doit()
    (project.root / "projects/moon.txt").write_text(before)
    again = project.doit()
    assert again.ran == steps()
    assert project.final("moon").read_text() == "ONE\nTWO\n"


def test_touching_runs_nothing(project: Project) -> None:
    """A new mtime over the same content is not a change."""
    project.doit()
    for file in project.root.rglob("projects/*"):
        os.utime(file)
    assert project.doit().ran == steps()


def test_a_copied_and_renamed_project_runs_nothing(project: Project) -> None:
    """A clone elsewhere, with its cache, makes nothing again: no path and no name is in a key."""
    project.doit()
    elsewhere = project.root.with_name("elsewhere")
    shutil.copytree(project.root, elsewhere, ignore=shutil.ignore_patterns("build", "state.db*", "stamp"))
    (elsewhere / "projects/moon.txt").rename(elsewhere / "projects/sun.txt")
    moved = type(project)(elsewhere)
    assert moved.doit().ran == steps()
    assert moved.final("sun").read_text() == "ONE\nTWO\nTHREE\n"


def test_lost_state_is_restored_from_the_store(project: Project) -> None:
    """The state and the delivered files may be deleted at any time; nothing is made again."""
    project.doit()
    for file in (project.root / "cache").glob("state.db*"):
        file.unlink()
    shutil.rmtree(project.root / "build")
    again = project.doit()
    assert again.ran == steps()
    assert again.outcomes == {"script:toy/moon": "cached", "final:toy/moon": "cached"}


def test_damaged_state_is_begun_anew(project: Project) -> None:
    """A state file full of rubbish costs a look at the store, not the build."""
    project.doit()
    for file in (project.root / "cache").glob("state.db*"):
        file.write_bytes(b"rubbish" * 1000)
    (project.root / "cache/stamp").unlink(missing_ok=True)
    assert project.doit().ran == steps()


def test_comment_in_a_recipe_runs_nothing(project: Project) -> None:
    """Comments, docstrings and layout of a recipe are not its code."""
    project.doit()
    loud = project.root / "toys/loud.py"
    loud.write_text(loud.read_text().replace('"""Louder."""', '"""Much louder."""  # indeed'))
    assert project.doit().ran == steps()


def test_helper_of_a_recipe_counts(project: Project) -> None:
    """A changed helper rebuilds the steps that call it, and those alone."""
    project.doit()
    loud = project.root / "toys/loud.py"
    loud.write_text(loud.read_text().replace("text.upper()", "text.upper() + '!'"))
    assert project.doit().ran == steps(render=3, join=1)
    assert project.final("moon").read_text() == "ONE!\nTWO!\nTHREE!\n"


def test_equal_blocks_are_made_once(project: Project) -> None:
    """Two blocks with one key are one piece of work, also across videos."""
    project.write("moon", "same", "same")
    project.write("sun", "same", "other")
    assert project.doit().ran == steps(write_script=2, render=2, join=2)


def test_number_of_jobs_is_not_in_the_key(project: Project) -> None:
    """What is built with one job is found by eight."""
    project.doit("-n", "1")
    shutil.rmtree(project.root / "build")
    assert project.doit("-n", "8").ran == steps()


def test_one_target_builds_what_it_needs(project: Project) -> None:
    """A target named on the command line, by task or by file, is built with what is behind it and nothing else."""
    project.write("sun", "four")
    assert project.doit("script:toy/sun").outcomes == {"script:toy/sun": "built"}
    assert set(project.doit(str(Path("build/sun/final.txt"))).outcomes) == {"script:toy/sun", "final:toy/sun"}


def test_forced_build_runs_everything(project: Project) -> None:
    """`doit -a` runs what is up to date too."""
    project.doit()
    assert project.doit("-a").ran == steps(write_script=1, render=3, join=1)


def test_doits_own_commands_still_work(project: Project) -> None:
    """`list`, `info`, `forget` and `clean` see the targets as any doit task."""
    project.doit()
    assert project.doit("list").out.split() == ["final", "The", "whole.", "script", "The", "words."]
    assert "up-to-date" in project.doit("info", "final:toy/moon").out
    project.doit("forget", "final:toy/moon")
    assert "status     : run" in project.failing("info", "final:toy/moon").out
    project.doit("clean")
    assert not project.final("moon").exists()
    assert project.doit().ran == steps()


def test_clock_may_jump_back(project: Project) -> None:
    """An edit stamped long before the last build is seen, of a file stamped long after it."""
    spec = project.write("moon", "one")
    os.utime(spec, (4_000_000_000, 4_000_000_000))
    project.doit()
    spec.write_text("two")
    os.utime(spec, (1_000_000_000, 1_000_000_000))
    assert project.doit().ran == steps(write_script=1, render=1, join=1)
    assert project.final("moon").read_text() == "TWO\n"
    assert project.doit("cache", "gc", "--free-gb", "0.001").out.startswith("0 results")


def test_record_tells_how_a_result_came_to_be(project: Project) -> None:
    """A result keeps its readable key, the seconds and dollars it took, the host, and what its tools printed."""
    project.write("moon", "one price=0.25")
    project.doit()
    records = [json.loads(file.read_text()) for file in project.root.glob("cache/ac/??/*.json")]
    made = {record["spec"]["step"]: record for record in records}
    assert made["render"]["spec"]["params"] == {"text": "one price=0.25"}
    assert made["render"]["cost"] == 0.25
    assert made["join"]["host"] == socket.gethostname()
    assert made["join"]["seconds"] > 0
    assert made["join"]["log"].startswith("$ cat ")
