"""Building on save."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from factory.testing import start
from tests.factory.test_stopping import PATIENCE, until

if TYPE_CHECKING:
    from tests.factory.conftest import Project


def test_watch_builds_on_save_and_survives_mistakes(project: Project) -> None:
    """A saved edit is built, a mistake is told and waited out, and Ctrl-C ends the watch."""
    final = project.final("moon")
    process = start(project.root, "watch")
    until(final.exists)
    project.write("moon", "mistake")
    assert process.stderr is not None
    assert "this is a mistake" in process.stderr.readline()
    project.write("moon", "four")
    until(lambda: final.read_text() == "FOUR\n")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
