"""A YAML file as plain data that knows where each part of it stands.

The file is parsed by libyaml; what its plain words mean is decided here by the core schema of YAML 1.2, not by
PyYAML's YAML 1.1. So `no` is Norwegian and not false, `on` is text, `1:30` is text and not 90, `012` is twelve, and
a date stays as written, which is also what editors believe (https://yaml.org/spec/1.2.2/#103-core-schema).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stub does not say that it is exported

from factory.errors import SpecError
from factory.spec.problems import Place, Problem

if TYPE_CHECKING:
    from factory.step import Json

type Route = Sequence[str | int]
"""The way from the root to a value: keys of mappings and indexes of lists."""


class Source(Protocol):
    """What knows where its values stand: a document, a part of one, several merged."""

    def place(self, route: Route = (), *, key: bool = False) -> Place:
        """Where the value at `route` (or its key) was written."""


MAX_BYTES = 16 * 1024 * 1024
MAX_NODES = 1_000_000
"""Values in one file with its aliases expanded: a thousand videos of ten blocks take a tenth of it."""
MAX_DEPTH = 48

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Characters no text of a video may have: controls but for line breaks and tabs, and halves of characters."""
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_INDENT = re.compile(r"[ \t]*")
_INTEGER = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_WORDS: dict[str, None | bool] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_MAX_DIGITS = 18
"""Longer runs of digits are no quantity of a video, and Python's own limit on them would be a traceback."""
_DEFAULT = "default"


def stand_in(number: int) -> str:
    """The character that stands for value `number`, of a plane that Unicode leaves to private use."""
    return chr(_FIRST + number)


MAX_VALUES = 0xFFFE
_FIRST = 0x100000
_STAND_IN = re.compile("[\U00100000-\U0010fffd]")


@dataclass(frozen=True)
class Part:
    """A part of a source as a source of its own: routes begin at `route`."""

    whole: Source
    route: tuple[str | int, ...]

    def place(self, route: Route = (), *, key: bool = False) -> Place:
        """Where it stands in the whole."""
        return self.whole.place((*self.route, *route), key=key)


class _TooDeep(Exception):
    """Raised where nesting passes `MAX_DEPTH`, with the innermost node that still fits."""

    def __init__(self, node: yaml.Node | None) -> None:
        self.node = node


class _Parser(CParser):
    """libyaml's parser, with every node left as it was written.

    It composes by recursion in C and would overrun the stack, so the depth is counted on the way down.
    """

    depth = 0

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:  # noqa: ARG002  # libyaml's signature
        """One level down."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeep(parent)

    def ascend_resolver(self) -> None:
        """One level up."""
        self.depth -= 1

    def resolve(self, kind: object, value: object, implicit: object) -> str:  # noqa: ARG002  # libyaml's signature
        """No tag is guessed: a tag that is not this one was written by the person."""
        return _DEFAULT


class Document:
    """YAML text with its plain data and the place of every value. Raises `SpecError` with all of its mistakes.

    `values` is for text that a template wrote: a character `stand_in(n)` of it stands for `values[n]`, which thus
    stays one value whatever it holds, a colon, a quote or a line of YAML. `note` goes under every problem.
    """

    def __init__(self, text: str, file: str, *, note: str = "", values: Sequence[Json] = ()) -> None:
        self.file = file
        self.note = note
        self.text = text
        self.values = values
        self.problems: list[Problem] = []
        self._count = 0
        root = self._compose()
        self.data: Json = None if root is None else self._value(root, 1)
        if self.problems:
            raise SpecError(self.problems)

    @classmethod
    def read(cls, path: Path, root: Path) -> Document:
        """The YAML file at `path`, known to a person by its path relative to `root`."""
        return cls(read_text(path, root), shown_path(path, root))

    def place(self, route: Route = (), *, key: bool = False) -> Place:
        """Where the value at `route` stands (or, with `key`, its key); where it is not, the nearest around it."""
        node = self._root
        if node is None:
            return Place(self.file, source=self.text.partition("\n")[0])
        found: yaml.Node = node
        for depth, step in enumerate(route):
            child = _child(node, step)
            if child is None:
                break
            at, node = child
            found = at if key and depth == len(route) - 1 else node
        return self._place_of(found)

    @cached_property
    def _lines(self) -> list[str]:
        return _BREAK.split(self.text)

    @cached_property
    def _root(self) -> yaml.Node | None:
        # Composed a second time and only when something has to be shown: nodes weigh ten times the data.
        return self._compose()

    def _compose(self) -> yaml.Node | None:
        try:
            return _Parser(self.text).get_single_node()
        except yaml.reader.ReaderError as error:
            # libyaml counts bytes here, although it was given text.
            before = self.text.encode()[: error.position].decode(errors="ignore")
            raise SpecError([self._unreadable(before, error.character)]) from None
        except UnicodeEncodeError as error:
            raise SpecError([self._unreadable(self.text[: error.start], ord(self.text[error.start]))]) from None
        except yaml.MarkedYAMLError as error:
            raise SpecError([self._syntax_problem(error)]) from None
        except _TooDeep as error:
            place = Place(self.file) if error.node is None else self._place_of(error.node)
            raise SpecError([place.problem(f"nested deeper than {MAX_DEPTH}")]) from None
        except (yaml.YAMLError, ValueError) as error:
            raise SpecError([Place(self.file).problem(f"this is not YAML: {error}")]) from None

    def _unreadable(self, before: str, character: int) -> Problem:
        line, column = len(_BREAK.findall(before)) + 1, len(_BREAK.split(before)[-1]) + 1
        return self._at(line, column).problem(f"the character U+{character:04X} may not stand in YAML")

    def _syntax_problem(self, error: yaml.MarkedYAMLError) -> Problem:
        mark = error.problem_mark or error.context_mark
        place = self._at(mark.line + 1, mark.column + 1) if mark else Place(self.file)
        what = error.problem or error.context or "this is not YAML"
        context = ""
        if error.context and error.context_mark and error.problem:
            context = f"{error.context} that begins at line {error.context_mark.line + 1}"
        message, hint = _SYNTAX.get(what, (f"YAML: {what}", ""))
        if "\t" in _INDENT.match(place.source)[0]:  # type: ignore[index]  # it matches the empty text too
            # libyaml's words for this mistake ("cannot start any token") help nobody.
            message, hint = "a tab cannot indent YAML", "indent with spaces"
        return place.problem(message, hint=hint, note="; ".join(filter(None, (context, self.note))))

    def _at(self, line: int, column: int, length: int = 1) -> Place:
        source = self._lines[line - 1] if line <= len(self._lines) else ""
        before, inside, after = (
            source[: column - 1],
            source[column - 1 : column - 1 + length],
            source[column - 1 + length :],
        )
        if self.values:
            before, inside, after = map(self._filled_text, (before, inside, after))
            column, length = len(before) + 1, len(inside) or 1
        return Place(self.file, line, column, length, before + inside + after, self.note)

    def _place_of(self, node: yaml.Node) -> Place:
        start, end = node.start_mark, node.end_mark
        one_line = isinstance(node, yaml.ScalarNode) and start.line == end.line
        return self._at(start.line + 1, start.column + 1, end.column - start.column if one_line else 1)

    def _mistake(self, node: yaml.Node, message: str, hint: str = "") -> None:
        self.problems.append(self._place_of(node).problem(message, hint=hint))

    def _value(self, node: yaml.Node, depth: int) -> Json:
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            # Only aliases can still nest too deep here, and the commonest is one inside its own anchor.
            limit = f"nested deeper than {MAX_DEPTH}" if depth > MAX_DEPTH else f"more than {MAX_NODES} values"
            problem = self._place_of(node).problem(f"aliases make this {limit}")
            raise SpecError([*self.problems, problem])
        if node.tag != _DEFAULT:
            self._mistake(node, f"tags such as '{node.tag}' are not used here", "write the value plainly")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, depth + 1) for item in node.value]
        return self._mapping(node, depth)

    def _filled_text(self, text: str) -> str:
        return _STAND_IN.sub(lambda found: worded(self._filled(found[0])), text)

    def _filled(self, text: str) -> Json:
        """The value a lone stand-in stands for, else the text with all of its stand-ins filled in."""
        if len(text) > 1:
            return self._filled_text(text)
        number = ord(text) - _FIRST
        return self.values[number] if 0 <= number < len(self.values) else text

    def _scalar(self, node: yaml.ScalarNode) -> Json:
        text: str = node.value
        if self.values and _STAND_IN.search(text):
            return self._filled(text)
        if odd := UNSEEN.search(text):  # by an escape in double quotes
            self._mistake(node, f"the character U+{ord(odd[0]):04X} can be neither spoken nor shown", "remove it")
        if node.style is not None and node.style != "":
            return text
        if _NOT_FINITE.match(text):
            self._mistake(node, f"{text} is not a number a video can use")
            return None
        value = plain(text)
        if isinstance(value, float) and not math.isfinite(value):
            self._mistake(node, "this number is too large")
            return None
        return value

    def _mapping(self, node: yaml.Node, depth: int) -> dict[str, Json]:
        result: dict[str, Json] = {}
        first: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._mistake(key, "a key must be plain text")
                continue
            name = self._filled_text(key.value) if self.values else str(key.value)
            if name == "<<" and not key.style:
                self._mistake(key, "merge keys ('<<') are not used here", "use 'extends', or repeat the value")
            elif name in first:
                line = first[name].start_mark.line + 1
                self._mistake(key, f"key '{name}' is given twice", f"the first is at line {line}; remove one of them")
            else:
                first[name] = key
                result[name] = self._value(value, depth + 1)
        return result


def plain(text: str) -> Json:
    """What an unquoted word means in YAML 1.2: null, a truth, a number, or else itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "+-.0123456789":
        if len(text) <= _MAX_DIGITS and _INTEGER.match(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if _FLOAT.match(text):
            return float(text)
    return text


def read_text(path: Path, root: Path) -> str:
    """The UTF-8 text of a file of reasonable size; anything else is a `SpecError`."""
    place = Place(shown_path(path, root))
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SpecError([place.problem(f"cannot be read: {error.strerror}")]) from None
    if len(raw) > MAX_BYTES:
        raise SpecError([place.problem(f"is larger than {MAX_BYTES >> 20} MiB")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode(errors="replace")) + 1
        problem = Place(place.file, line, column).problem("is not UTF-8 text", hint="save the file as UTF-8")
        raise SpecError([problem]) from None


def shown_path(path: Path, root: Path) -> str:
    """The path as a person would type it: relative to the root of the work where it lies inside."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """The key and value nodes one step down; an item of a list is its own key."""
    value: Any = node.value
    if isinstance(node, yaml.MappingNode):
        return next(((key, item) for key, item in value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(value):
        return value[step], value[step]
    return None


def worded(value: Json) -> str:
    """A value as it reads inside a longer text: a truth as YAML writes it, null as nothing."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


_SYNTAX = {
    "mapping values are not allowed in this context": (
        "a second ':' on this line, or a line indented too far",
        "put text that has ': ' in it in quotes",
    ),
    "could not find expected ':'": ("a key without its ':'", "write 'key: value', with a space after the colon"),
    "did not find expected key": ("a key was expected here", "check the indentation, and close the quotes before it"),
    "found character that cannot start any token": (
        "this character cannot begin a value",
        "put the text in quotes",
    ),
    "found undefined alias": ("this alias has no anchor", "put text that begins with '*' in quotes"),
    "found unexpected end of stream": ("the file ends inside a quoted text", "close the quotes"),
    "did not find expected '-' indicator": ("an item of the list was expected here", "begin it with '- '"),
    "did not find expected <document start>": ("the spec ends before this line", "check the indentation"),
    "did not find expected ',' or ']'": ("',' or ']' was expected here", "close the list with ']'"),
    "did not find expected ',' or '}'": ("',' or '}' was expected here", "close the mapping with '}'"),
}
