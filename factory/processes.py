"""The outside programs of a build: each in a process group of its own, none outliving the build."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING
from uuid import uuid4

from factory import warden
from factory.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GRACE = 2.0
"""Seconds between asking a program to end and killing it; a build must be gone five seconds after Ctrl-C."""


class Children:
    """Every program a build has running. Used from all its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._warden: subprocess.Popen[bytes] | None = None
        self._marker = uuid4().hex
        self._stopped = False

    @contextlib.contextmanager
    def start(
        self, args: Sequence[str], *, folder: Path, stdin: int, stdout: int | IO[bytes], stderr: IO[bytes]
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run a program for the length of the block; it is dead when the block is left, however it is left."""
        with self._lock:
            if self._stopped:
                raise Cancelled(f"{Path(args[0]).name} was not started: the build is stopping")
            self._watch()
        process = subprocess.Popen(
            args,
            cwd=folder,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            bufsize=0,
            env=os.environ | {warden.MARKER: self._marker},
            process_group=0,
        )
        with self._lock:
            self._running.add(process)
            self._tell(f"+{process.pid}")
            if self._stopped:
                _signal(process, signal.SIGKILL)
        try:
            yield process
        finally:
            if process.poll() is None:
                end(process)
            with self._lock:
                self._running.discard(process)
                self._tell(f"-{process.pid}")

    def stop(self) -> None:
        """End every program now, and start no more. Threads waiting for one see it die."""
        with self._lock:
            self._stopped = True
            running = set(self._running)
        for process in running:
            _signal(process, signal.SIGTERM)
        killer = threading.Timer(GRACE, _kill, [running])
        killer.daemon = True
        killer.start()

    def close(self) -> None:
        """Send the warden home."""
        with self._lock:
            if self._warden is not None:
                self._tell("bye")
                with contextlib.suppress(OSError):
                    self._warden.communicate(timeout=GRACE)
                self._warden = None

    def _watch(self) -> None:
        if self._warden is None:
            self._warden = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(warden.__file__)), self._marker],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,
            )

    def _tell(self, line: str) -> None:
        if self._warden is not None and self._warden.stdin is not None:
            with contextlib.suppress(OSError):
                self._warden.stdin.write(f"{line}\n".encode())


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program and all it started to end, then insist."""
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    _signal(process, signal.SIGKILL)
    process.wait()


def _kill(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        _signal(process, signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        os.killpg(process.pid, number)
