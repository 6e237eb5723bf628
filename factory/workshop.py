"""Where actions are carried out: scratch folders, locks, and the way of a result into the store.

cache/tmp/<build>/<worker>/     the folder of the step a worker runs; emptied when it ends well
cache/failed/<step>-<key>/      the folder of a step that failed, for a week, to be looked into
cache/locks                     who is making which key right now
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
import socket
import threading
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from factory.actions import Action, Result, Staged
from factory.errors import FactoryError, StepError
from factory.files import ensure
from factory.jobs import Control, LocalJob, last_words
from factory.locks import KeyLocks
from factory.report.events import WAITING
from factory.store import Record, Store, digest_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from factory.digests import Digest, FileDigests

_WEEK = 7 * 24 * 3600


class BlobLost(FactoryError):
    """An input that another step made is gone from the store or damaged; the step has to be run again."""

    def __init__(self, digest: Digest) -> None:
        self.digest = digest
        super().__init__(f"blob {digest} is not in the store")


class InputMoved(FactoryError):
    """A file was edited while a step was reading it, so what the step made belongs to neither version."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} was edited while it was being used")


@dataclass
class Workshop:
    """One build's place to work. Used from all its threads."""

    cache: Path
    store: Store
    digests: FileDigests
    logs: Path
    """Where each step's own log goes."""
    scratch: Path = field(init=False)
    _workers: threading.local = field(default_factory=threading.local)
    _serial: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._locks = KeyLocks(self.cache / "locks")
        ensure(self.logs)
        self.scratch, self._alive = _claim(self.cache / "tmp")
        _sweep(self.cache)

    def close(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        os.close(self._alive)
        self._locks.close()

    def log_of(self, action: Action) -> Path:
        """The file a step's tools print into."""
        return self.logs / f"{action.name}-{action.key.id[:12]}.log"

    def perform(self, action: Action, control: Control) -> Result:
        """Make the outputs of `action`, or find that another build, here or elsewhere, has made them.

        Raises StepError (or what the step itself raised of that family), Cancelled, BlobLost, InputMoved.
        """
        wait = self._waiting(control)
        with self._locks.holding(action.key.id, wait):
            if not action.force and (record := self.store.find(action.key.id)):
                return Result(record.outputs, record.seconds, ran=False)
            folder = self._folder()
            try:
                result = self._run(action, control, folder)
            except (StepError, InputMoved):
                self._keep(folder, action)
                raise
            except BaseException:
                _empty(folder)
                raise
            _empty(folder)
            return result

    def _folder(self) -> Path:
        """This worker's folder, empty. It is kept from step to step: ext4 is slow to reuse an inode just freed."""
        folder: Path | None = getattr(self._workers, "folder", None)
        if folder is None:
            folder = self._workers.folder = self.scratch / f"{next(self._serial)}"
        ensure(folder)
        return folder

    @staticmethod
    def _waiting(control: Control) -> Callable[[], None]:
        """What to do while another build makes the same thing: listen for a stop, and say once what is going on."""
        told = False

        def wait() -> None:
            nonlocal told
            control.check()
            if not told:
                told = True
                control.log(WAITING)

        return wait

    def _run(self, action: Action, control: Control, folder: Path) -> Result:
        log = self.log_of(action)
        inputs = {role: self._stage(folder, role, staged) for role, staged in action.inputs.items()}
        job = LocalJob(action, inputs, folder, log, control)
        began = time.monotonic()
        try:
            action.run(job)
            control.check()
        except FactoryError:
            raise
        except Exception as reason:
            with log.open("a", encoding="utf-8") as file:
                traceback.print_exc(file=file)
            raise StepError(f"{type(reason).__name__}: {reason}", hint="this is a fault in the recipe") from reason
        seconds = time.monotonic() - began
        for staged in action.inputs.values():
            if staged.path is not None and self.digests.moved(staged.path):
                raise InputMoved(staged.path)
        outputs = {name: digest_output(folder / name, action.name) for name in action.outputs}
        self.store.put(_record(action, outputs, seconds, log), {name: folder / name for name in outputs})
        return Result(outputs, seconds, ran=True)

    def _stage(self, folder: Path, role: str, staged: Staged) -> Path:
        """Link an input in under a name of ours: user's file names never reach a tool."""
        source = staged.path or self.store.blob(staged.digest)
        if source is None:
            raise BlobLost(staged.digest)
        link = folder / f"in-{role}{staged.suffix}"
        link.symlink_to(source.absolute())
        return link

    def _keep(self, folder: Path, action: Action) -> None:
        kept = self.failed_folder(action)
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            folder.rename(kept)

    def failed_folder(self, action: Action) -> Path:
        """Where the scratch folder of a failed action is kept."""
        return self.cache / "failed" / f"{action.name}-{action.key.id[:12]}"


def _claim(folder: Path) -> tuple[Path, int]:
    """A new folder, locked for as long as its handle is open: that is how others know that its build lives.

    Another build may find it before it is locked and sweep it away as a dead one's; then the next one is tried.
    """
    while True:
        scratch = folder / f"{os.getpid()}-{uuid4().hex[:8]}"
        scratch.mkdir(parents=True)
        with contextlib.suppress(FileNotFoundError):
            handle = os.open(scratch, os.O_RDONLY)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if scratch.exists():
                    return scratch, handle
            os.close(handle)


def _record(action: Action, outputs: Mapping[str, Digest], seconds: float, log: Path) -> Record:
    return Record(
        key=action.key.id,
        spec=action.key.spec,
        outputs=outputs,
        seconds=round(seconds, 3),
        cost=action.cost,
        label=f"{action.task} {action.label}".strip(),
        kind=action.kind,
        host=socket.gethostname(),
        at=round(time.time(), 3),
        log=last_words(log) if log.exists() else "",
    )


def _empty(folder: Path) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)  # noqa: PTH108 - a scandir entry, not a Path


def _sweep(cache: Path) -> None:
    """Remove the scratch folders of builds that are dead, and of failures a week old."""
    for folder in (cache / "tmp").glob("*"):
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(handle)
    for folder in (cache / "failed").glob("*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _WEEK:
                shutil.rmtree(folder, ignore_errors=True)
