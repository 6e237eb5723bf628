"""What a person sees while a build goes on, in a terminal of ours."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from factory.testing import start
from tests.factory.conftest import steps
from tests.factory.test_stopping import PATIENCE, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.factory.conftest import Project


class Screen:
    """A `doit` in a terminal, and everything it drew."""

    def __init__(self, root: Path, *args: str) -> None:
        self.drawn = ""
        master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "doit", *args],
            cwd=root,
            env=os.environ | {"COLUMNS": "150", "TERM": "xterm", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, args=[master])
        self._reader.start()

    def _read(self, master: int) -> None:
        with os.fdopen(master, "rb", buffering=0) as terminal:
            try:
                while drawn := terminal.read(4096):
                    self.drawn += drawn.decode(errors="replace")
            except OSError:
                return  # Linux says so when the other side is closed

    def close(self) -> int:
        """Wait for its end; the exit code."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


def test_only_what_is_selected_is_counted(project: Project) -> None:
    """With one of two videos selected the overall bar counts its targets, not those of the other."""
    project.write("mars", "sleep=0.5")
    screen = Screen(project.root, "final:toy/mars")
    assert screen.close() == 0
    assert set(re.findall(r"\d+ of \d+", screen.drawn)) <= {"1 of 2", "2 of 2"}
    assert "1 of 2" in screen.drawn


def test_waiting_for_another_build_is_shown(project: Project) -> None:
    """While another build makes a step this one needs, the row of the step says so."""
    project.write("moon", "sleep=4")
    first = start(project.root)
    until(lambda: any("sleep" in child for child in project.children()))
    screen = Screen(project.root)
    until(lambda: "another build is making this" in screen.drawn)
    assert screen.close() == 0
    first.communicate(timeout=PATIENCE)
    assert first.returncode == 0
    assert project.doit().ran == steps()
