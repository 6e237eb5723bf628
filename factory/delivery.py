"""Putting a finished target's files where a person looks for them, and telling later whether they are still right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory.files import copy, replacing

if TYPE_CHECKING:
    from pathlib import Path

    from factory.digests import Digest, FileDigests
    from factory.evaluation import Evaluation
    from factory.step import Output
    from factory.store import Store


def deliver(evaluation: Evaluation, store: Store, digests: FileDigests) -> Output | None:
    """Write every delivered file that does not already hold what it should; an equal file keeps its mtime.

    Answers with the output whose bytes the store has lost, if there is one. Raises OSError.
    """
    for name, output in evaluation.wanted.items():
        path, digest = evaluation.target.folder / name, evaluation.digest(output)
        if _holds(path, digest, digests):
            continue
        blob = store.blob(digest)
        if blob is None:
            return output
        with replacing(path) as temporary:
            copy(blob, temporary)
        digests.learn(path, digest, settled=True)
        evaluation.delivered.append(path)
    return None


def _holds(path: Path, digest: Digest, digests: FileDigests) -> bool:
    try:
        return not path.is_symlink() and digests.of(path) == digest
    except OSError:
        return False
