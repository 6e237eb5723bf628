"""Putting a target's files where a person looks for them, and telling later whether they are still right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory.files import copy, replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from factory.digests import Digest, FileDigests
    from factory.evaluation import Node
    from factory.store import Store


class Lost(Exception):
    """The store knows an output, but its bytes are gone."""


def deliver(node: Node, store: Store, digests: FileDigests) -> Iterator[tuple[Path, bool]]:
    """Write what a made step gives to its target, where that is not there already; an equal file keeps its mtime.

    Yields each file and whether it had to be written. Raises OSError, and `Lost`.
    """
    evaluation = node.evaluation
    for name, output in evaluation.wanted.items():
        if output.step is not node.step:
            continue
        path, digest = evaluation.target.folder / name, evaluation.digest(output)
        if not _holds(path, digest, digests):
            blob = store.blob(digest)
            if blob is None:
                raise Lost
            with replacing(path) as temporary:
                copy(blob, temporary)
            digests.learn(path, digest, settled=True)
            evaluation.delivered.append(path)
        yield path, path in evaluation.delivered


def _holds(path: Path, digest: Digest, digests: FileDigests) -> bool:
    try:
        return not path.is_symlink() and digests.of(path) == digest
    except OSError:
        return False
