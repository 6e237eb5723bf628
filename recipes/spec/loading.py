"""From `projects/` to videos: what has not moved since the last load is remembered, the rest is read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory.errors import SpecError
from recipes.spec.keeping import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from factory.spec.problems import Problem
    from recipes.spec.model import Video
    from recipes.spec.shelf import Shelf


def load_videos(root: Path) -> list[Video]:
    """Every video of `projects/*/project.yaml` and `projects/*.yaml` under `root`, project by project.

    Raises `SpecError` with every mistake of every project; then nothing should be built.
    """
    root = root.resolve()
    kept = Kept(root)
    shelf: Shelf | None = None
    videos: list[Video] = []
    problems: list[Problem] = []
    first: dict[str, Path] = {}
    for name, file in projects(root):
        recalled = kept.recall(name)
        if recalled is None:
            # Imported only for a project that changed: YAML, the schema and the templates cost half a second.
            from recipes.spec.project import Project  # noqa: PLC0415
            from recipes.spec.shelf import Shelf  # noqa: PLC0415

            shelf = shelf or Shelf(root)
            project = Project(name, file, shelf)
            recalled = list(project.videos())
            problems.extend(project.problems)
            if not project.problems:
                kept.keep(name, recalled, project.assets.seen)
        if (other := first.setdefault(name.casefold(), file)) != file:
            problems.append(_same_name(name, file, other, root))
        videos.extend(recalled)
    if shelf is not None:
        shelf.verdicts.save()
    if problems:
        raise SpecError(sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line)))
    return videos


def projects(root: Path) -> Iterator[tuple[str, Path]]:
    """Name and spec of every project, sorted by name."""
    folder = root / "projects"
    found = [(file.parent.name, file) for file in folder.glob("*/project.yaml")]
    found += [(file.stem, file) for file in folder.glob("*.yaml")]
    yield from sorted((name, file) for name, file in found if not name.startswith("."))


def _same_name(name: str, file: Path, other: Path, root: Path) -> Problem:
    from factory.spec.problems import Place  # noqa: PLC0415  # only for a mistake

    message = f"another project is called '{name}': {other.relative_to(root).as_posix()}"
    return Place(file.relative_to(root).as_posix()).problem(message, hint="rename one of them")
