"""The vocabulary recipes speak: what a step is, what it reads, and what it may do while it runs.

A `Step` is frozen data, so that it can be keyed, compared, pickled and sent to another machine. Steps refer to
each other through `Output`, which makes the graph: there is no other list of edges that could disagree with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

type Json = None | bool | int | float | str | Sequence[Json] | Mapping[str, Json]
"""What a parameter may be. Floats are allowed and keyed by their shortest exact decimal form; NaN is not."""


@dataclass(frozen=True)
class File:
    """A file that exists before the build: an asset, a font, a model. Keyed by its content, never by its path."""

    path: Path


@dataclass(frozen=True)
class Output:
    """One named output of another step, as an input of this one."""

    step: Step
    name: str


type Input = File | Output


@dataclass(frozen=True, eq=False)
class Step:
    """One cacheable unit of work. What is in the key and what is not is the whole contract.

    In the key: `name`, the code of `run` and of all it calls in `recipes`, the code of `uses`, `params`, the role
    and content digest of every input, the output names, and `tools`.
    Not in the key: `label`, `pool`, `attempts`, `timeout`, `kind`, `cost`: they change how a step is run or kept, never
    its bytes. Two steps with equal keys are the same work, and it is done once.
    """

    name: str
    """The verb of the step, in the plural of nobody: `speak`, `mix`, `render_proof`. Counted in reports and tests."""
    run: Callable[[Job], None]
    """A module-level function. It reads `job.params` and `job.inputs`, and writes every one of its outputs."""
    outputs: tuple[str, ...]
    """File names (with their extension) the step writes, e.g. `("speech.wav", "words.json")`."""
    params: Mapping[str, Json] = field(default_factory=dict)
    """Exactly what `run` reads, and nothing it does not: a parameter too many is a needless rebuild."""
    inputs: Mapping[str, Input] = field(default_factory=dict)
    """Role → input. The role is part of the key; `run` finds the file under it in `job.inputs`."""
    tools: Mapping[str, str] = field(default_factory=dict)
    """Tool → version, for every outside program or library whose version can change the bytes."""
    uses: tuple[Callable[..., object], ...] = ()
    """Functions or classes reached dynamically (a mode or voice found by entry point), so that their code counts."""
    label: str = ""
    """What a person reads beside the progress bar: `block 3`, `“Every night the Moon…”`."""
    pool: str = "cpu"
    """The limited resource it takes one of while it runs: `cpu`, `encode`, `gpu`, `browser`, `api:<engine>`."""
    attempts: int = 1
    """How often to try when it raises `Transient`, at most."""
    timeout: float | None = None
    """Seconds of wall time after which it is stopped and fails."""
    kind: str = "artifact"
    """What garbage collection knows it by: `script`, `speech`, `artifact`."""
    cost: float = 0.0
    """US dollars one run is expected to cost: what a paid service asks by its price list. 0 for work done here."""

    def __getitem__(self, name: str) -> Output:
        """The output called `name`, as an input for another step."""
        if name not in self.outputs:
            raise KeyError(name)
        return Output(self, name)


class Job(Protocol):
    """What a running step may see and do. Everything else (paths of the project, the cache, the host) is hidden.

    It runs in a folder of its own holding only its declared inputs; the engine makes one, and tests may make another.
    """

    @property
    def params(self) -> Mapping[str, Json]:
        """The step's parameters."""

    @property
    def inputs(self) -> Mapping[str, Path]:
        """Role → a read-only file. The name is the engine's own (safe for any tool), with the true extension."""

    @property
    def folder(self) -> Path:
        """The scratch folder, for temporary files; removed when the step succeeds, kept when it fails."""

    @property
    def threads(self) -> int:
        """How many threads a tool may use now. It must not change the bytes (see `recipes.encoding`)."""

    def output(self, name: str) -> Path:
        """Where to write the output called `name`; it is checked, digested and stored when `run` returns."""

    def call(self, args: Sequence[str | Path], *, stdin: bytes | None = None) -> bytes:
        """Run a program in `folder` to its end and return its stdout; its stderr goes to the step's log.

        Raises `ToolFailed` with its last words, `Cancelled` when the build is being stopped. Never a shell.
        """

    def pipe(self, args: Sequence[str | Path], feed: Callable[[int], None]) -> None:
        """Run a program and let `feed` write to the file descriptor of its stdin; otherwise as `call`.

        `feed` may stop early with BrokenPipeError, which means the program died: its own error is then raised.
        """

    def check(self) -> None:
        """Raise `Cancelled` if the build is being stopped. For loops in Python that run longer than a second."""

    def progress(self, done: float, total: float, *, fps: float | None = None) -> None:
        """Say how far the step is; shown to a person, never recorded in the key."""

    def log(self, event: str, **fields: Json) -> None:
        """A structured line in the run's log, with run, task and step already bound."""
