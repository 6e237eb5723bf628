"""Videos as declared: a spec's `videos`, each row of a table made a video of its own, each script written out."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory.errors import SpecError
from factory.spec.document import Document, Part, Route, Source, shown_path
from factory.spec.problems import Place, Problem, did_you_mean
from recipes.spec.assets import Assets, AssetWrong
from recipes.spec.shelf import SLUG, SLUG_RULE, Shelf
from recipes.spec.tables import Row, read_rows
from recipes.spec.writing import Writer, is_template

if TYPE_CHECKING:
    from factory.step import Json

_NOT_RENDERED = ("from", "script", "extends", "vars")


@dataclasses.dataclass(frozen=True)
class Draft:
    """A video as declared and checked by the schema: its values, and where they stand."""

    data: Mapping[str, Any]
    source: Source
    blocks: list[Mapping[str, Any]]
    blocks_source: Source


@dataclasses.dataclass(frozen=True)
class FromRow:
    """Values that came out of a row by way of a template: a mistake is shown in the row where it is the row's."""

    inside: Source
    data: Json
    row: Row

    def place(self, route: Route = (), *, key: bool = False) -> Place:
        """In the row if the value is exactly one of its cells, else where the template stands."""
        value = _nearest(self.data, route)
        row = self.row.place
        if not key and isinstance(value, str) and value and value in self.row.values.values():
            column = row.source.find(value)
            return dataclasses.replace(row, column=column + 1, length=len(value)) if column >= 0 else row
        place = self.inside.place(route, key=key)
        note = "; ".join(filter(None, (place.note, f"row {self.row.number}, {row.file}:{row.line}")))
        return dataclasses.replace(place, note=note)


class Drafting:
    """Makes the drafts of one project. Mistakes go to `problems`, and the rest goes on."""

    def __init__(self, project: str, assets: Assets, shelf: Shelf, problems: list[Problem]) -> None:
        self._project = project
        self._assets = assets
        self._shelf = shelf
        self._problems = problems
        self._scripts: dict[str, Path | None] = {}

    def faults(self, data: Json, source: Source) -> list[Problem]:
        """What the schema has against one item of `videos`; a value that will be rendered is checked after that."""
        rendered = isinstance(data, Mapping) and ("from" in data or "vars" in data)
        return self._shelf.video.problems(data, source, unless=lambda value: rendered and is_template(value))

    def drafts(self, data: Mapping[str, Any], source: Source) -> Iterator[Draft]:
        """Every video that one item of `videos` declares."""
        if "from" in data:
            yield from self._from_rows(data, source)
            return
        values = data.get("vars", {})
        own = self._rendered(data, values, source) if "vars" in data else data
        yield from self._checked(own, source, values, None)

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """What is wrong inside is noted, and the next video has its turn."""
        try:
            yield
        except SpecError as error:
            self._problems.extend(error.problems)

    def _from_rows(self, data: Mapping[str, Any], source: Source) -> Iterator[Draft]:
        try:
            rows = read_rows(self._assets.find(data["from"]), self._shelf.root)
        except AssetWrong as error:
            raise SpecError([source.place(("from",)).problem(f"from: {error}", hint=error.hint)]) from None
        for row in rows:
            raw = FromRow(source, data, row)
            with self.collecting():
                variables = self._writer.filled(data.get("vars", {}), row.values, Part(raw, ("vars",)).place)
                values = {**row.values, **(variables if isinstance(variables, Mapping) else {})}
                own = self._rendered(data, values, raw)
                yield from self._checked(own, FromRow(source, own, row), values, row)

    def _rendered(self, data: Mapping[str, Any], values: Mapping[str, Json], source: Source) -> Mapping[str, Any]:
        parts = {key: value for key, value in data.items() if key not in _NOT_RENDERED}
        rendered: Any = self._shelf.video.coerced(self._writer.filled(parts, values, source.place))
        own = {**data, **rendered}
        if problems := self._shelf.video.problems(own, source):
            raise SpecError(problems)
        return own

    def _checked(
        self, data: Mapping[str, Any], source: Source, values: Mapping[str, Json], row: Row | None
    ) -> Iterator[Draft]:
        identity = data["id"]
        if not SLUG.match(identity):
            message = f"id: '{identity}' cannot name a video; {SLUG_RULE}"
            raise SpecError([source.place(("id",)).problem(message)])
        if "blocks" in data:
            yield Draft(data, source, data["blocks"], Part(source, ("blocks",)))
            return
        document = self._script(data["script"], source.place(("script",)), values, identity)
        blocks: Any = self._shelf.blocks.coerced(document.data)
        written = FromRow(document, blocks, row) if row else document
        if problems := self._shelf.blocks.problems(blocks, written):
            raise SpecError(problems)
        yield Draft(data, source, blocks, written)

    def _script(self, name: str, place: Place, values: Mapping[str, Json], identity: str) -> Document:
        if self._find_script(name) is None:
            folder = self._shelf.root / "templates" / "scripts"
            hint = (
                did_you_mean(name, (file.name for file in folder.glob("*.j2")))
                or f"put it into {shown_path(folder, self._shelf.root)}"
            )
            raise SpecError([place.problem(f"script: there is no template '{name}'", hint=hint)])
        label = f"<{name} for {self._project}/{identity}>"
        return self._writer.script(name, values, label=label, place=place)

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self._find_script, self._shelf.root)

    def _find_script(self, name: str) -> Path | None:
        if name not in self._scripts:
            self._scripts[name] = self._looked_up(name)
        return self._scripts[name]

    def _looked_up(self, name: str) -> Path | None:
        with contextlib.suppress(AssetWrong):
            return self._assets.find(name)
        shared = Assets(self._shelf.root / "templates" / "scripts", self._shelf.verdicts)
        try:
            path = shared.find(name)
        except AssetWrong:
            return None
        self._assets.seen.add(path)
        return path


def _nearest(data: Any, route: Route) -> Any:
    """The value at `route`, or the text on the way to it that stands for a mapping (`show: moon.jpg`)."""
    for step in route:
        if isinstance(data, str):
            return data
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
