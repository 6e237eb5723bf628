"""The store's two folders kept a second time, where other machines find them: S3, GCS, Azure, or a shared directory.

A step that is not known here is asked for there before it is run; its bytes come over only when something reads them.
What is made here goes there in the background. Nothing from there is believed: a blob is checked against its digest.
The remote may be slow, empty, damaged or gone; the build then takes longer, and says so once.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import from_url

from factory.digests import Digest, FileDigests, sha256_of
from factory.errors import FactoryError
from factory.files import ensure
from factory.notices import notice
from factory.store import Record, Store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_UPLOADS = 4
_PATIENCE = timedelta(seconds=10)
"""How long one request may be tried again; a build can always run the step instead."""


class RemoteError(FactoryError):
    """The remote cannot be used at all: a wrong URL, or options nobody knows."""


class Remote:
    """The objects `ac/…` and `cas/…` under a URL. After the first failure it is left alone until the build ends."""

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {}
        if not url.startswith(("file:", "memory:")):
            options["retry_config"] = {"max_retries": 2, "retry_timeout": _PATIENCE}
            insecure = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
            options["client_options"] = {"connect_timeout": "3s", "allow_http": insecure}
        elif url.startswith("file:"):
            options["mkdir"] = True
        try:
            self._objects: Any = from_url(url, **options)
        except (BaseError, ValueError, TypeError) as reason:
            raise RemoteError(f"the remote cache {url} cannot be used: {reason}") from None
        self._url = url
        self._gone = False

    def read(self, name: str) -> bytes | None:
        """One object; None if it is not there, or the remote cannot be reached."""
        if self._gone:
            return None
        try:
            return bytes(obstore.get(self._objects, name).bytes())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as reason:
            self._give_up(reason)
            return None

    def fetch(self, name: str, file: Path) -> bool:
        """Write one object to a file, piece by piece; whether it came over whole."""
        if self._gone:
            return False
        try:
            with file.open("wb") as out:
                for piece in obstore.get(self._objects, name):
                    out.write(piece)
        except FileNotFoundError:
            return False
        except BaseError as reason:
            self._give_up(reason)
            return False
        return True

    def write(self, name: str, content: Path | bytes, *, anew: bool = False) -> None:
        """Put one object there, unless it is there already. `anew` replaces what is."""
        if self._gone:
            return
        try:
            obstore.put(self._objects, name, content, mode="overwrite" if anew else "create")
        except AlreadyExistsError:
            return
        except (BaseError, OSError) as reason:
            self._give_up(reason)

    def names(self, prefix: str) -> set[str]:
        """Every object below a prefix."""
        try:
            return {entry["path"] for page in obstore.list(self._objects, prefix) for entry in page}
        except BaseError as reason:
            self._give_up(reason)
            return set()

    def _give_up(self, reason: Exception) -> None:
        if not self._gone:
            self._gone = True
            first = str(reason).strip().splitlines()[0]
            notice(f"the remote cache {self._url} is left alone from here on: {first}")


class SharedStore(Store):
    """A store with a remote behind it: read through, written back."""

    def __init__(self, root: Path, digests: FileDigests, remote: Remote) -> None:
        super().__init__(root, digests)
        self._remote = remote
        self._uploader = ThreadPoolExecutor(_UPLOADS, thread_name_prefix="upload")
        self._uploads: set[Future[None]] = set()

    def find(self, key: str) -> Record | None:
        """Here, else there."""
        record = super().find(key)
        if record is not None:
            return record
        data = self._remote.read(_ac(key))
        try:
            record = Record.from_json(data.decode()) if data else None
        except (ValueError, TypeError, KeyError):
            return None
        if record is None or record.key != key:
            return None
        self.keep(record)
        return record

    def blob(self, digest: Digest) -> Path | None:
        """Here, else fetched and checked."""
        path = self.local(digest)
        if path is not None:
            return path
        arriving = self.root / "tmp" / f"{digest.sha256}-{uuid4().hex}"
        ensure(arriving.parent)
        try:
            if self._remote.fetch(_cas(digest), arriving) and sha256_of(arriving) == digest:
                self.add(arriving, digest)
        finally:
            arriving.unlink(missing_ok=True)
        return self.local(digest)

    def put(self, record: Record, files: Mapping[str, Path]) -> None:
        """Here at once, there in the background; a damaged object there is replaced by what was just made."""
        super().put(record, files)
        self._uploads.add(self._uploader.submit(self.send, record))

    def send(self, record: Record) -> None:
        """Blobs first, so that a record there never promises what is not."""
        for digest in set(record.outputs.values()):
            path = self.local(digest)
            if path is None:
                return
            self._remote.write(_cas(digest), path, anew=True)
        self._remote.write(_ac(record.key), record.to_json().encode(), anew=True)

    def share(self, digest: Digest) -> None:
        """Send one blob, for a worker that is waiting for it."""
        path = self.local(digest)
        if path is not None:
            self._remote.write(_cas(digest), path)

    def push(self) -> int:
        """Send everything the remote does not have; how many results that were."""
        there = self._remote.names("ac")
        records = [self.read(file.stem) for file in self.records() if _ac(file.stem) not in there]
        for record in records:
            if record is not None:
                self.send(record)
        return len(records)

    def pull(self) -> int:
        """Fetch everything that is not here; how many results that were."""
        here = {_ac(file.stem) for file in self.records()}
        keys = [name.rpartition("/")[2].removesuffix(".json") for name in self._remote.names("ac") - here]
        for key in keys:
            record = self.find(key)
            for digest in record.outputs.values() if record else ():
                self.blob(digest)
        return len(keys)

    def flush(self) -> None:
        """Wait until everything made here is there."""
        wait(list(self._uploads))
        self._uploads.clear()

    def close(self) -> None:
        """Flush, and send no more."""
        self.flush()
        self._uploader.shutdown()


def _ac(key: str) -> str:
    return f"ac/{key[:2]}/{key}.json"


def _cas(digest: Digest) -> str:
    return f"cas/{digest.sha256[:2]}/{digest.sha256}"
