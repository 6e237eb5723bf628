"""A root with one project, small and right, to break in one place at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from factory.errors import SpecError
from factory.spec.problems import Problem
from recipes.spec import load_videos
from recipes.spec.model import Video

TEMPLATES = Path(__file__).parents[3] / "templates"
HEAD = "extends: shorts\nlanguage: en\nvoice: piper/joe\n"


@dataclass(frozen=True)
class Root:
    """A root folder with `projects/demo/`."""

    path: Path

    @property
    def project(self) -> Path:
        """The project's folder."""
        return self.path / "projects" / "demo"

    def write(self, name: str, text: str | bytes) -> Path:
        """A file of the project."""
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def spec(self, text: str) -> None:
        """The project's spec."""
        self.write("project.yaml", text)

    def videos(self) -> list[Video]:
        """Load, expecting no mistake."""
        return load_videos(self.path)

    def mistakes(self) -> list[Problem]:
        """Load, expecting mistakes."""
        with pytest.raises(SpecError) as caught:
            load_videos(self.path)
        return list(caught.value.problems)

    def told(self) -> list[tuple[str, str, str]]:
        """Place, message and hint of every mistake, places without the project's folder."""
        return [
            (f"{p.file.removeprefix('projects/demo/')}:{p.line}:{p.column}", p.message, p.hint) for p in self.mistakes()
        ]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """Templates of the repository, one picture, no spec yet."""
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    made = Root(tmp_path)
    (made.project / "images").mkdir(parents=True)
    Image.new("RGB", (36, 64), (90, 40, 20)).save(made.project / "images" / "moon.jpg")
    return made


@pytest.fixture
def video(root: Root) -> Callable[[str], Root]:
    """A spec of one video: what is given replaces its body, from line 4 on."""

    def write(body: str) -> Root:
        root.spec(HEAD + body)
        return root

    return write
