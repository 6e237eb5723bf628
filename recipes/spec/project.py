"""One project: its spec read, its videos built, its mistakes gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from factory.spec.document import Document, Part, Source
from factory.spec.layers import EXTENDS, Layer, chain, value_at
from factory.spec.problems import Place, Problem
from recipes.spec.assets import Assets
from recipes.spec.building import Building
from recipes.spec.drafts import Drafting
from recipes.spec.shelf import SLUG, SLUG_RULE, Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from recipes.spec.model import Video


class Project:
    """One spec: `videos` yields what is right, and `problems` then holds what is wrong."""

    def __init__(self, name: str, file: Path, shelf: Shelf) -> None:
        self.name = name
        self.file = file
        self.problems: list[Problem] = []
        self.assets = Assets(file.parent, shelf.verdicts, {file})
        self._shelf = shelf
        self._drafting = Drafting(name, self.assets, shelf, self.problems)
        self._building = Building(name, self.assets, shelf)
        self._own_base: list[Layer] | None = None

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
            first: dict[str, Source] = {}
            for index, data in enumerate(declared if isinstance(declared, list) else ()):
                source = Part(document, ("videos", index))
                faults = self._drafting.faults(data, source)
                self.problems.extend(faults)
                if not wrong and not faults and isinstance(data, Mapping):
                    with self._drafting.collecting():
                        yield from self._videos(document, data, source, first)

    def _videos(
        self, document: Document, data: Mapping[str, Any], source: Part, first: dict[str, Source]
    ) -> Iterator[Video]:
        if EXTENDS not in data and self._own_base is None:
            self._own_base = self._base(document, ())
        base = self._base(document, source.route) if EXTENDS in data else self._own_base or []
        for draft in self._drafting.drafts(data, source):
            name = draft.data["id"]
            if (other := first.setdefault(name.casefold(), draft.source)) is not draft.source:
                place = draft.source.place(("id",))
                hint = f"it is at {other.place(('id',))}"
                self.problems.append(place.problem(f"id: another video is called '{name}'", hint=hint))
                continue
            with self._drafting.collecting():
                yield self._building.build(base, draft)

    def _base(self, document: Document, route: tuple[str | int, ...]) -> list[Layer]:
        """The layers below a video: its format and what that extends, then the project."""
        formats = chain(document, lambda name, asked: self._shelf.find_format(name, asked, self.assets), route=route)
        return [
            self._shelf.layer(part, part.data if isinstance(part.data, Mapping) else {})
            for part in (*formats, document)
        ]
