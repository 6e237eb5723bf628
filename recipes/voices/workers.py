"""Programs that stay: a voice is loaded once by a process of its own and then asked for one sentence after another.

A process apart, because the engines are C libraries that are not thread-safe or are under the GPL; one that stays,
because loading a voice takes longer than a sentence (Piper: 2 s against 0.5 s). It cannot outlive us or be in the way:
it ends when its stdin closes, however we ended, and when nobody asked it anything for a while.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from typing import IO, TYPE_CHECKING, Any, cast

from factory.errors import StepError, ToolFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factory.step import Job, Json

IDLE_SECONDS = 5
"""A voice is worth its memory (Piper: 0.2 GB) while sentences come one after another, and not beside encoders."""
_TAIL = 2000

type Arguments = tuple[str, ...]


class _Died(Exception):
    """The worker's end of the conversation is closed."""


def command(module: str, arguments: Arguments = ()) -> list[str]:
    """The command line of a worker. `-P`: the folder of our modules (`piper.py`) must not shadow what they wrap."""
    return [sys.executable, "-P", "-X", "utf8", "-W", "ignore", "-m", module, *arguments]


class _Worker:
    def __init__(self, module: str, arguments: Arguments) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self.process = subprocess.Popen(
            command(module, arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )
        self._stdin, self._stdout = cast("IO[bytes]", self.process.stdin), cast("IO[bytes]", self.process.stdout)
        self._unread = b""

    def ask(self, job: Job, request: Mapping[str, Json]) -> bytes:
        try:
            self._stdin.write(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise _Died from error
        return self._line(job)

    def _line(self, job: Job) -> bytes:
        while b"\n" not in self._unread:
            job.check()
            if select.select([self._stdout], [], [], 0.2)[0]:
                some = os.read(self._stdout.fileno(), 1 << 16)
                if not some:
                    raise _Died
                self._unread += some
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def failure(self, module: str) -> ToolFailed:
        code = self.process.wait()
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - _TAIL))
        return ToolFailed(module.rpartition(".")[2], code, self._errors.read().decode(errors="replace"))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self._stdin, self._stdout, self._errors):
            stream.close()


# Processes at rest, by what they are; shared by the threads of this process. A busy one is in nobody's list.
_resting: dict[tuple[str, Arguments], list[_Worker]] = defaultdict(list)
_lock = threading.Lock()


def ask_once(job: Job, module: str, request: Mapping[str, Json]) -> dict[str, Any]:
    """As `ask`, of a process made for this one request: for an engine whose sound depends on what it said before."""
    return _reply(job.call(command(module), stdin=json.dumps(request).encode() + b"\n"))


def ask(job: Job, module: str, arguments: Arguments, request: Mapping[str, Json]) -> dict[str, Any]:
    """Send one request to a worker running `python -m module *arguments` and return its reply.

    Raises:
        StepError: the worker answered that it cannot (`{"error": …}`).
        ToolFailed: the worker ended; with its last words.
        Cancelled: the build is being stopped; the worker has been killed.
    """
    while True:
        with _lock:
            rested = _resting[module, arguments].pop() if _resting[module, arguments] else None
        worker = rested or _Worker(module, arguments)
        try:
            reply = worker.ask(job, request)
        except _Died:
            failure = worker.failure(module)
            worker.stop()
            if rested is not None:
                continue  # it went to sleep for good in the moment we turned to it
            raise failure from None
        except BaseException:
            worker.stop()
            raise
        with _lock:
            _resting[module, arguments].append(worker)
        return _reply(reply)


def _reply(line: bytes) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(line)
    if "error" in reply:
        raise StepError(str(reply["error"]))
    return reply


def _dismiss() -> None:
    with _lock:
        workers = [worker for resting in _resting.values() for worker in resting]
        _resting.clear()
    for worker in workers:
        worker.stop()


atexit.register(_dismiss)
