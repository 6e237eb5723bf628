"""Deep merge of several files into one, each value still knowing which file it came from.

Mappings merge key by key; anything else (a list, a number, null) replaces what lay below it whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from factory.errors import SpecError
from factory.spec.document import Document, Part, Route, Source
from factory.spec.problems import Place

if TYPE_CHECKING:
    from factory.step import Json

EXTENDS = "extends"
MAX_CHAIN = 16


@dataclass(frozen=True)
class Layer:
    """One file's part of a merge: `data` as it is to be merged, and where its values stand.

    `data` may be tidier than what the person wrote (a shorthand spelled out): a place is then the nearest one around.
    """

    source: Source
    data: Mapping[str, Json]


@dataclass(frozen=True)
class Layers:
    """Layers from the most general to the most particular, as one mapping."""

    layers: tuple[Layer, ...]

    @cached_property
    def data(self) -> dict[str, Json]:
        """All of them merged."""
        result: dict[str, Json] = {}
        for layer in self.layers:
            result = merged(result, layer.data)
        return result

    def place(self, route: Route = (), *, key: bool = False) -> Place:
        """Where the merged value at `route` was written: in the most particular layer that has it."""
        for layer in reversed(self.layers):
            if _has(layer.data, route):
                return layer.source.place(route, key=key)
        return self.layers[-1].source.place(route, key=key)


def merged(below: Mapping[str, Json], above: Mapping[str, Json]) -> dict[str, Json]:
    """`above` laid over `below`; neither is changed."""
    result = dict(below)
    for key, value in above.items():
        under = result.get(key)
        result[key] = merged(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return result


def chain(
    document: Document, find: Callable[[str, Source], Document], *, route: tuple[str | int, ...] = ()
) -> tuple[Document, ...]:
    """What `document` extends, and what that extends, from the most general on, without `document` itself.

    `find` opens what an `extends` names, or raises `SpecError` pointing at the source it is given: places are
    dear, and asked for only where something is wrong. The name is read at `route`, so that a part of a file may extend
    too. A circle is a `SpecError`.
    """
    found: list[Document] = []
    here, at = document, route
    seen = [document.file]
    while (name := _extended(here, at)) is not None:
        asked = Part(here, (*at, EXTENDS))
        here, at = find(name, asked), ()
        if here.file in seen or len(found) >= MAX_CHAIN:
            circle = " → ".join([*seen[seen.index(here.file) if here.file in seen else 0 :], here.file])
            message = f"'extends' goes in a circle: {circle}"
            raise SpecError([asked.place().problem(message, hint="break the circle here")])
        seen.append(here.file)
        found.append(here)
    return tuple(reversed(found))


def _extended(document: Document, route: Sequence[str | int]) -> str | None:
    data = value_at(document.data, route)
    name = data.get(EXTENDS) if isinstance(data, Mapping) else None
    return name if isinstance(name, str) else None


def value_at(data: Json, route: Route) -> Json:
    """The value at `route`, or None where there is none."""
    for step in route:
        if isinstance(data, Mapping) and step in data:
            data = data[str(step)]
        elif isinstance(data, Sequence) and not isinstance(data, str) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _has(data: Json, route: Route) -> bool:
    if not route:
        return True
    inside = value_at(data, route[:-1])
    step = route[-1]
    if isinstance(inside, Mapping):
        return step in inside
    return isinstance(inside, list) and isinstance(step, int) and step < len(inside)
