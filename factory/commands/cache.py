"""`doit cache …`: count what is in it, make it smaller, check it byte by byte, exchange it with the remote."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from doit.cmd_base import DoitCmdBase
from doit.exceptions import InvalidCommand

from factory.garbage import collect
from factory.loader import CACHE, receipt_in
from factory.store import Store

if TYPE_CHECKING:
    from factory.digests import Digest

_SIZE = {
    "name": "max_gb",
    "short": "",
    "long": "max-gb",
    "type": float,
    "default": 50.0,
    "help": "gc: the size to bring the cache to, in gigabytes [default: %(default)s]",
}
_FREE = {
    "name": "free_gb",
    "short": "",
    "long": "free-gb",
    "type": float,
    "default": 0.0,
    "help": "gc: the room the disk is to have afterwards, in gigabytes [default: whatever it has]",
}
_WORDS = ("stats", "gc", "verify", "push", "pull")
_GB = 1 << 30


class Cache(DoitCmdBase):  # type: ignore[misc]  # doit ships no types
    """Takes the word for what to do where other commands take targets."""

    doc_purpose = "look after the cache: stats, gc, verify, push, pull"
    doc_usage = "stats | gc [--max-gb N] [--free-gb N] | verify | push | pull"
    cmd_options = (_SIZE, _FREE)

    def parse_execute(self, in_args: list[str]) -> int:
        """As doit's, which wants options before words; here a person writes the word first."""
        words = [arg for arg in in_args if arg in _WORDS]
        code: int | None = super().parse_execute([*(arg for arg in in_args if arg not in _WORDS), *words])
        return code or 0

    def _execute(self, max_gb: float, free_gb: float, pos_args: list[str]) -> int:
        from factory.digests import FileDigests  # noqa: PLC0415 - commands are imported to be listed, too

        self._store = Store(CACHE.absolute(), FileDigests())
        match pos_args:
            case ["stats"]:
                return self._stats()
            case ["gc"]:
                return self._collect(round(max_gb * _GB), round(free_gb * _GB))
            case ["verify"]:
                return self._verify()
            case ["push" | "pull" as way]:
                return self._exchange(way)
        raise InvalidCommand(f"say one of: {self.doc_usage}")

    def _stats(self) -> int:
        results, seconds, sizes = Counter[str](), Counter[str](), Counter[str]()
        counted: set[Digest] = set()
        for file in self._store.records():
            record = self._store.read(file.stem)
            if record is not None:
                name = str(record.spec["step"])
                results[name] += 1
                seconds[name] += round(record.seconds)
                new = set(record.outputs.values()) - counted
                sizes[name] += sum(digest.size for digest in new)
                counted |= new
        for name, count in sorted(results.items()):
            sys.stdout.write(
                f"{name:<20} {count:>7} results {_megabytes(sizes[name]):>10} {seconds[name]:>8} s of work\n"
            )
        total = sum(digest.size for digest in counted)
        sys.stdout.write(
            f"{'in all':<20} {results.total():>7} results {_megabytes(total):>10} {seconds.total():>8} s of work\n"
        )
        return 0

    def _collect(self, max_bytes: int, min_free: int) -> int:
        receipts = [receipt_in(self.dep_manager.get_values(task.name)) for task in self.task_list]
        roots = {key for receipt in receipts if receipt for _, _, key in receipt.steps}
        missing = min_free - shutil.disk_usage(self._store.root.parent).free if min_free else 0
        done = collect(self._store, roots, max_bytes=max_bytes, release=max(0, missing))
        sys.stdout.write(
            f"{done.results} results and {done.blobs} files removed, {_megabytes(done.freed)} freed, "
            f"{_megabytes(done.left)} left\n"
        )
        return 0

    def _exchange(self, way: str) -> int:
        from factory.digests import FileDigests  # noqa: PLC0415 - as above
        from factory.remote import Remote, SharedStore  # noqa: PLC0415
        from factory.settings import load_settings  # noqa: PLC0415

        url = load_settings(Path.cwd()).remote
        if not url:
            raise InvalidCommand(
                'no remote is set: write remote = "s3://…" under [tool.content-factory] in pyproject.toml'
            )
        store = SharedStore(CACHE.absolute(), FileDigests(), Remote(url))
        count = store.push() if way == "push" else store.pull()
        store.close()
        sys.stdout.write(f"{count} results {'sent to' if way == 'push' else 'fetched from'} {url}\n")
        return 0

    def _verify(self) -> int:
        from factory.digests import Digest  # noqa: PLC0415 - as above

        checked = damaged = 0
        for blob in list(self._store.blobs()):
            checked += 1
            if self._store.blob(Digest(blob.name, blob.stat().st_size)) is None:
                damaged += 1
                sys.stdout.write(f"{blob.name} was damaged, and is removed; it will be made again when it is needed\n")
        sys.stdout.write(f"{checked} files read, {damaged} damaged\n")
        return 1 if damaged else 0


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MB"
