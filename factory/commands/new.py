"""`doit new NAME`: a project that builds as it is, to be changed into one's own."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from doit.cmd_base import Command

from factory.commands.validate import root


class New(Command):  # type: ignore[misc]  # doit ships no types
    """Exit code 0 when the project was made, 2 when the name cannot be used; nothing is ever overwritten."""

    doc_purpose = "begin a project"
    doc_usage = "NAME"

    def execute(self, opt_values: Mapping[str, Any], pos_args: list[str]) -> int:  # noqa: ARG002  # doit's signature
        """Copy the project of `templates/` under a new name."""
        from recipes.spec.loading import projects  # noqa: PLC0415  # this module is loaded for `doit help` too
        from recipes.spec.shelf import SLUG, SLUG_RULE  # noqa: PLC0415

        if len(pos_args) != 1 or not SLUG.match(pos_args[0]):
            sys.stderr.write(f"doit new takes one name; {SLUG_RULE}\n")
            return 2
        name, here = pos_args[0], root(Path.cwd())
        if taken := next((file for other, file in projects(here) if other.casefold() == name.casefold()), None):
            sys.stderr.write(f"there is a project of that name: {taken.relative_to(here)}\n")
            return 2
        folder = here / "projects" / name
        folder.mkdir(parents=True, exist_ok=True)
        text = (here / "templates" / "project.yaml").read_text(encoding="utf-8")
        with (folder / "project.yaml").open("x", encoding="utf-8") as file:
            file.write(text)
        sys.stdout.write(f"made projects/{name}/project.yaml; build it with: doit final:{name}/first\n")
        return 0
