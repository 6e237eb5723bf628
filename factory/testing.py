"""Building in tests: run `doit` as a person does, and read what it did from the run's own results."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factory.loader import CACHE
from factory.report.results import Results, all_results

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """One finished `doit`."""

    code: int
    out: str
    err: str
    results: Results | None
    """None if it built nothing: all was up to date, or it did not get that far."""

    @property
    def ran(self) -> Counter[str]:
        """Step name → how many were really executed. Empty when everything was up to date."""
        return self.results.ran if self.results else Counter()

    @property
    def outcomes(self) -> dict[str, str]:
        """Target → what became of it."""
        return self.results.outcomes if self.results else {}


def doit(root: Path, *args: str, timeout: float = 600, **environment: str) -> Outcome:
    """Run `doit` in a project's folder, with the interpreter that runs the tests."""
    process = start(root, *args, **environment)
    out, err = process.communicate(timeout=timeout)
    return finished(root, process, out, err)


def start(root: Path, *args: str, **environment: str) -> subprocess.Popen[str]:
    """Begin a `doit`, to be killed, or joined by another; `finished` tells what it did."""
    return subprocess.Popen(
        [sys.executable, "-m", "doit", *args],
        cwd=root,
        env=os.environ | {"COLUMNS": "120"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(root: Path, process: subprocess.Popen[str], out: str, err: str) -> Outcome:
    """What a `doit` that has ended did. It is told from others by its process id."""
    mine = [results for results in all_results(root / CACHE / "runs") if results.process == process.pid]
    return Outcome(process.returncode, out, err, mine[-1] if mine else None)
