"""The digest of a function's code and of all it calls, read from source and never from the clock.

Comments, layout, docstrings and the annotations of functions do not count: none of them can change a byte that is made.
The functions, classes and module constants a function names are followed, through imports, inside its own top-level
package and inside `FOLLOWED`; what lies outside is pinned by a version (`Step.tools`). What is reached by a string
(a mode found by entry point) cannot be seen here, which is what `Step.uses` is for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from factory.files import replacing
from factory.source import Definition, Module, find_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLLOWED = ("recipes",)
"""Top-level packages followed from anywhere, so that a mode from a user's package counts the helpers it borrows."""


_remembered: dict[str, str] = {}
"""`module:name` → digest, of functions in `FOLLOWED`: what those can reach is all in there."""


@contextlib.contextmanager
def remembering(memory: Path, stamp: str) -> Iterator[None]:
    """Within, digests are those of an earlier process where it wrote them to `memory` under the same `stamp`.

    `stamp` is a fingerprint of every file in `FOLLOWED`. Reading and parsing them is half a second between an edit of
    a spec and the first step, and Python keeps what it compiled for the same reason. A memory that cannot be read
    or written is done without.
    """
    with contextlib.suppress(OSError, ValueError, AttributeError):
        kept = json.loads(memory.read_bytes())
        _remembered.update(kept["digests"] if kept.get("stamp") == stamp else {})
    before = len(_remembered)
    yield
    if len(_remembered) > before:
        with contextlib.suppress(OSError), replacing(memory) as temporary:
            temporary.write_text(json.dumps({"stamp": stamp, "digests": _remembered}), encoding="utf-8")


@cache
def code_digest(function: Callable[..., object]) -> str:
    """sha256 over the definition of `function` and every definition it can reach. Memoised for the process.

    Raises TypeError for what has no source at module level: a lambda, a closure, a bound method, a builtin.
    """
    if not within(function):
        return _read(function)
    title = f"{function.__module__}:{function.__qualname__}"
    if title not in _remembered:
        _remembered[title] = _read(function)
    return _remembered[title]


def within(function: Callable[..., object]) -> bool:
    """Whether a function belongs to `FOLLOWED`, and with it all that its digest is read from."""
    return (getattr(function, "__module__", None) or "").partition(".")[0] in FOLLOWED


def _read(function: Callable[..., object]) -> str:
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
