"""The toy project: everything about building, nothing about video."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factory.testing import Outcome, doit

if TYPE_CHECKING:
    from collections.abc import Iterator

TOY = Path(__file__).parent / "toy"
DODO = """\
from factory.loader import config, loading, tasks
from toys import making

DOIT_CONFIG = config("final")
specs = loading(making.load)


def task_script():
    "The words."
    return tasks(map(making.script, specs()))


def task_final():
    "The whole."
    return tasks(map(making.final, specs()))
"""


@dataclass
class Project:
    """A copy of the toy project in a folder of its own."""

    root: Path

    def write(self, name: str, *blocks: str) -> Path:
        """Write a spec."""
        spec = self.root / "projects" / f"{name}.txt"
        spec.parent.mkdir(exist_ok=True)
        spec.write_text("\n".join(blocks))
        return spec

    def doit(self, *args: str) -> Outcome:
        """Build, and expect it to go well."""
        outcome = doit(self.root, *args)
        assert outcome.code == 0, outcome.out + outcome.err
        return outcome

    def failing(self, *args: str) -> Outcome:
        """Build, and expect it not to."""
        outcome = doit(self.root, *args)
        assert outcome.code != 0, outcome.out
        assert "Traceback" not in outcome.err
        return outcome

    def final(self, name: str) -> Path:
        """Where a video is delivered."""
        return self.root / "build" / name / "final.txt"

    def children(self) -> Iterator[str]:
        """The command lines of all processes working in this project's scratch folders."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").resolve().is_relative_to(self.root / "cache"):
                    yield (process / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A toy project with one video of three blocks."""
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "dodo.py").write_text(DODO)
    made = Project(tmp_path)
    made.write("moon", "one", "two", "three")
    return made


def steps(**counts: int) -> Counter[str]:
    """What a build is expected to run."""
    return Counter(counts)
