"""doit's memory of its tasks, kept in `factory.state` (doit's BACKEND `wal`), and how it tells that a file changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doit.dependency import FileChangedChecker

from factory.digests import FileDigests, signature

if TYPE_CHECKING:
    import os

    from factory.state import State

type FileState = list[Any]
"""`[inode, size, mtime, ctime, sha256]`, as JSON gives it back."""


class WalBackend:
    """doit's backend protocol over `State`. Rows are decoded when asked for."""

    desc = "SQLite in write-ahead mode, one commit per finished step"

    def __init__(self, name: str, codec: object, *, module_name: str | None = None) -> None:
        del codec, module_name  # doit offers them; rows are always JSON
        from factory.state import State  # noqa: PLC0415 - SQLite is a fifth of a build with nothing to do

        self.name = name
        self.state: State = State(Path(name))
        self._raw = self.state.tasks()
        self._rows: dict[str, dict[str, Any]] = {}
        self._unsaved: set[str] = set()

    def _row(self, task_id: str) -> dict[str, Any]:
        if task_id not in self._rows:
            raw = self._raw.get(task_id)
            self._rows[task_id] = json.loads(raw) if raw else {}
        return self._rows[task_id]

    def get(self, task_id: str, dependency: str) -> Any:
        """A value of a task, None if there is none."""
        return self._row(task_id).get(dependency)

    def set(self, task_id: str, dependency: str, value: object) -> None:
        """Give a task a value; durable after `commit` or `dump`."""
        self._row(task_id)[dependency] = value
        self._unsaved.add(task_id)
        self._raw.setdefault(task_id, "")

    def in_(self, task_id: str) -> bool:
        """Whether anything is known of a task."""
        return task_id in self._raw

    def remove(self, task_id: str) -> None:
        """Forget a task."""
        self._raw.pop(task_id, None)
        self._rows.pop(task_id, None)
        self._unsaved.discard(task_id)
        self.state.drop_task(task_id)

    def remove_all(self) -> None:
        """Forget every task."""
        self._raw, self._rows, self._unsaved = {}, {}, set()
        self.state.drop_tasks()

    def commit(self, task_id: str) -> None:
        """Make one task's row durable now: doit itself writes only when it ends."""
        self._unsaved.discard(task_id)
        self.state.save_task(task_id, self._row(task_id))
        self.state.commit()

    def dump(self) -> None:
        """What doit calls at the end of every command."""
        for task_id in self._unsaved:
            self.state.save_task(task_id, self._row(task_id))
        self._unsaved.clear()
        self.state.close()


class DigestChecker(FileChangedChecker):  # type: ignore[misc]  # doit ships no types
    """Tells a changed source by its content, whatever its mtime says.

    Stock doit stops at an equal mtime, so it misses a file restored by `cp -p`, and hashes a touched file again on
    every run from then on; the digests here are remembered.
    """

    def __init__(self) -> None:
        self.digests = FileDigests()

    def check_modified(self, file_path: str, file_stat: os.stat_result, state: FileState) -> bool:
        """Whether `file_path` holds something else than it did when `state` was saved."""
        *seen, sha256 = state
        if tuple(seen) == signature(file_stat):
            return False
        if seen[1] != file_stat.st_size:
            return True
        return self.digests.of(Path(file_path)).sha256 != str(sha256)

    def get_state(self, dep: str, current_state: FileState | None) -> FileState | None:
        """The state to save for `dep`: what the finished task was *keyed by*, not what the file became meanwhile."""
        path = Path(dep)
        seen, digest = self.digests.seen(path) or (signature(path.stat()), self.digests.of(path))
        fresh = [*seen, digest.sha256]
        return None if fresh == current_state else fresh
