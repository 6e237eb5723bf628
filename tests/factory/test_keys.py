"""What is in a key, and what is not."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from factory.digests import Digest
from factory.keys import canonical, key_of
from factory.step import Job, Json, Step


def run(job: Job) -> None:
    """A step."""
    job.output("out").write_text("made")


def other(job: Job) -> None:
    """Another step."""
    job.output("out").write_text("made otherwise")


STEP = Step("make", run, ("out",), params={"rate": 1.0, "words": ["a", "б"]}, tools={"tool": "1"})
INPUTS = {"script": Digest.of_bytes(b"script")}


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "other"},
        {"run": other},
        {"uses": (other,)},
        {"outputs": ("out", "more")},
        {"params": {"rate": 1.5, "words": ["a", "б"]}},
        {"tools": {"tool": "2"}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_makes_the_bytes_is_in_the_key(changed: dict[str, object]) -> None:
    """Name, code, uses, outputs, parameters and tools each change the key."""
    assert key_of(replace(STEP, **changed), INPUTS).id != key_of(STEP, INPUTS).id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [{"label": "block 3"}, {"pool": "encode"}, {"attempts": 3}, {"timeout": 1.0}, {"kind": "speech"}],
    ids=lambda changed: next(iter(changed)),
)
def test_how_it_is_run_is_not_in_the_key(changed: dict[str, object]) -> None:
    """Label, pool, attempts, timeout and kind do not change the key."""
    assert key_of(replace(STEP, **changed), INPUTS).id == key_of(STEP, INPUTS).id  # type: ignore[arg-type]


def test_roles_and_contents_of_inputs_are_in_the_key() -> None:
    """The same files in swapped roles are another key, and so is other content in the same role."""
    a, b = Digest.of_bytes(b"a"), Digest.of_bytes(b"b")
    keys = {key_of(STEP, inputs).id for inputs in ({"x": a, "y": b}, {"x": b, "y": a}, {"x": a, "y": a}, {"x": a})}
    assert len(keys) == 4


def test_canonical_form_does_not_depend_on_the_writer() -> None:
    """Order of keys, kind of mapping and kind of sequence leave no trace; text stays readable."""
    one: Json = {"b": [1, 2.5], "a": {"я": None}}
    two: Json = MappingProxyType({"a": MappingProxyType({"я": None}), "b": (1, 2.5)})
    assert canonical(one) == canonical(two) == '{"a":{"я":null},"b":[1,2.5]}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}], ids=str)
def test_what_is_not_plain_data_is_refused(value: object) -> None:
    """A parameter that has no one written form cannot be keyed."""
    with pytest.raises((ValueError, TypeError)):
        canonical({"x": value})  # type: ignore[dict-item]
