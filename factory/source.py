"""Source files as tables: what each module defines and imports, and what each definition mentions."""

from __future__ import annotations

import ast
import hashlib
import sys
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

type Chain = tuple[str, ...]
"""A dotted use, `("ffmpeg", "compile")` for `ffmpeg.compile`."""
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
"""Where statements hold others."""


def _statements(outer: ast.AST) -> Iterator[ast.AST]:
    """`outer` and every statement in it. Expressions hold none, and are most of a tree: they are not gone into."""
    waiting = [outer]
    while waiting:
        node = waiting.pop()
        yield node
        for block in _BLOCKS:
            waiting.extend(getattr(node, block, ()))


def _strip(statement: ast.stmt) -> None:
    """Remove what cannot change behaviour: docstrings, and the annotations of functions."""
    for node in _statements(statement):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            node.body = _undocumented(node.body)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            _unannotate(node)


def _unannotate(function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    function.returns = None
    arguments = function.args
    for argument in (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        *filter(None, (arguments.vararg, arguments.kwarg)),
    ):
        argument.annotation = None
    for inner in _statements(function):
        if isinstance(inner, ast.AnnAssign) and inner.value is not None:
            inner.annotation = ast.Constant(None)


def _undocumented(body: list[ast.stmt]) -> list[ast.stmt]:
    kept = [
        statement
        for statement in body
        if not (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
        )
    ]
    return kept or [ast.Pass()]


@dataclass
class Definition:
    """All statements of a module that give one name its value."""

    name: str
    statements: list[ast.stmt] = field(default_factory=list)

    @cached_property
    def _bare(self) -> list[ast.stmt]:
        """Stripped when first asked for: of most modules a step reaches a few definitions."""
        for statement in self.statements:
            _strip(statement)
        return self.statements

    @cached_property
    def digest(self) -> str:
        """sha256 of the syntax tree, without what `_strip` removes."""
        text = "\n".join(ast.dump(statement) for statement in self._bare)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def chains(self) -> list[Chain]:
        """Every name and dotted chain read in it."""
        found: set[Chain] = set()
        waiting: list[ast.AST] = list(self._bare)
        while waiting:
            node = waiting.pop()
            chain = _chain(node)
            if chain:
                found.add(chain)  # whole: `a.b.c` is not a use of all of `a`
            else:
                waiting.extend(ast.iter_child_nodes(node))
        return sorted(found)


def _chain(node: ast.AST) -> Chain | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else None


class Module:
    """One parsed source file.

    Imports are collected wherever they stand, also inside functions: recipes import heavy libraries lazily.
    """

    def __init__(self, name: str, file: Path, *, package: bool) -> None:
        self.name = name
        self.file = file
        self._package = name if package else name.rpartition(".")[0]
        self.definitions: dict[str, Definition] = {}
        self.imports: dict[str, set[tuple[str, str]]] = {}
        """Local name → (module, attribute) it was imported from; the attribute is empty for a whole module."""
        tree = ast.parse(file.read_bytes(), str(file))
        for node in _statements(tree):
            if isinstance(node, ast.Import):
                self._import(node)
            elif isinstance(node, ast.ImportFrom):
                self._import_from(node)
        self._define(tree.body)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self._bind(alias.asname, alias.name, "")
            else:
                top = alias.name.partition(".")[0]
                self._bind(top, top, "")

    def _import_from(self, node: ast.ImportFrom) -> None:
        origin = node.module or ""
        if node.level:
            base = self._package.split(".")
            base = base[: len(base) - node.level + 1]
            origin = ".".join([*base, origin] if origin else base)
        for alias in node.names:
            self._bind(alias.asname or alias.name, origin, alias.name)

    def _bind(self, local: str, origin: str, attribute: str) -> None:
        self.imports.setdefault(local, set()).add((origin, attribute))

    def _define(self, body: list[ast.stmt]) -> None:
        for statement in body:
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    self._give(statement.name, statement)
                case ast.Import() | ast.ImportFrom():
                    pass
                case ast.If() | ast.Try() | ast.With():
                    for block in ("body", "orelse", "finalbody"):
                        self._define(getattr(statement, block, []))
                    for handler in getattr(statement, "handlers", []):
                        self._define(handler.body)
                case _:
                    for name in _touched(statement):
                        self._give(name, statement)

    def _give(self, name: str, statement: ast.stmt) -> None:
        self.definitions.setdefault(name, Definition(name)).statements.append(statement)


def _touched(statement: ast.stmt) -> set[str]:
    """The names a statement at module level binds, or changes in place (`TABLE["x"] = 1`, `TABLE.update(…)`)."""
    names: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                names.update(_root(node))
            case ast.Expr(value=ast.Call(func=ast.Attribute() as called)):
                names.update(_root(called))
    return names


def _root(node: ast.expr) -> set[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


_MODULES: dict[str, Module | None] = {}


def find_module(name: str) -> Module | None:
    """The module called `name`, parsed once per process; None if it does not exist or has no Python source."""
    if name not in _MODULES:
        _MODULES[name] = _load(name)
    return _MODULES[name]


def _load(name: str) -> Module | None:
    loaded = sys.modules.get(name)
    origin = getattr(loaded, "__file__", None)
    if origin is None:
        try:
            spec = find_spec(name) if name else None
        except (ImportError, AttributeError, ValueError):
            return None
        origin = spec.origin if spec is not None and spec.has_location else None
    if origin is None or not origin.endswith(".py"):
        return None
    file = Path(origin)
    return Module(name, file, package=file.name == "__init__.py")
