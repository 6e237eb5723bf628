"""Every error a person can meet, drawn once.

FactoryError                 shown as its message, never as a traceback
├── SpecError                the spec is wrong: carries every `Problem` found, exit code 2
├── StepError                a step failed: says which, with the tool's own last words
│   ├── ToolFailed           a subprocess ended with another code than 0
│   ├── OutputMissing        the step ended well but left an output unmade or empty
│   ├── StepTimeout          the step outlived its `timeout`
│   └── Transient            worth another try: the network, a busy service (carries `retry_after`)
├── Cancelled                the build was stopped (Ctrl-C, SIGTERM); nothing is wrong with the step
└── StoreError               the cache cannot be used (full disk, read-only); the build says so and goes on
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factory.spec.problems import Problem


class FactoryError(Exception):
    """The root: catching it catches everything this project raises on purpose."""


class SpecError(FactoryError):
    """What is wrong with a spec, all of it at once, so that one round of editing mends it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n\n".join(str(problem) for problem in self.problems))


class StepError(FactoryError):
    """A step failed. `hint` is what a person can do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message)


class ToolFailed(StepError):
    """A subprocess failed; `tail` holds the last lines it printed, `code` is its exit code (negative: a signal)."""

    def __init__(self, tool: str, code: int, tail: str, *, hint: str = "") -> None:
        self.tool = tool
        self.code = code
        self.tail = tail
        super().__init__(f"{tool} ended with code {code}: {tail.strip() or 'it printed nothing'}", hint=hint)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors travel between machines (Dask); the default would replay only the message.
        return (_tool_failed, (self.tool, self.code, self.tail, self.hint))


def _tool_failed(tool: str, code: int, tail: str, hint: str) -> ToolFailed:
    return ToolFailed(tool, code, tail, hint=hint)


class OutputMissing(StepError):
    """A step reported success without leaving a non-empty file for each of its outputs."""


class StepTimeout(StepError):
    """A step ran longer than it may."""


class Transient(StepError):
    """A failure that may pass by itself. `retry_after` is the wait in seconds the other side asked for, if it did."""

    def __init__(self, message: str, *, retry_after: float | None = None, hint: str = "") -> None:
        self.retry_after = retry_after
        super().__init__(message, hint=hint)


class Cancelled(FactoryError):
    """Raised inside a running step when the build is being stopped."""


class StoreError(FactoryError):
    """The cache could not be read or written."""
