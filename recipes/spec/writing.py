"""Templates that write: single values of a video (`"{{ title }}"`) and whole scripts (`script: fact.j2`).

A template is sandboxed and strict: it reaches nothing but its values, and a value that is not there is a mistake.
What it puts into a script is a *value*, never YAML: `say: {{ fact }}` is right whatever the fact holds. `| safe`
is the way to put YAML in on purpose.
"""

from __future__ import annotations

import re
import traceback
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, Undefined, pass_context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from factory.errors import SpecError
from factory.spec.document import MAX_BYTES, MAX_VALUES, Document, read_text, shown_path, stand_in, worded
from factory.spec.problems import Place, did_you_mean

if TYPE_CHECKING:
    from jinja2.runtime import Context

    from factory.step import Json

type Find = Callable[[str], Path | None]
"""Template name → its file, or None."""

_MAX_REPEAT = 1_000_000
_MAX_SLUG = 48
_MISSING = re.compile(r"'([^']+)' is undefined")
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),  # noqa: SIM905  # a table
        strict=True,
    )
)
"""Passport transliteration (ICAO Doc 9303), which Russian readers know."""


class Writer:
    """Renders the templates of one project, and turns what goes wrong into problems at the template's own line."""

    def __init__(self, find: Find, root: Path) -> None:
        self._find = find
        self._root = root
        self._sources: dict[str, str] = {}
        self._values: list[Json] = []
        self._files: dict[str, str] = {}
        self._scripts = self._environment(autoescape=True)
        self._scripts.finalize = self._stand_in
        self._inline = self._environment(autoescape=False)
        self._inline.finalize = worded
        self._cached: dict[str, Any] = {}

    def script(self, name: str, values: Mapping[str, Json], *, label: str, place: Place) -> Document:
        """The YAML that the script template `name` writes from `values`; `place` is where the spec asks for it."""
        self._values = []
        text = self._guarded(lambda: self._scripts.get_template(name).render(values), values, lambda: place)
        note = f"written by {self._files.get(name, name)}, asked for at {place}"
        return Document(text, label, note=note, values=tuple(self._values))

    def filled(self, data: Json, values: Mapping[str, Json], place: Callable[[tuple[str | int, ...]], Place]) -> Json:
        """`data` with every text in it rendered; `place` knows where the value at a route stands."""
        return self._filled(data, values, place, ())

    def _filled(
        self,
        data: Json,
        values: Mapping[str, Json],
        place: Callable[[tuple[str | int, ...]], Place],
        route: tuple[str | int, ...],
    ) -> Json:
        if isinstance(data, str):
            if not is_template(data):
                return data
            return self._guarded(lambda: self._compiled(data).render(values), values, lambda: place(route))
        if isinstance(data, Mapping):
            return {key: self._filled(value, values, place, (*route, key)) for key, value in data.items()}
        if isinstance(data, list):
            return [self._filled(value, values, place, (*route, index)) for index, value in enumerate(data)]
        return data

    def _compiled(self, text: str) -> Any:
        if text not in self._cached:
            self._cached[text] = self._inline.from_string(text)
        return self._cached[text]

    def _environment(self, *, autoescape: bool) -> ImmutableSandboxedEnvironment:
        environment = _Sandbox(
            undefined=StrictUndefined, autoescape=autoescape, trim_blocks=True, lstrip_blocks=True, auto_reload=False
        )
        environment.loader = FunctionLoader(self._load)
        environment.filters["slug"] = slug
        return environment

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        path = self._find(name)
        if path is None:
            return None
        shown = shown_path(path, self._root)
        self._files[name] = shown
        self._sources[shown] = read_text(path, self._root)
        return self._sources[shown], shown, lambda: True

    @pass_context  # which keeps Jinja from calling it once, at compile time, for what looks constant
    def _stand_in(self, context: Context, value: Any) -> Markup:  # noqa: ARG002  # the signature pass_context asks for
        if isinstance(value, Markup):  # what a macro wrote has its stand-ins already
            return value
        if isinstance(value, Undefined):
            str(value)  # raises, with the name
        if len(self._values) >= MAX_VALUES:
            raise ValueError(f"a script writes at most {MAX_VALUES} values")
        self._values.append(value)
        return Markup(stand_in(len(self._values) - 1))  # noqa: S704  # a private-use character, never the value

    def _guarded(self, render: Callable[[], str], values: Mapping[str, Json], find_place: Callable[[], Place]) -> str:
        try:
            text = render()
        except SpecError:
            raise
        except TemplateNotFound as error:
            raise SpecError([find_place().problem(f"there is no template '{error.name}'")]) from None
        except TemplateSyntaxError as error:
            message = f"template: {error.message}"
            raise SpecError([self._line(error.filename, error.lineno, find_place()).problem(message)]) from None
        except Exception as error:  # a template may fail in any way Python can
            place = find_place()
            message = str(error) or type(error).__name__
            missing = _MISSING.search(message)
            hint = did_you_mean(missing[1], values) if missing else ""
            if missing and not hint:
                hint = f"there is {', '.join(sorted(values))}" if values else "give it in 'vars'"
            note = f"asked for at {place}"
            where = self._raised_at(error, place)
            problem = where.problem(f"template: {message}", hint=hint, note=note if where != place else "")
            raise SpecError([problem]) from None
        if len(text) > MAX_BYTES:
            raise SpecError([find_place().problem("the template writes more than a script can hold")])
        return text

    def _raised_at(self, error: Exception, place: Place) -> Place:
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in self._sources:
                return self._line(frame.filename, frame.lineno or 1, place)
        return place

    def _line(self, file: str | None, line: int, place: Place) -> Place:
        if file not in self._sources:
            return place
        lines = self._sources[file].splitlines()
        source = lines[line - 1] if line <= len(lines) else ""
        column = len(source) - len(source.lstrip()) + 1
        return Place(file, line, column, max(1, len(source.strip())), source)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Also refuses the operators that turn a short template into a full memory."""

    intercepted_binops = frozenset(["*", "**", "%"])

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply within reason; format no text, since a width is a multiplication too."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise ValueError(f"'{operator}' is not used here")
        for many, times in ((left, right), (right, left)):
            if operator == "*" and hasattr(many, "__len__") and len(many) * times > _MAX_REPEAT:
                raise ValueError(f"'*' makes more than {_MAX_REPEAT} of it")
        return super().call_binop(context, operator, left, right)


def is_template(value: object) -> bool:
    """Whether a value is a template rather than what it says."""
    return isinstance(value, str) and any(mark in value for mark in ("{{", "{%", "{#"))


def slug(text: object) -> str:
    """A short name of a title: Latin letters, digits and dashes; Russian is transliterated as in passports."""
    latin = "".join(_CYRILLIC.get(char, char) for char in unicodedata.normalize("NFC", str(text)).casefold())
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:_MAX_SLUG].rstrip("-")
