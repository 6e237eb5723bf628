"""`doit new`."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.commands.new import New
from recipes.spec import load_videos
from tests.recipes.spec.conftest import Root
from tests.recipes.spec.conftest import root as root  # noqa: PLC0414  # pytest finds the fixture by its name here


@pytest.fixture
def here(root: Root, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root as the working folder of a person."""
    (root.path / "dodo.py").touch()
    monkeypatch.chdir(root.path)
    return root.path


def test_new_project_is_right_as_it_is(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It loads without a mistake, and the person is told what to run."""
    assert New().execute({}, ["tea"]) == 0
    assert [video.name for video in load_videos(here)] == ["tea/first"]
    assert capsys.readouterr().out == "made projects/tea/project.yaml; build it with: doit final:tea/first\n"


@pytest.mark.parametrize("args", [[], ["a", "b"], ["../out"], ["a b"], [""]])
def test_name_that_cannot_be_a_folder_is_refused(here: Path, args: list[str]) -> None:
    """Code 2, and nothing is made."""
    before = set(here.rglob("*"))
    assert New().execute({}, args) == 2
    assert set(here.rglob("*")) == before


def test_project_is_never_overwritten(here: Path) -> None:
    """A name that is taken, in any case, is refused and its spec left as it was."""
    assert New().execute({}, ["tea"]) == 0
    spec = here / "projects" / "tea" / "project.yaml"
    spec.write_text("mine")
    assert New().execute({}, ["Tea"]) == 2
    assert spec.read_text() == "mine"
