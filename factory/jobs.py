"""What a running step sees: a folder with its inputs in it, programs to call, and a way to say how far it is."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from factory.errors import Cancelled, StepTimeout, ToolFailed
from factory.processes import Children, end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from factory.actions import Action
    from factory.step import Json

_TAIL = 2000
"""Bytes of a tool's last words worth repeating to a person."""
_PIPE = 1 << 20
"""Bytes in a pipe to a tool: raw frames through the default 64 KiB cost a context switch each."""
_OFTEN = 0.1
"""Seconds between two progress reports worth drawing."""


@dataclass(frozen=True)
class Progress:
    """How far a step is. `fps` is None where frames mean nothing."""

    done: float
    total: float
    fps: float | None = None


type Tell = Callable[[Progress], None]
type Log = Callable[..., None]


@dataclass
class Control:
    """How the rest of the build reaches into a running step, from another thread."""

    children: Children
    tell: Tell
    log: Log
    reason: Exception | None = None
    away: Callable[[Exception], None] | None = None
    """How to reach the step when it runs on another machine."""
    _process: subprocess.Popen[bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def stop(self, reason: Exception) -> None:
        """Make the step end with `reason`: its program is ended now, its Python at the next `check`."""
        with self._lock:
            self.reason = self.reason or reason
            process = self._process
        if process is not None:
            end(process)
        if self.away is not None:
            self.away(reason)

    def abandon(self, reason: Exception) -> None:
        """`stop`, where the programs of all steps have been told already."""
        if self.reason is None:
            self.reason = reason
            if self.away is not None:
                self.away(reason)

    def check(self) -> None:
        """Raise the reason to stop, if there is one."""
        if self.reason is not None:
            raise self.reason

    @contextlib.contextmanager
    def holding(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """Let `stop` reach this program."""
        with self._lock:
            self._process = process
            late = self.reason
        if late is not None:
            end(process)
        try:
            yield
        finally:
            with self._lock:
                self._process = None


class LocalJob:
    """`factory.step.Job` on this machine."""

    def __init__(self, action: Action, inputs: Mapping[str, Path], folder: Path, log: Path, control: Control) -> None:
        self._action = action
        self._inputs = inputs
        self._folder = folder
        self._log = log
        self._control = control
        self._told = 0.0
        self._ended = False

    @property
    def params(self) -> Mapping[str, Json]:
        """The step's own."""
        return self._action.params

    @property
    def inputs(self) -> Mapping[str, Path]:
        """Role → staged file."""
        return self._inputs

    @property
    def folder(self) -> Path:
        """The scratch folder."""
        return self._folder

    @property
    def threads(self) -> int:
        """This step's share of the machine."""
        return self._action.threads

    def output(self, name: str) -> Path:
        """Where `name` is to be written; KeyError for a name that was not declared."""
        if name not in self._action.outputs:
            raise KeyError(name)
        return self._folder / name

    def call(self, args: Sequence[str | Path], *, stdin: bytes | None = None) -> bytes:
        """Run a program to its end."""
        with self._running(args, subprocess.PIPE if stdin is not None else subprocess.DEVNULL, subprocess.PIPE) as run:
            out, _ = run.communicate(stdin)
        return out

    def pipe(self, args: Sequence[str | Path], feed: Callable[[int], None]) -> None:
        """Run a program while `feed` writes to it."""
        with self._running(args, subprocess.PIPE, None) as run:
            assert run.stdin is not None  # noqa: S101 - asked for on the line above
            _widen(run.stdin)
            try:
                feed(run.stdin.fileno())
            except BrokenPipeError:
                pass  # the program ended first; how it ended is what counts
            except BaseException:
                self._control.check()  # a program ended from outside breaks whatever was writing to it
                raise
            finally:
                with contextlib.suppress(BrokenPipeError):
                    run.stdin.close()
            run.wait()

    @contextlib.contextmanager
    def _running(self, args: Sequence[str | Path], stdin: int, stdout: int | None) -> Iterator[subprocess.Popen[bytes]]:
        self.check()
        line = [str(arg) for arg in args]
        with self._log.open("ab") as log:
            log.write(f"$ {' '.join(line)}\n".encode())
            log.flush()
            begin = log.tell()
            try:
                context = self._control.children.start(
                    line, folder=self._folder, stdin=stdin, stdout=log if stdout is None else stdout, stderr=log
                )
                with context as process, self._control.holding(process):
                    yield process
            except FileNotFoundError as reason:
                if reason.filename != line[0]:
                    raise
                raise ToolFailed(line[0], 127, "it is not installed", hint=f"install {line[0]}") from None
        self.check()
        if process.returncode:
            raise ToolFailed(Path(line[0]).name, process.returncode, last_words(self._log, begin))

    def check(self) -> None:
        """Raise `Cancelled` or `StepTimeout` when it is time to stop."""
        self._control.check()

    def progress(self, done: float, total: float, *, fps: float | None = None) -> None:
        """Tell whoever watches, ten times a second at most, and the end in any case."""
        now = time.monotonic()
        ended = done >= total
        if now - self._told >= _OFTEN or (ended and not self._ended):
            self._told, self._ended = now, ended
            self._control.tell(Progress(done, total, fps))

    def log(self, event: str, **fields: Json) -> None:
        """A line in the run's log."""
        self._control.log(event, **fields)


def last_words(log: Path, begin: int = 0) -> str:
    """The end of what was printed into a step's log since `begin`, a place in bytes."""
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(begin, size - _TAIL))
        return file.read().decode("utf-8", "replace")


def _widen(pipe: IO[bytes]) -> None:
    if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux; elsewhere the system grows it by itself
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def stopped() -> Cancelled:
    """The reason given to every step when a person or the system ends the build."""
    return Cancelled("the build was stopped")


def outlived(name: str, seconds: float) -> StepTimeout:
    """The reason given to a step that ran too long."""
    return StepTimeout(f"{name} ran longer than {seconds:g} s", hint="is the machine overloaded, or a service stuck?")


def stalled(name: str, seconds: float) -> StepTimeout:
    """The reason given to a step that had said how far it was and fell silent."""
    return StepTimeout(
        f"{name} made no progress for {seconds:g} s",
        hint="build again, finished steps are kept; if it stops at the same place, the report is worth an issue",
    )
