"""`doit watch`: build, and build again whenever something is saved."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from doit.cmd_base import Command

from factory.stamp import Snapshot

_LOOK = 0.3
"""Seconds between two looks; at a thousand videos one takes 15 ms."""


class Watch(Command):  # type: ignore[misc]  # doit ships no types
    """Each build is a process of its own, so that edited recipes are read anew and no failure ends the watch."""

    doc_purpose = "build again whenever something is saved"
    doc_usage = "[TARGET ...] [-- options of run]"
    cmd_options = ()

    def execute(self, _options: dict[str, Any], args: list[str]) -> int:
        """Watch until Ctrl-C."""
        root = Path.cwd()
        try:
            while True:
                before = _quiet(root)
                subprocess.run([sys.executable, "-m", "doit", "run", *args], check=False)
                sys.stdout.write("watching; Ctrl-C ends it\n")
                sys.stdout.flush()
                while Snapshot.take(root).stats == before.stats:
                    time.sleep(_LOOK)
        except KeyboardInterrupt:
            return 0


def _quiet(root: Path) -> Snapshot:
    """Wait until whatever is being saved is saved: editors write in several steps."""
    before = Snapshot.take(root)
    while True:
        time.sleep(_LOOK)
        now = Snapshot.take(root)
        if now.stats == before.stats:
            return now
        before = now
