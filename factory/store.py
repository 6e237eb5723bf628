"""What was ever made, by what made it: Bazel's split of an action cache and a content-addressed store.

    cache/ac/<key[:2]>/<key>.json    how a step's outputs were made, and their digests (a `Record`)
    cache/cas/<sha256[:2]>/<sha256>  the outputs themselves, read-only, each once

Results stay until garbage is collected, so going back to an older spec (A→B→A) makes nothing again. A build *copies*
what it delivers: a hard link would be a little quicker, but then a person editing `final.mp4` in place, or a tool
writing tags into it, would change the store behind it. Where the file system can share blocks the copy is free.
Every blob is checked against its digest before it is used; a damaged one is dropped, and made again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from factory.digests import Digest, FileDigests, sha256_of
from factory.errors import OutputMissing, StoreError
from factory.files import ensure, replacing

if TYPE_CHECKING:
    from pathlib import Path

    from factory.step import Json


@dataclass(frozen=True)
class Record:
    """How one result came to be. `spec` is the readable key, kept so that `doit why` can compare two of them."""

    key: str
    spec: Mapping[str, Json]
    outputs: Mapping[str, Digest]
    seconds: float
    """Wall time of the run that made it; what a hit saves."""
    cost: float = 0.0
    """US dollars that run was expected to cost."""
    label: str = ""
    kind: str = "artifact"
    host: str = ""
    at: float = 0.0
    """Unix time."""
    log: str = ""
    """The programs that run called, and the last they printed."""

    def to_json(self) -> str:
        """One line, readable, stable."""
        return json.dumps(asdict(self) | {"outputs": {name: str(d) for name, d in self.outputs.items()}}, default=dict)

    @classmethod
    def from_json(cls, text: str) -> Record:
        """The inverse. Raises ValueError, TypeError or KeyError for anything else than a record."""
        fields = json.loads(text)
        fields["outputs"] = {name: Digest.parse(digest) for name, digest in fields["outputs"].items()}
        return cls(**fields)


class Store:
    """A folder of results. Several builds, on several machines, may use it at once without a lock.

    Files appear by rename and never change, so the only race is two builds writing the same bytes twice.
    """

    def __init__(self, root: Path, digests: FileDigests) -> None:
        self.root = root
        self._digests = digests

    def lookup(self, key: str) -> Record | None:
        """The result of `key`, if it is known and all its blobs are here with the right size."""
        try:
            record = Record.from_json(self._record(key).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError):
            self.forget(key)
            return None
        if not all(self.has(digest) for digest in record.outputs.values()):
            return None
        with contextlib.suppress(OSError):
            os.utime(self._record(key))  # garbage collection drops the longest unused
        return record

    def find(self, key: str) -> Record | None:
        """`lookup`, and further away where there is anything further away; a worker asks this before it begins."""
        return self.lookup(key)

    def read(self, key: str) -> Record | None:
        """The record of `key` even if its blobs are gone: for explaining, not for using."""
        try:
            return Record.from_json(self._record(key).read_text("utf-8"))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def has(self, digest: Digest) -> bool:
        """Whether the blob is here, judged by its size alone."""
        try:
            return os.stat(self._blob(digest)).st_size == digest.size  # noqa: PTH116 - on the path of every lookup
        except OSError:
            return False

    def blob(self, digest: Digest) -> Path | None:
        """The read-only file holding `digest`, checked; None if it is gone, or was damaged and has been dropped."""
        return self.local(digest)

    def local(self, digest: Digest) -> Path | None:
        """`blob`, of this folder alone."""
        path = self._blob(digest)
        try:
            if self._digests.of(path) == digest:
                return path
        except OSError:
            return None
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def put(self, record: Record, files: Mapping[str, Path]) -> None:
        """Take the files, by rename, as the outputs of `record`, whose digests must be theirs.

        Blobs go before the record, so that a record never promises what is not there. Raises StoreError.
        """
        try:
            for name, file in files.items():
                self.add(file, record.outputs[name])
            self.keep(record)
        except OSError as reason:
            raise StoreError(f"the cache at {self.root} cannot be written: {reason}") from reason

    def keep(self, record: Record) -> None:
        """Write a record alone. Raises OSError."""
        with replacing(self._record(record.key)) as temporary:
            temporary.write_text(record.to_json(), "utf-8")

    def add(self, file: Path, digest: Digest) -> None:
        """Take one file, by rename from the same file system. Raises OSError."""
        path = self._blob(digest)
        if self.local(digest):
            return
        ensure(path.parent)
        file.chmod(0o444)
        file.replace(path)
        self._digests.learn(path, digest, settled=True)

    def forget(self, key: str) -> None:
        """Drop a result; its blobs stay until garbage is collected."""
        with contextlib.suppress(OSError):
            self._record(key).unlink(missing_ok=True)

    def flush(self) -> None:
        """Wait until all that was put is where others find it; here it is at once."""

    def close(self) -> None:
        """Finish what goes on in the background; here nothing does."""

    def records(self) -> Iterator[Path]:
        """Every record's file, in no order."""
        return self.root.glob("ac/??/*.json")

    def blobs(self) -> Iterator[Path]:
        """Every blob's file, in no order."""
        return self.root.glob("cas/??/*")

    def _record(self, key: str) -> Path:
        return self.root / "ac" / key[:2] / f"{key}.json"

    def _blob(self, digest: Digest) -> Path:
        return self.root / "cas" / digest.sha256[:2] / digest.sha256


def digest_output(path: Path, step: str) -> Digest:
    """The digest of a file a step says it made. Raises OutputMissing if it is not there, is empty, or is no file."""
    if not path.is_file() or path.is_symlink():
        raise OutputMissing(f"{step} ended well but did not make {path.name}")
    digest = sha256_of(path)
    if digest.size == 0:
        raise OutputMissing(f"{step} left {path.name} empty")
    return digest
