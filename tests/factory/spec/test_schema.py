"""A schema's verdicts in a person's words."""

from __future__ import annotations

from typing import Any

import pytest

from factory.spec.document import Document
from factory.spec.schema import Schema
from factory.step import Json

SCHEMA = Schema(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["title"],
        "properties": {
            "title": {"type": "string", "minLength": 1, "maxLength": 9, "description": "What it is called. Really."},
            "crf": {"type": "integer", "minimum": 0, "maximum": 51},
            "width": {"type": "integer", "minimum": 2, "multipleOf": 2},
            "loud": {"type": "boolean"},
            "kind": {"enum": ["cut", "crossfade"]},
            "slug": {"type": "string", "pattern": "^[a-z]+$", "patternErrorMessage": "must be small letters"},
            "size": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"$ref": "#/properties/width"}},
            "voice": {"$ref": "#/$defs/voice"},
            "lexicon": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "oneOf": [{"required": ["crf"]}, {"required": ["kind"]}],
        "$defs": {
            "voice": {
                "anyOf": [
                    {"type": "string", "pattern": "/", "patternErrorMessage": "must be engine/name"},
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "rate": {"type": "number", "default": 1.0}},
                    },
                ]
            }
        },
    }
)


def told(text: str) -> list[tuple[str, str, str]]:
    """Place, message and hint of every problem."""
    document = Document(text, "a")
    return [(f"{p.line}:{p.column}", p.message, p.hint) for p in SCHEMA.problems(document.data, document)]


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("titel: x\ntitle: y\ncrf: 1", "1:1", "unknown key 'titel'", "did you mean 'title'?"),
        ("crf: 1\n", "1:1", "'title' is missing", "add 'title:' (What it is called)"),
        ("title: x\ncrf: 99", "2:6", "crf: must be a whole number between 0 and 51, not 99", ""),
        (
            "title: x\ncrf: high",
            "2:6",
            "crf: must be a whole number between 0 and 51, not 'high'",
            "",
        ),
        ("title: 01\ncrf: 1", "1:8", "title: must be text, not the number 1", 'put it in quotes: "01"'),
        ("title: true\ncrf: 1", "1:8", "title: must be text, not a truth value", 'put it in quotes: "true"'),
        ("title:\ncrf: 1", "1:7", "title: must be text, not nothing", "write a value, or remove the key"),
        ("title: ''\ncrf: 1", "1:8", "title: must not be empty", ""),
        ("title: abcdefghijk\ncrf: 1", "1:8", "title: is 11 characters long; at most 9 fit", ""),
        ("title: x\ncrf: 1\nloud: yes", "3:7", "loud: must be true or false, not 'yes'", "write true"),
        (
            "title: x\nkind: Crosfade",
            "2:7",
            "kind: must be cut or crossfade, not 'Crosfade'",
            "did you mean 'crossfade'?",
        ),
        ("title: x\ncrf: 1\nslug: A1", "3:7", "slug: must be small letters, not 'A1'", ""),
        ("title: x\ncrf: 1\nwidth: 5", "3:8", "width: must be a whole even number at least 2, not 5", ""),
        ("title: x\ncrf: 1\nsize: [2]", "3:7", "size: needs at least 2 items, has 1", ""),
        ("title: x\ncrf: 1\nsize: 2", "3:7", "size: must be a list, not the number 2", "write [2]"),
        ("title: x\ncrf: 1\nsize: [2, 3]", "3:11", "size: must be a whole even number at least 2, not 3", ""),
        ("title: x\ncrf: 1\nvoice: joe", "3:8", "voice: must be engine/name, not 'joe'", ""),
        ("title: x\ncrf: 1\nvoice: {rate: 1}", "3:8", "voice: 'name' is missing", "add 'name:'"),
        ("title: x\ncrf: 1\nvoice: {name: joe, rate: x}", "3:26", "voice.rate: must be a number, not 'x'", ""),
        ("title: x\ncrf: 1\nvoice: 5", "3:8", "voice: must be text or a mapping ('key: value'), not the number 5", ""),
        (
            "title: x\ncrf: 1\nlexicon: {a: 1}",
            "3:14",
            "lexicon.a: must be text, not the number 1",
            'put it in quotes: "1"',
        ),
        ("title: x\n", "1:1", "'crf' or 'kind' is missing", ""),
        ("title: x\ncrf: 1\nkind: cut", "1:1", "takes only one of crf or kind", "remove the other"),
        ("- x\n", "1:1", "must be a mapping ('key: value'), not a list", ""),
    ],
)
def test_mistake_is_told_where_it_stands(text: str, place: str, message: str, hint: str) -> None:
    """Each class of mistake has its exact place, its words and its hint."""
    found = told(text)
    assert any((at, what) == (place, message) and why.startswith(hint) for at, what, why in found), found


def test_misspelt_key_is_one_mistake() -> None:
    """A required key under a near name is told as misspelt, not as missing too."""
    assert [message for _, message, _ in told("titel: x\ncrf: 1\n")] == ["unknown key 'titel'"]


def test_all_mistakes_are_reported_in_the_order_of_lines() -> None:
    """Three mistakes on three lines are three problems."""
    assert [place for place, _, _ in told("titel: x\ntitle: 5\ncrf: -1\n")] == ["1:1", "2:8", "3:6"]


def test_defaults_are_filled_only_where_missing() -> None:
    """A default goes into a mapping that is there, through `anyOf` and `$ref`; what was given is left alone."""
    given: dict[str, Any] = {"voice": {"name": "joe"}}
    assert SCHEMA.filled(given) == {"voice": {"name": "joe", "rate": 1.0}}
    assert SCHEMA.filled({"voice": "a/b"}) == {"voice": "a/b"}
    assert given == {"voice": {"name": "joe"}}


def test_text_of_a_table_becomes_what_its_key_takes() -> None:
    """`"20"` is a number for crf and text for title, and a number is text for title."""
    table: Json = {
        "title": "2024",
        "crf": "20",
        "loud": "true",
        "voice": {"name": "5", "rate": "1.5"},
        "size": ["2", "x"],
    }
    assert SCHEMA.coerced(table) == {
        "title": "2024",
        "crf": 20,
        "loud": True,
        "voice": {"name": "5", "rate": 1.5},
        "size": [2, "x"],
    }
    assert SCHEMA.coerced({"title": 2024}) == {"title": "2024"}
