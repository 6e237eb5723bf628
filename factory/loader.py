"""From targets to doit's tasks: what `dodo.py` is made of."""

from __future__ import annotations

import sys
from functools import cache
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory.backend import DigestChecker
from factory.digests import FileDigests
from factory.errors import FactoryError
from factory.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from factory.target import Target

CACHE = Path("cache")
"""Where everything the engine keeps is, under the folder of `dodo.py`."""


class Make:
    """The action of a task that is a target. Our `run` command looks into it; it is not called."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def __call__(self) -> None:
        """Reached only when some other command than ours runs the task."""
        raise FactoryError(f"{self.target.id} can only be made by this project's own `run` command; is it installed?")


class UpToDate:
    """What doit asks besides the sources: whether the receipt of a target holds."""

    __signature__ = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("task", "values")])
    """doit asks for it once per target; working it out anew each time is a tenth of looking at a target."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def __call__(self, task: Any, values: Mapping[str, Any]) -> bool:
        """False for a target never made, or made from something else, or whose files were touched since."""
        receipt = receipt_in(values)
        return receipt is not None and receipt.holds(self.target, getattr(task, "digests", None) or _digests())


@cache
def _digests() -> FileDigests:
    return FileDigests()


def receipt_in(values: Mapping[str, Any]) -> Receipt | None:
    """The receipt among the values doit saved with a task."""
    try:
        return Receipt(**values["receipt"])
    except (KeyError, TypeError):
        return None


def tasks(targets: Iterator[Target] | Sequence[Target]) -> Iterator[dict[str, Any]]:
    """The doit tasks of targets of one kind, for a `task_…` function of `dodo.py`."""
    for target in targets:
        yield {
            "basename": target.kind,
            "name": target.name,
            "doc": target.doc,
            "file_dep": list(map(str, target.sources.values())),
            "targets": list(map(str, target.paths)),
            "uptodate": [UpToDate(target)],
            "actions": [Make(target)],
            "clean": True,
        }


def config(*leaves: str) -> dict[str, Any]:
    """`DOIT_CONFIG` for a build whose `leaves` are the kinds of target a person wants.

    Leaves are selected by pattern, never by group: doit takes the members of a group breadth-first, and would begin
    the last video before it ends the first.
    """
    return {
        "backend": "wal",
        "dep_file": str(CACHE / "state.db"),
        "check_file_uptodate": DigestChecker,
        "default_tasks": [f"{leaf}:*" for leaf in leaves],
    }


def loading[Spec](load: Callable[[Path], Sequence[Spec]]) -> Callable[[], Sequence[Spec]]:
    """`load(root)` once, when first asked for. A mistake in a spec is shown as its message and ends doit with code 2.

    doit would wrap the exception and print a traceback, hence SystemExit, which passes through it.
    """

    @cache
    def loaded() -> Sequence[Spec]:
        try:
            return load(Path.cwd())
        except FactoryError as mistake:
            sys.stderr.write(f"{mistake}\n")
            raise SystemExit(2) from None

    return loaded
