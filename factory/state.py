"""The build's memory between runs, in one SQLite file: an index, never the truth.

The truth is the store. Delete this file and the next build asks the store for everything again; damage it and it is
set aside and begun anew. Write-ahead logging with one short commit per finished step makes `kill -9` cost the steps
that were running, and lets several builds share the file.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from time import monotonic, sleep, time
from typing import TYPE_CHECKING, Any

from factory.digests import Digest, Signature
from factory.notices import notice

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 1
_TABLES = f"""
create table if not exists task (id text primary key, data text not null) without rowid;
create table if not exists digest (path text primary key, signature text not null, digest text not null) without rowid;
create table if not exists duration (step text not null, seconds real not null, at real not null);
create index if not exists duration_by_step on duration (step, at);
pragma user_version = {SCHEMA};
"""
_PATIENCE = 30.0
"""Seconds to wait for another build that is writing."""
_REMEMBERED = 20
"""How many recent durations of a step speak for the next one."""

type _Statement = tuple[str, tuple[object, ...]]


class State:
    """One open state file. Safe to use from several threads; nothing is durable before `commit`."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._pending: list[_Statement] = []
        try:
            self._db = _open(path)
        except (OSError, sqlite3.Error) as reason:
            notice(f"{path} cannot be used ({reason}); this build will not be remembered")
            self._db = _connect(":memory:")

    def tasks(self) -> dict[str, str]:
        """Every task's JSON document, in one query: six thousand single ones cost three times the rest of a no-op."""
        return dict(self._read("select id, data from task"))

    def save_task(self, task: str, data: Mapping[str, Any]) -> None:
        """Remember `data` under `task`."""
        self._write("insert or replace into task values (?, ?)", (task, json.dumps(data)))

    def drop_task(self, task: str) -> None:
        """Forget one task."""
        self._write("delete from task where id = ?", (task,))

    def drop_tasks(self) -> None:
        """Forget them all."""
        self._write("delete from task", ())

    def digest(self, path: str) -> tuple[Signature, Digest] | None:
        """What was remembered of a file."""
        for signature, digest in self._read("select signature, digest from digest where path = ?", (path,)):
            inode, size, mtime, ctime = json.loads(signature)
            return (inode, size, mtime, ctime), Digest.parse(digest)
        return None

    def remember_digest(self, path: str, seen: Signature, digest: Digest) -> None:
        """Replace what is remembered of a file."""
        self._write("insert or replace into digest values (?, ?, ?)", (path, json.dumps(seen), str(digest)))

    def record_duration(self, step: str, seconds: float) -> None:
        """Note how long a step of this name took."""
        self._write("insert into duration values (?, ?, ?)", (step, seconds, time()))

    def durations(self) -> dict[str, float]:
        """Step name → the median of its recent durations, in seconds."""
        recent: dict[str, list[float]] = {}
        for step, seconds in self._read("select step, seconds from duration order by at desc"):
            known = recent.setdefault(step, [])
            if len(known) < _REMEMBERED:
                known.append(seconds)
        return {step: sorted(values)[len(values) // 2] for step, values in recent.items()}

    def commit(self) -> None:
        """Make everything written so far durable, in one short transaction."""
        with self._lock:
            pending, self._pending = self._pending, []
            if not pending:
                return
            with self._tolerant(), _transaction(self._db):
                for sql, values in pending:
                    self._db.execute(sql, values)

    def close(self) -> None:
        """Commit and let go of the file. Closing twice is fine."""
        self.commit()
        with self._lock, self._tolerant():
            self._db.close()

    def _read(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._tolerant():
            return self._db.execute(sql, values).fetchall()
        return []

    def _write(self, sql: str, values: tuple[object, ...]) -> None:
        with self._lock:
            self._pending.append((sql, values))

    @contextlib.contextmanager
    def _tolerant(self) -> Iterator[None]:
        """A full disk or a locked file loses memories; it must never lose a build."""
        try:
            yield
        except sqlite3.Error as reason:
            notice(f"the build's state cannot be kept: {reason}")


def _connect(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    _write_ahead(db)
    db.execute("pragma synchronous = normal")
    if not _current(db):
        with _transaction(db):
            if not _current(db):  # another build may have begun the file meanwhile
                for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
                    db.execute(f"drop table {table}")
                for statement in _TABLES.split(";"):
                    db.execute(statement)
    return db


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch a new file over. Where several builds do so at once SQLite refuses at once, whatever its timeout."""
    end = monotonic() + _PATIENCE
    while True:
        try:
            db.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as reason:
            if reason.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > end:
                raise
            sleep(0.01)
        else:
            return


def _current(db: sqlite3.Connection) -> bool:
    return bool(db.execute("pragma user_version").fetchone()[0] == SCHEMA)


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connect(str(path))
    except sqlite3.DatabaseError as reason:
        if isinstance(reason, sqlite3.OperationalError):
            raise
        for part in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))):
            part.unlink(missing_ok=True)  # damaged, and only an index
        return _connect(str(path))
