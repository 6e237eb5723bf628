"""The digest of a function's code and of all it calls, read from source and never from the clock.

Comments, layout, docstrings and the annotations of functions do not count: none of them can change a byte that is made.
The functions, classes and module constants a function names are followed, through imports, inside its own top-level
package and inside `FOLLOWED`; what lies outside is pinned by a version (`Step.tools`). What is reached by a string
(a mode found by entry point) cannot be seen here, which is what `Step.uses` is for.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from factory.source import Definition, Module, find_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLLOWED = ("recipes",)
"""Top-level packages followed from anywhere, so that a mode from a user's package counts the helpers it borrows."""


@cache
def code_digest(function: Callable[..., object]) -> str:
    """sha256 over the definition of `function` and every definition it can reach. Memoised for the process.

    Raises TypeError for what has no source at module level: a lambda, a closure, a bound method, a builtin.
    """
    name = getattr(function, "__qualname__", "")
    module = find_module(getattr(function, "__module__", None) or "")
    if module is None or not name.isidentifier() or name not in module.definitions:
        raise TypeError(
            f"{function!r} must be a function or class at the top of a module, so that its code can be read"
        )
    top = module.name.partition(".")[0]
    followed = {top, *FOLLOWED}
    digest = hashlib.sha256()
    for reached in sorted(_closure(module, name, followed)):
        digest.update(f"{reached}\n".encode())
    digest.update(_version(top).encode())
    return digest.hexdigest()


@cache
def code_files(function: Callable[..., object]) -> frozenset[Path]:
    """Every source file `code_digest` reads for `function`: while none of them moves, neither does the digest."""
    module = find_module(function.__module__)
    if module is None:
        return frozenset()
    followed = {module.name.partition(".")[0], *FOLLOWED}
    files = {module.file}
    files.update(reached.file for reached, _ in _walk(module, function.__qualname__, followed))
    return frozenset(files)


def _closure(module: Module, name: str, followed: set[str]) -> Iterator[str]:
    for reached, definition in _walk(module, name, followed):
        yield f"{reached.name}:{definition.name} {definition.digest}"


def _walk(module: Module, name: str, followed: set[str]) -> Iterator[tuple[Module, Definition]]:
    waiting = [(module, name)]
    done: set[tuple[str, str]] = set()
    while waiting:
        here, wanted = waiting.pop()
        if (here.name, wanted) in done:
            continue
        done.add((here.name, wanted))
        definition = here.definitions.get(wanted)
        if definition is not None:
            yield here, definition
            waiting.extend(_targets(here, definition.chains, followed))
        waiting.extend(_targets(here, [(wanted,)] if wanted in here.imports else [], followed))


def _targets(here: Module, chains: list[tuple[str, ...]], followed: set[str]) -> Iterator[tuple[Module, str]]:
    """Where each dotted chain (`ffmpeg.compile`) used in `here` leads, if it stays inside the followed packages."""
    for chain in chains:
        head, rest = chain[0], chain[1:]
        if head in here.definitions:
            yield here, head
        starred = {(origin, head) for origin, _ in here.imports.get("*", ())}
        for origin, attribute in sorted(here.imports.get(head, set()) | starred):
            if origin.partition(".")[0] not in followed:
                continue
            yield from _follow(origin, ((attribute, *rest) if attribute else rest))


def _follow(origin: str, path: tuple[str, ...]) -> Iterator[tuple[Module, str]]:
    module = find_module(origin)
    while path:
        if module is not None and path[0] in module.definitions:
            break  # a function may bear the name of a module beside it; and to look for one imports `origin`
        deeper = find_module(f"{origin}.{path[0]}")
        if deeper is None:
            break
        origin, path, module = f"{origin}.{path[0]}", path[1:], deeper
    if module is None:
        return
    if path:
        yield module, path[0]
    else:  # the module itself is handed around: anything in it may be called
        for name in (*module.definitions, *module.imports):
            yield module, name


@cache
def _version(top: str) -> str:
    """`name==version` of the installed distribution of a third-party package; our own code is read, not versioned."""
    if top in FOLLOWED or top not in sys.modules:
        return ""
    file = getattr(sys.modules[top], "__file__", None)
    if not file or "site-packages" not in Path(file).parts:
        return ""
    from importlib.metadata import packages_distributions, version  # noqa: PLC0415 - 20 ms, and rarely needed

    return " ".join(f"{name}=={version(name)}" for name in sorted(set(packages_distributions().get(top, []))))
