"""JSON Schema (Draft 2020-12): its verdicts in a person's words, at the line and column, all of them at once.

`jsonschema` decides; this module only tells. A schema helps it along with `patternErrorMessage` (the keyword of VS
Code's and RedHat's YAML servers), which says what a pattern means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast

from factory.spec.document import plain
from factory.spec.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

    from factory.spec.document import Source
    from factory.step import Json

_NAMES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a mapping ('key: value')",
    "array": "a list",
    "null": "nothing (null)",
}
_SHOWN = 40


class Schema:
    """A schema whose `$ref`s stay inside itself and form no circle."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.raw = schema

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The schema with every `$ref` replaced by what it names."""
        inlined: dict[str, Any] = _inlined(self.raw, self.raw)
        return inlined

    def part(self, *route: str) -> Schema:
        """The definition at `route` under `$defs` as a schema of its own."""
        node: Any = self.raw["$defs"]
        for step in route:
            node = node[step]
        return Schema({**node, "$defs": self.raw["$defs"]})

    @cached_property
    def _validator(self) -> Draft202012Validator:
        # Imported here: it costs a tenth of a second, and a build of an unchanged spec needs none of it.
        from jsonschema import Draft202012Validator  # noqa: PLC0415

        return Draft202012Validator(self.whole)

    def problems(
        self, data: Json, source: Source, *, unless: Callable[[object], bool] = lambda _value: False
    ) -> list[Problem]:
        """Every mistake of `data`, whose places `source` knows, in the order of the lines.

        What is wrong with a value for which `unless` is true is passed over: it is not final yet.
        """
        teller = _Teller(source, unless)
        found: dict[Problem, None] = {}
        for error in self._validator.iter_errors(data):
            found.update(dict.fromkeys(teller.tell(cast("_Verdict", error))))
        return sorted(found, key=lambda problem: (problem.line, problem.column))

    def filled(self, data: Json) -> Json:
        """`data` with every `default` of the schema filled in where a key is missing; `data` is left alone."""
        return _filled(data, self.whole)

    def coerced(self, data: Json) -> Json:
        """`data` with text made a number or a truth, and a number text, where the schema takes nothing else.

        For values out of a table or a template, where `2024` may be either.
        """
        return _coerced(data, self.whole)


def _inlined(node: Any, root: Mapping[str, Any]) -> Any:
    if isinstance(node, Mapping):
        out = {key: _inlined(value, root) for key, value in node.items() if key not in ("$ref", "$defs")}
        if "$ref" in node:
            target: Any = root
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            out = {**_inlined(target, root), **out}
        return out
    if isinstance(node, list):
        return [_inlined(item, root) for item in node]
    return node


def _filled(data: Json, schema: Mapping[str, Any]) -> Json:
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if _holds(data, choice):
            data = _filled(data, choice)
    if isinstance(data, Mapping):
        result = dict(data)
        for key, part in schema.get("properties", {}).items():
            if key in result:
                result[key] = _filled(result[key], part)
            elif "default" in part:
                result[key] = part["default"]
        return result
    if isinstance(data, list) and "items" in schema:
        return [_filled(item, schema["items"]) for item in data]
    return data


def _coerced(data: Json, schema: Mapping[str, Any]) -> Json:
    choices = [schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    wanted = {name for choice in choices for name in _types(choice)}
    if isinstance(data, str):
        if "string" in wanted or "enum" in schema or not wanted & {"number", "integer", "boolean"}:
            return data
        value = plain(data.strip())
        return value if not isinstance(value, float) or math.isfinite(value) else data
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        return str(data) if wanted == {"string"} else data
    if isinstance(data, Mapping):
        parts: dict[str, Any] = {}
        rest: Any = {}
        for choice in choices:
            parts |= choice.get("properties", {})
            rest = choice.get("additionalProperties") or rest
        return {
            key: _coerced(value, parts.get(key, rest if isinstance(rest, dict) else {})) for key, value in data.items()
        }
    if isinstance(data, list):
        items: Mapping[str, Any] = next((choice["items"] for choice in choices if "items" in choice), {})
        return [_coerced(item, items) for item in data]
    return data


class _Verdict(Protocol):
    """What is read of a `jsonschema.ValidationError`, whose own types allow for it being half made."""

    validator: str
    validator_value: Any
    instance: Any
    schema: Mapping[str, Any]
    message: str
    context: Sequence[_Verdict]
    path: Sequence[str | int]
    absolute_path: Sequence[str | int]
    schema_path: Sequence[str | int]


class _Teller:
    """Turns jsonschema's errors about one part of one source into problems."""

    def __init__(self, source: Source, unless: Callable[[object], bool]) -> None:
        self.source = source
        self.unless = unless

    def tell(self, error: _Verdict) -> Iterator[Problem]:
        if self.unless(error.instance):
            return
        telling = _TELLING.get(error.validator)
        if telling is None:
            yield self._at(error, error.message)
        else:
            yield from telling(self, error)

    def _at(self, error: _Verdict, message: str, hint: str = "", *extra: str, key: bool = False) -> Problem:
        place = self.source.place((*error.absolute_path, *extra), key=key)
        named = "" if extra else _name(error.absolute_path)
        return place.problem(f"{named}: {message}" if named else message, hint=hint)

    def additional_properties(self, error: _Verdict) -> Iterator[Problem]:
        known = tuple(error.schema.get("properties", ()))
        patterns = error.schema.get("patternProperties", ())
        for key in error.instance:
            if key in known or any(re.search(pattern, key) for pattern in patterns):
                continue
            hint = did_you_mean(key, known) or f"expected {_listed(known)}"
            yield self._at(error, f"unknown key '{_short(key)}'", hint, key, key=True)

    def required(self, error: _Verdict) -> Iterator[Problem]:
        key = next(key for key in error.validator_value if key not in error.instance and f"'{key}'" in error.message)
        known = error.schema.get("properties", {})
        if any(
            did_you_mean(extra, known) == did_you_mean(key, [key]) for extra in error.instance if extra not in known
        ):
            return  # it is there, misspelt, and told as that
        what = known.get(key, {}).get("description", "")
        hint = f"add '{key}:'" + (f" ({first_sentence(what)})" if what else "")
        yield self._at(error, f"'{key}' is missing", hint)

    def kind(self, error: _Verdict) -> Iterator[Problem]:
        wanted = error.validator_value
        names = [wanted] if isinstance(wanted, str) else wanted
        yield self._wrong_type(error, names, error.schema)

    def _wrong_type(self, error: _Verdict, names: Sequence[str], schema: Mapping[str, Any]) -> Problem:
        value = error.instance
        place = self.source.place(tuple(error.absolute_path))
        written = place.source[place.column - 1 : place.column - 1 + place.length]
        expected = _range(schema) if len(names) == 1 else _listed(_NAMES[name] for name in names)
        hint = ""
        if value is None:
            hint = "write a value, or remove the key"
        elif "string" in names and isinstance(value, (bool, int, float)):
            hint = f'put it in quotes: "{written}"'
        elif names == ["boolean"] and isinstance(value, str) and value.casefold() in _TRUTHS:
            hint = f"write {_TRUTHS[value.casefold()]}"
        elif "array" in names and not isinstance(value, Mapping):
            hint = f"write [{_short(written)}]"
        return self._at(error, f"must be {expected}, not {_kind(value)}", hint)

    def choice(self, error: _Verdict) -> Iterator[Problem]:
        known = [str(value) for value in error.validator_value]
        hint = did_you_mean(str(error.instance), known)
        yield self._at(error, f"must be {_listed(known)}, not {_quoted(error.instance)}", hint)

    def const(self, error: _Verdict) -> Iterator[Problem]:
        yield self._at(error, f"must be {_quoted(error.validator_value)}, not {_quoted(error.instance)}")

    def limit(self, error: _Verdict) -> Iterator[Problem]:
        yield self._at(error, f"must be {_range(error.schema)}, not {error.instance}")

    def pattern(self, error: _Verdict) -> Iterator[Problem]:
        expected = error.schema.get("patternErrorMessage") or f"must match {error.validator_value}"
        yield self._at(error, f"{expected}, not {_quoted(error.instance)}")

    def min_length(self, error: _Verdict) -> Iterator[Problem]:
        what = (
            "must not be empty" if error.validator_value == 1 else f"needs at least {error.validator_value} characters"
        )
        yield self._at(error, what)

    def max_length(self, error: _Verdict) -> Iterator[Problem]:
        yield self._at(error, f"is {len(error.instance)} characters long; at most {error.validator_value} fit")

    def min_items(self, error: _Verdict) -> Iterator[Problem]:
        yield self._at(error, f"needs at least {_count(error.validator_value)}, has {len(error.instance)}")

    def max_items(self, error: _Verdict) -> Iterator[Problem]:
        yield self._at(error, f"takes at most {_count(error.validator_value)}, has {len(error.instance)}")

    def property_names(self, error: _Verdict) -> Iterator[Problem]:
        key = str(error.instance)
        what = error.schema.get("propertyNames", error.schema).get("patternErrorMessage", "is not a key to use here")
        yield self._at(error, f"key '{_short(key)}' {what}", "", key, key=True)

    def branches(self, error: _Verdict) -> Iterator[Problem]:
        branches: dict[Any, list[_Verdict]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        if not branches:  # oneOf, and more than one of them is fulfilled
            names = [key for choice in error.validator_value for key in choice.get("required", ())]
            yield self._at(error, f"takes only one of {_listed(names)}", "remove the other")
            return
        if all(inner.validator == "required" and not inner.path for errors in branches.values() for inner in errors):
            names = [key for choice in error.validator_value for key in choice["required"]]
            yield self._at(error, f"{_listed(map(repr, names))} is missing")
            return
        fitting = [errors for errors in branches.values() if not any(_is_other_kind(inner) for inner in errors)]
        if not fitting:
            names = [name for choice in error.validator_value for name in _types(choice)]
            yield self._wrong_type(error, list(dict.fromkeys(names)), error.schema)
            return
        for inner in min(fitting, key=len):
            yield from self.tell(inner)


_TELLING: dict[str, Callable[[_Teller, _Verdict], Iterator[Problem]]] = {
    "additionalProperties": _Teller.additional_properties,
    "anyOf": _Teller.branches,
    "const": _Teller.const,
    "enum": _Teller.choice,
    "exclusiveMaximum": _Teller.limit,
    "exclusiveMinimum": _Teller.limit,
    "maxItems": _Teller.max_items,
    "maxLength": _Teller.max_length,
    "maximum": _Teller.limit,
    "minItems": _Teller.min_items,
    "minLength": _Teller.min_length,
    "minimum": _Teller.limit,
    "multipleOf": _Teller.limit,
    "oneOf": _Teller.branches,
    "pattern": _Teller.pattern,
    "propertyNames": _Teller.property_names,
    "required": _Teller.required,
    "type": _Teller.kind,
}

_TRUTHS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def _is_other_kind(error: _Verdict) -> bool:
    return not error.path and error.validator in ("type", "const")


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    wanted = schema.get("type", ())
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)


def _holds(data: Json, schema: Mapping[str, Any]) -> bool:
    """Whether `data` is the kind of mapping or list that the schema is of."""
    kind = "object" if isinstance(data, Mapping) else "array" if isinstance(data, list) else None
    return kind in _types(schema)


def _name(path: Iterable[str | int]) -> str:
    """The dotted name of a value as a person thinks of it: the keys since the last list, `show.focus` for its items."""
    names = "/".join("" if isinstance(step, int) else step for step in path).rstrip("/")
    return names.rpartition("//")[2].strip("/").replace("/", ".")


def _range(schema: Mapping[str, Any]) -> str:
    names = _types(schema)
    noun = _NAMES[names[0]] if names else "a number"
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if schema.get("multipleOf") == 2:  # noqa: PLR2004  # evenness is the one multiple with a word of its own
        noun = noun.replace("whole", "whole even")
    if low is not None and high is not None:
        return f"{noun} between {low} and {high}"
    bounds = ((low, "at least"), (high, "at most"), (above, "above"), (below, "below"))
    return " and ".join([noun, *(f"{word} {bound}" for bound, word in bounds if bound is not None)]).replace(
        " and ", " ", 1
    )


def _kind(value: Json) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return _quoted(value)
    return "a mapping" if isinstance(value, Mapping) else "a list"


def _quoted(value: object) -> str:
    return f"'{_short(value)}'" if isinstance(value, str) else _short(str(value))


def _short(text: object) -> str:
    whole = str(text)
    return whole if len(whole) <= _SHOWN else whole[: _SHOWN - 1] + "…"


def _listed(names: Iterable[str]) -> str:
    items = list(names)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}" if items else "nothing"


def _count(number: int) -> str:
    return f"{number} item" + ("s" if number != 1 else "")


def first_sentence(text: str) -> str:
    """The first sentence of a `description`, without its full stop: what fits into a hint."""
    return text.partition(". ")[0].rstrip(".")
