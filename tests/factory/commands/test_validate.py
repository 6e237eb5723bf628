"""`doit validate`."""

from __future__ import annotations

import pytest

from factory.commands.validate import Validate
from tests.recipes.spec.conftest import HEAD, Root
from tests.recipes.spec.conftest import root as root  # noqa: PLC0414  # pytest finds the fixture by its name here

RIGHT = "videos:\n  - {id: a, title: A, blocks: [{say: One., show: images/moon.jpg}]}\n"


@pytest.fixture
def here(root: Root, monkeypatch: pytest.MonkeyPatch) -> Root:
    """The root as the working folder of a person."""
    (root.path / "dodo.py").touch()
    monkeypatch.chdir(root.project)
    return root


def test_right_specs_are_counted(here: Root, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 0 and one line, from any folder below the root."""
    here.spec(HEAD + RIGHT)
    assert Validate().execute({}, []) == 0
    assert capsys.readouterr().out == "1 video in 1 project: no mistakes\n"


def test_mistakes_are_told_and_counted_without_colour_in_a_pipe(here: Root, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 2, every mistake with its source line, and how many there are."""
    here.spec(HEAD + RIGHT.replace("title", "titel") + "paus: 1\n")
    assert Validate().execute({}, []) == 2
    said = capsys.readouterr().err
    assert "projects/demo/project.yaml:5:13: unknown key 'titel'" in said
    assert "^^^^^ did you mean 'title'?" in said
    assert said.endswith("\n2 mistakes\n")
    assert "\x1b" not in said


def test_nothing_is_built_or_written_beside_the_cache(here: Root) -> None:
    """Checking leaves no file outside of cache/."""
    here.spec(HEAD + RIGHT)
    before = set(here.path.rglob("*"))
    Validate().execute({}, [])
    assert {path.relative_to(here.path).parts[0] for path in set(here.path.rglob("*")) - before} <= {"cache"}
