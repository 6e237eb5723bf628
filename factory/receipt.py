"""What a target was made from, kept until it is made again: the build's proof that nothing has to be done.

A target is up to date while its receipt holds: the same spec, the same recipes and packages, and the same contents in
every file it read and every file it delivered. Only then is it left alone without working out its steps.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory.code import FOLLOWED, code_files, within
from factory.digests import Digest, FileDigests, Signature, signature
from factory.keys import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factory.evaluation import Evaluation
    from factory.step import Json
    from factory.target import Target

type Seen = list[Any]
"""`[inode, size, mtime, ctime, sha256]`."""


@dataclass(frozen=True)
class Receipt:
    """`steps` are `[name, label, key]`, in the order they depend on each other, so that `doit why` can compare."""

    spec: str
    recipes: str
    files: Mapping[str, Seen]
    outputs: Mapping[str, Seen]
    steps: list[list[str]]

    @classmethod
    def of(cls, evaluation: Evaluation, digests: FileDigests) -> Receipt | None:
        """The receipt of a target just delivered; None if one of its files was edited under way."""
        target = evaluation.target
        used = [function for node in evaluation.nodes.values() for function in (node.step.run, *node.step.uses)]
        foreign = [function for function in (*used, target.expand) if not within(function)]
        outside = {file for function in foreign for file in code_files(function)} - recipe_files()
        evaluation.files.update({path: digests.now(path) for path in outside})
        outputs = {str(path): digests.seen(path) for path in target.paths}
        if evaluation.stale or None in outputs.values():
            return None
        return cls(
            spec=spec_of(target),
            recipes=recipes(digests),
            files={str(path): _flat(*seen) for path, seen in evaluation.files.items()},
            outputs={path: _flat(*seen) for path, seen in outputs.items() if seen is not None},
            steps=[
                [node.step.name, node.step.label, node.key.id]
                for node in evaluation.nodes.values()
                if node.key is not None
            ],
        )

    def holds(self, target: Target, digests: FileDigests) -> bool:
        """Whether `target` could be made again and come out the same."""
        return (
            self.spec == spec_of(target)
            and self.outputs.keys() == {str(path) for path in target.paths}
            and self.recipes == recipes(digests)
            and all(_same(path, seen, digests) for path, seen in self.outputs.items())
            and all(_same(path, seen, digests) for path, seen in self.files.items())
        )


def spec_of(target: Target) -> str:
    """The fingerprint of all that `doit` knows of a target beforehand."""
    return fingerprint(
        {
            "kind": target.kind,
            "expand": f"{target.expand.__module__}:{target.expand.__qualname__}",
            "params": target.params,
            **({"otherwise": target.otherwise} if target.otherwise else {}),
            "sources": sorted(target.sources),
            "outputs": target.outputs,
        }
    )


def as_signature(seen: Seen) -> Signature:
    """The part of it that `stat` answers with."""
    inode, size, mtime, ctime, _ = seen
    return inode, size, mtime, ctime


def _flat(seen: tuple[int, int, int, int], digest: Digest) -> Seen:
    return [*seen, digest.sha256]


def _same(path: str, state: Seen, digests: FileDigests) -> bool:
    *seen, sha256 = state
    try:
        stat = os.stat(path)  # noqa: PTH116 - thousands of these on every build
        if tuple(seen) == signature(stat):
            return True
        return bool(stat.st_size == seen[1]) and digests.of(Path(path)).sha256 == sha256
    except OSError:
        return False


@cache
def recipe_files() -> frozenset[Path]:
    """Every file of the recipe packages, tables and schemas beside the code included."""
    found: set[Path] = set()
    for package in FOLLOWED:
        spec = find_spec(package)
        for root in (spec.submodule_search_locations or []) if spec else []:
            for folder, subfolders, names in os.walk(root):
                subfolders[:] = [name for name in subfolders if name != "__pycache__"]
                found.update(Path(folder, name) for name in names)
    return frozenset(found)


_RECIPES: dict[int, str] = {}


def recipes(digests: FileDigests) -> str:
    """The fingerprint of the recipes' files, the interpreter and the installed packages, as this process found them.

    When it moves, every target is worked out again; that takes milliseconds, and what comes out the same is not run.
    A package that is installed, removed or upgraded moves its site-packages folder's mtime.
    """
    if id(digests) not in _RECIPES:
        packages: list[Json] = [[folder, os.stat(folder).st_mtime_ns] for folder in site_packages()]  # noqa: PTH116
        files: list[Json] = [[str(path), digests.of(path).sha256] for path in sorted(recipe_files())]
        _RECIPES[id(digests)] = fingerprint([sys.version, packages, files])
    return _RECIPES[id(digests)]


def site_packages() -> list[str]:
    """The folders installed packages are in."""
    return sorted(
        {path for path in sys.path if path.endswith(("site-packages", "dist-packages")) and Path(path).is_dir()}
    )
