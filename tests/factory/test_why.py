"""What a person is told before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from factory.forecast import differences

if TYPE_CHECKING:
    from tests.factory.conftest import Project


def test_plan_of_a_first_build(project: Project) -> None:
    """What was never made is planned as far as it can be known, and nothing is made."""
    out = project.doit("plan").out
    assert "script:toy/moon" in out
    assert "it was never made" in out
    assert "final:toy/moon" in out
    assert "may run" in out
    assert not (project.root / "build").exists()


def test_plan_of_nothing(project: Project) -> None:
    """After a build there is nothing to plan."""
    project.doit()
    assert project.doit("plan").out == "everything is up to date (2 targets)\n"


def test_plan_tells_hits_from_runs(project: Project) -> None:
    """Behind a step that is in the store the plan goes on with what it made; behind one that runs it says `may`."""
    project.doit()
    project.write("moon", "one", "2", "three")
    out = project.doit("plan").out
    assert "1 run" in out
    assert "script:toy/moon may change script" in out
    project.doit("script:toy/moon")
    assert "1 run, 1 may run, 2 from cache" in project.doit("plan").out


def test_e15_why_names_the_changed_field(project: Project) -> None:
    """`why` says which field of which step changed, from what to what."""
    project.doit()
    project.write("moon", "one", "2", "three")
    project.doit("script:toy/moon")
    out = project.doit("why", "final:toy/moon").out.splitlines()
    assert out == [
        "script:toy/moon: up to date",
        "final:toy/moon: run",
        "  render block 1: run",
        "    params.text 'two' → '2'",
        "  join: may run",
        "    inputs.b001 may change",
    ]


def test_why_sees_code(project: Project) -> None:
    """A changed recipe is named as such."""
    project.doit()
    loud = project.root / "toys/loud.py"
    loud.write_text(loud.read_text().replace("text.upper()", "text.lower()"))
    assert "    the recipe's code changed" in project.doit("why").out.splitlines()


def test_graph_shows_what_is_made_from_what(project: Project) -> None:
    """The tree has the final at its root, its steps and the script below it."""
    project.doit()
    lines = project.doit("graph").out.splitlines()
    assert lines[0].startswith("final:toy/moon")
    assert "script:toy/moon" in lines[1]


def test_verify_finds_a_step_that_is_no_function_of_its_key(project: Project) -> None:
    """A step made again that comes out otherwise is named; the store and the delivered files stay as they are."""
    project.doit()
    assert "5 steps made again, 0 came out otherwise" in project.doit("verify", "--count", "0").out
    toy = project.root / "toys/making.py"
    toy.write_text(toy.read_text().replace('f"{shout(text)}{asset}', 'f"{time.time()}{asset}'))
    project.doit()
    made = project.final("moon").read_text()
    failed = project.failing("verify", "--count", "0")
    assert "final:toy/moon render block 1: block.txt came out otherwise" in failed.out
    assert project.final("moon").read_text() == made
    assert project.doit().out.startswith("everything is up to date")


def test_cache_is_counted_cleaned_and_checked(project: Project) -> None:
    """`cache stats` counts, `gc` keeps what live targets need, `verify` finds a damaged blob and the build mends it."""
    project.doit()
    assert "render" in project.doit("cache", "stats").out
    assert "0 results and 0 files removed" in project.doit("cache", "--max-gb", "0", "gc").out
    blob = next((project.root / "cache/cas").glob("??/*"))
    blob.chmod(0o644)
    blob.write_bytes(b"?" * blob.stat().st_size)
    assert "1 damaged" in project.failing("cache", "verify").out
    assert "0 damaged" in project.doit("cache", "verify").out
    assert project.failing("cache", "spring-clean").err.startswith("ERROR: say one of")


def test_graph_is_drawn(project: Project) -> None:
    """`graph --svg` draws the tree that `graph` prints into a file any browser opens."""
    project.doit()
    project.write("moon", "one", "2", "three")
    project.doit("script:toy/moon")
    printed = project.doit("graph").out
    assert [line.split()[1:] for line in printed.splitlines() if "render" in line][1] == ["render", "block", "1", "run"]
    assert project.doit("graph", "--svg", "graph.svg").out == ""
    texts = [element.text or "" for element in ET.parse(project.root / "graph.svg").iter() if element.text]  # noqa: S314 - a file of our own
    assert any("final:toy/moon" in text for text in texts)


def test_differences_are_found_inside_lists() -> None:
    """A difference deep in a parameter is told by its place, not by two long lists that look alike."""
    old = {"blocks": [{"say": "a"}, {"say": "b", "ids": [1, 2]}]}
    new = {"blocks": [{"say": "a"}, {"say": "c", "ids": (1, 2)}]}
    assert differences(old, new, "params") == ["params.blocks[1].say 'b' → 'c'"]
    assert differences([1], [1, 2], "params") == ["params [1] → [1, 2]"]
