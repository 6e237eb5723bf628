"""`doit validate`: is every spec right? All mistakes at once, each at its line, and nothing is built."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from doit.cmd_base import Command

from factory.errors import SpecError


class Validate(Command):  # type: ignore[misc]  # doit ships no types
    """Exit code 0 when all is right, 2 when something is not."""

    doc_purpose = "check every project, and say all that is wrong with it"

    def execute(self, opt_values: Mapping[str, Any], pos_args: list[str]) -> int:  # noqa: ARG002  # doit's signature
        """Load all projects and say what was found."""
        from recipes.spec import load_videos  # noqa: PLC0415  # this module is loaded for `doit help` too

        if pos_args:
            sys.stderr.write("doit validate checks every project and takes no arguments\n")
            return 2
        try:
            videos = load_videos(root(Path.cwd()))
        except SpecError as error:
            colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ  # https://no-color.org
            for problem in error.problems:
                sys.stderr.write(problem.render(colour=colour) + "\n\n")
            sys.stderr.write(f"{_counted(len(error.problems), 'mistake')}\n")
            return 2
        projects = len({video.project for video in videos})
        sys.stdout.write(f"{_counted(len(videos), 'video')} in {_counted(projects, 'project')}: no mistakes\n")
        return 0


def root(here: Path) -> Path:
    """The folder of `dodo.py` at or above `here`, or `here`."""
    return next((folder for folder in (here, *here.parents) if (folder / "dodo.py").is_file()), here)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
