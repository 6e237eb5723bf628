"""Caption styles: YAML in `templates/captions/`, overridden by a spec's `captions.options`.

A style is a plain mapping of values relative to the frame, so that it can be keyed, shown and merged.
`validate` is what a preflight calls; `load` trusts that it was called.
"""

from __future__ import annotations

import difflib
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml

from factory.errors import FactoryError
from factory.spec.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factory.step import Json

FOLDER = Path(__file__).parents[2] / "templates" / "captions"


class StyleWrong(FactoryError):
    """A style or its options cannot be used: the message says every fault."""


def names() -> list[str]:
    """The styles there are."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@functools.cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema (Draft 2020-12) of a style. All its keys are optional, so it is the schema of options too."""
    return cast("Mapping[str, Any]", json.loads((FOLDER / "style.schema.json").read_text(encoding="utf-8")))


def load(style: str, options: Mapping[str, Json]) -> dict[str, Json]:
    """The style's values with `options` over them. Raises `StyleWrong` when there is no such style."""
    return {**_values(style), **options}


@functools.cache
def _values(style: str) -> Mapping[str, Json]:
    """The style's file, parsed once: every video asks for its style when it is laid out, and a thousand share one."""
    if style not in names():
        near = difflib.get_close_matches(style, names(), n=1)
        hint = f"did you mean “{near[0]}”?" if near else f"there are {', '.join(names())}"
        raise StyleWrong(f"no caption style is called “{style}”: {hint}")
    path = FOLDER / f"{style}.yaml"
    try:
        values = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise StyleWrong(f"templates/captions/{path.name}: {error}") from error
    if not isinstance(values, dict):
        raise StyleWrong(f"templates/captions/{path.name}: must be a mapping ('key: value')")
    return values


def validate(style: str, options: Mapping[str, Json]) -> dict[str, Json]:
    """The style's values, checked. Raises `StyleWrong` with every fault of the style's file and of the options."""
    found = load(style, options)
    faults = list(_faults(found))
    if faults:
        raise StyleWrong("\n".join(f"caption style “{style}”: {fault}" for fault in faults))
    return found


def _faults(style: Mapping[str, Json]) -> Iterator[str]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - a tenth of a second, for a changed spec only

    known = schema()["properties"]
    for key in style:
        if key not in known:
            yield ", ".join(filter(None, (f"unknown key '{key}'", did_you_mean(key, known))))
    for key in known:
        if key not in style:
            yield f"'{key}' is missing ({known[key]['description']})"
    whole = {**schema(), "additionalProperties": True}
    for error in Draft202012Validator(whole).iter_errors(dict(style)):
        expected = error.schema.get("patternErrorMessage", error.message)
        yield f"{'.'.join(map(str, error.absolute_path))}: {expected}"
