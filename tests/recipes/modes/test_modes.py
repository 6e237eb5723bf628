from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from factory.errors import StepError
from recipes import modes


@pytest.mark.parametrize("name", ["carousel", "minimal_text"])
def test_a_mode_says_what_it_takes(name: str) -> None:
    """Its schema is a valid one, names every file and text it speaks of, and describes every key."""
    told = modes.find(name).metadata()

    Draft202012Validator.check_schema(told.schema)
    properties = told.schema["properties"]
    assert isinstance(properties, dict)
    assert {*told.files, *told.text} <= set(properties)
    assert all(item.get("description") for item in properties.values())
    assert all(path.is_file() for path in told.resources.values())


def test_an_unknown_mode_is_named_with_the_nearest() -> None:
    """A slip of the pen is answered with what was probably meant."""
    with pytest.raises(StepError) as caught:
        modes.find("carusel")

    assert "carousel" in caught.value.hint
