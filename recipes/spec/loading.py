"""From `projects/` to videos: every spec read, every video built, every mistake reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from factory.errors import SpecError
from factory.spec.document import Document, Part, shown_path
from factory.spec.layers import EXTENDS, Layer, chain, value_at
from factory.spec.problems import Place, Problem
from recipes.spec import settings
from recipes.spec.assets import Assets
from recipes.spec.building import Building
from recipes.spec.drafts import Drafting
from recipes.spec.shelf import SLUG, SLUG_RULE, Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from recipes.spec.model import Video


def load_videos(root: Path) -> list[Video]:
    """Every video of `projects/*/project.yaml` and `projects/*.yaml` under `root`, in the order of the files.

    Raises `SpecError` with every mistake of every project; then nothing should be built.
    """
    root = root.resolve()
    shelf = Shelf(root)
    videos: list[Video] = []
    problems: list[Problem] = []
    first: dict[str, str] = {}
    for name, file in projects(root):
        shown = shown_path(file, root)
        if name.casefold() in first:
            message = f"another project is called '{name}': {first[name.casefold()]}"
            problems.append(Place(shown).problem(message, hint="rename one of them"))
        first.setdefault(name.casefold(), shown)
        project = Project(name, file, shelf)
        videos.extend(project.videos())
        problems.extend(project.problems)
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


class Project:
    """One spec: `videos` yields what is right, and `problems` then holds what is wrong."""

    def __init__(self, name: str, file: Path, shelf: Shelf) -> None:
        self.name = name
        self.file = file
        self.problems: list[Problem] = []
        self.assets = Assets(file.parent, shelf.verdicts)
        self._shelf = shelf
        self._drafting = Drafting(name, self.assets, shelf, self.problems)
        self._building = Building(name, file.parent, self.assets, shelf)

    def videos(self) -> Iterator[Video]:
        """Read and check all of it."""
        with self._drafting.collecting():
            document = Document.read(self.file, self._shelf.root)
            if not SLUG.match(self.name):
                message = f"'{self.name}' cannot name a project; {SLUG_RULE}"
                self.problems.append(Place(document.file).problem(message))
            wrong = self._shelf.shell.problems(document.data, document)
            self.problems.extend(wrong)
            declared = value_at(document.data, ("videos",))
            first: dict[str, Place] = {}
            for index, data in enumerate(declared if isinstance(declared, list) else ()):
                source = Part(document, ("videos", index))
                faults = self._shelf.video.problems(data, source)
                self.problems.extend(faults)
                if not wrong and not faults and isinstance(data, Mapping):
                    with self._drafting.collecting():
                        yield from self._videos(document, data, source, first)

    def _videos(
        self, document: Document, data: Mapping[str, Any], source: Part, first: dict[str, Place]
    ) -> Iterator[Video]:
        base = self._base(document, source.route if EXTENDS in data else ())
        for draft in self._drafting.drafts(data, source):
            name, place = draft.data["id"], draft.source.place(("id",))
            if name.casefold() in first:
                message = f"id: another video is called '{name}'"
                self.problems.append(place.problem(message, hint=f"it is at {first[name.casefold()]}"))
                continue
            first[name.casefold()] = place
            with self._drafting.collecting():
                yield self._building.build(base, draft)

    def _base(self, document: Document, route: tuple[str | int, ...]) -> list[Layer]:
        """The layers below a video: its format and what that extends, then the project."""
        formats = chain(document, lambda name, place: self._shelf.find_format(name, place, self.assets), route=route)
        return [self._layer(part) for part in (*formats, document)]

    def _layer(self, document: Document) -> Layer:
        data: Any = document.data or {}
        return Layer(
            document, settings.spelled_out({key: data[key] for key in self._shelf.setting_names if key in data})
        )
