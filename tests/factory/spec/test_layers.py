"""Merging files that remember where each value came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import SpecError
from factory.spec.document import Document, Source
from factory.spec.layers import Layer, Layers, chain, merged
from factory.step import Json

BASE = Document("look:\n  size: 1\n  colour: red\nlist: [1, 2]\n", "base.yaml")
OWN = Document("look:\n  colour: blue\nlist: [3]\n", "own.yaml")


def layers(*documents: Document) -> Layers:
    """The documents merged, the last on top."""
    return Layers(tuple(Layer(document, document.data) for document in documents if isinstance(document.data, dict)))


def test_mappings_merge_and_lists_are_replaced() -> None:
    """Key by key down to the leaves; a list is a leaf."""
    assert layers(BASE, OWN).data == {"look": {"size": 1, "colour": "blue"}, "list": [3]}


def test_merged_value_remembers_its_file() -> None:
    """A value points into the file that gave it, on top or below."""
    both = layers(BASE, OWN)
    assert str(both.place(("look", "size"))) == "base.yaml:2:9"
    assert str(both.place(("look", "colour"))) == "own.yaml:2:11"
    assert str(both.place(("look", "colour"), key=True)) == "own.yaml:2:3"


def test_chain_is_from_the_most_general_on() -> None:
    """What is extended twice over comes first."""
    files = {
        "a": Document("extends: b", "a.yaml"),
        "b": Document("extends: c", "b.yaml"),
        "c": Document("x: 1", "c.yaml"),
    }
    found = chain(Document("extends: a", "own.yaml"), lambda name, _asked: files[name])
    assert [document.file for document in found] == ["c.yaml", "b.yaml", "a.yaml"]


def test_circle_of_extends_is_a_problem_where_it_closes() -> None:
    """The message shows the circle and the file to break it in."""
    files = {"a": Document("extends: b", "a.yaml"), "b": Document("x: 1\nextends: a", "b.yaml")}

    def find(name: str, _asked: Source) -> Document:
        return files[name]

    with pytest.raises(SpecError) as caught:
        chain(Document("extends: a", "own.yaml"), find)
    assert str(caught.value).startswith("b.yaml:2:10: 'extends' goes in a circle: a.yaml → b.yaml → a.yaml")


TREES: st.SearchStrategy[Json] = st.recursive(
    st.integers(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner) | st.lists(inner), max_leaves=12
)
MAPPINGS = st.dictionaries(st.sampled_from("abc"), TREES)


@given(MAPPINGS, MAPPINGS)
def test_merge_keeps_what_the_upper_layer_says(below: dict[str, Json], above: dict[str, Json]) -> None:
    """Merging over or under nothing changes nothing, merging twice is merging once, and neither side is touched."""
    before = repr((below, above))
    both = merged(below, above)
    assert merged(below, {}) == below
    assert merged({}, above) == above
    assert merged(both, above) == both
    assert repr((below, above)) == before
