"""The simplest evaluator of steps there is: no cache, no parallelism, no cleverness.

Recipe tests make real things with it, and engine tests hold it against the real engine: it is the oracle.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import OutputMissing, ToolFailed
from factory.step import File, Json, Output, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from factory.target import Target


@dataclass
class BenchJob:
    """A `factory.step.Job` that runs at once, in the calling thread."""

    step: Step
    inputs: Mapping[str, Path]
    folder: Path
    threads: int = 2
    lines: list[tuple[str, Mapping[str, Json]]] = field(default_factory=list)

    @property
    def params(self) -> Mapping[str, Json]:
        """The step's own."""
        return self.step.params

    def output(self, name: str) -> Path:
        """A file beside the others of this step."""
        if name not in self.step.outputs:
            raise KeyError(name)
        return self.folder / name

    def call(self, args: Sequence[str | Path], *, stdin: bytes | None = None) -> bytes:
        """Run to the end."""
        done = subprocess.run(
            [str(arg) for arg in args], cwd=self.folder, input=stdin, capture_output=True, check=False
        )
        if done.returncode:
            raise ToolFailed(Path(args[0]).name, done.returncode, done.stderr.decode(errors="replace")[-2000:])
        return done.stdout

    def pipe(self, args: Sequence[str | Path], feed: Callable[[int], None]) -> None:
        """Run while `feed` writes."""
        with subprocess.Popen(
            [str(arg) for arg in args],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdin is not None
            assert process.stderr is not None
            try:
                feed(process.stdin.fileno())
            except BrokenPipeError:
                pass
            finally:
                process.stdin.close()
            tail = process.stderr.read().decode(errors="replace")[-2000:]
        if process.returncode:
            raise ToolFailed(Path(args[0]).name, process.returncode, tail)

    def check(self) -> None:
        """Never cancelled."""

    def progress(self, done: float, total: float, *, fps: float | None = None) -> None:
        """Nobody watches."""

    def log(self, event: str, **fields: Json) -> None:
        """Kept for the test to read."""
        self.lines.append((event, fields))


@dataclass
class Workbench:
    """Makes steps and targets under one folder, and remembers how many steps ran under each name."""

    folder: Path
    ran: list[str] = field(default_factory=list)
    _made: dict[int, tuple[Step, Path]] = field(default_factory=dict)

    def make(self, wanted: Output) -> Path:
        """The file behind an output, making whatever it needs first."""
        step = wanted.step
        if id(step) not in self._made:
            inputs = {
                role: item.path if isinstance(item, File) else self.make(item) for role, item in step.inputs.items()
            }
            folder = self.folder / f"{len(self._made):04d}-{step.name}"
            folder.mkdir(parents=True)
            staged = {}
            for role, path in inputs.items():
                staged[role] = folder / f"in-{role}{path.suffix}"
                staged[role].symlink_to(path.resolve())
            step.run(BenchJob(step, staged, folder))
            for name in step.outputs:
                if not (folder / name).is_file() or not (folder / name).stat().st_size:
                    raise OutputMissing(f"{step.name} did not make {name}")
            self.ran.append(step.name)
            self._made[id(step)] = (step, folder)
        return self._made[id(step)][1] / wanted.name

    def deliver(self, target: Target) -> dict[str, Path]:
        """Expand a target whose sources exist, make it, and link its files into place."""
        target.folder.mkdir(parents=True, exist_ok=True)
        delivered = {}
        for name, output in target.expand(target.params, target.sources).items():
            path = target.folder / name
            path.unlink(missing_ok=True)
            os.link(self.make(output), path)
            delivered[name] = path
        return delivered
