"""Killed at any moment, or short of room: a build goes on from where it was, or does without."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from factory.testing import start
from tests.factory.conftest import steps
from tests.factory.test_stopping import PATIENCE, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.factory.conftest import Project

BLOCKS = [f"block {number} sleep=0.05" for number in range(8)]


def kill_and_finish(project: Project, undisturbed: bytes, moment: float) -> None:
    """Kill a build after so many seconds, finish it, and look at what that took."""
    shutil.rmtree(project.root / "cache", ignore_errors=True)
    shutil.rmtree(project.root / "build", ignore_errors=True)
    process = start(project.root, "-n", "2")
    time.sleep(moment)
    process.kill()
    process.communicate(timeout=PATIENCE)
    until(lambda: not list(project.children()))
    kept = len(list((project.root / "cache/ac").glob("??/*.json")))
    outcome = project.doit("-n", "2")
    assert outcome.ran.total() == 10 - kept
    assert project.final("moon").read_bytes() == undisturbed
    assert project.doit().ran == steps()


def undisturbed(project: Project) -> tuple[bytes, float]:
    """What the build makes when it is left alone, and how long that takes."""
    project.write("moon", *BLOCKS)
    began = time.monotonic()
    project.doit("-n", "2")
    return project.final("moon").read_bytes(), time.monotonic() - began


def test_killed_at_any_moment(project: Project) -> None:
    """After `kill -9` the next build runs exactly what is not in the store, to the same bytes."""
    expected, seconds = undisturbed(project)
    for part in (0.4, 0.7, 0.9):
        kill_and_finish(project, expected, part * seconds)


@pytest.mark.slow
def test_killed_at_fifty_moments(project: Project) -> None:
    """The same at fifty random moments."""
    expected, seconds = undisturbed(project)
    chance = random.Random(50)  # noqa: S311 - moments, not secrets
    for _ in range(50):
        kill_and_finish(project, expected, chance.uniform(0, seconds))


@pytest.fixture
def small_disk(project: Project) -> Path:
    """A cache folder on a disk of two megabytes; skipped where this user may not mount one."""
    cache = project.root / "cache"
    cache.mkdir()
    mounted = subprocess.run(
        ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(cache)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting needs root")
    return cache


@pytest.fixture(autouse=True)
def _unmounted(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    yield
    if "small_disk" in request.fixturenames:
        subprocess.run(["/usr/bin/umount", "-l", str(tmp_path / "cache")], check=False, capture_output=True)


def test_full_cache_is_worked_around(project: Project, small_disk: Path) -> None:
    """With no room in the cache a build is complete, with one note, and keeps nothing; with room again it does."""
    (small_disk / "ballast").write_bytes(b"x" * (2 << 20))
    outcome = project.doit()
    assert "cannot be written (No space left on device)" in outcome.err
    assert project.final("moon").read_text() == "ONE\nTWO\nTHREE\n"
    (small_disk / "ballast").unlink()
    assert project.doit().ran == steps(write_script=1, render=3, join=1)


def test_read_only_cache_is_worked_around(project: Project, small_disk: Path) -> None:
    """With a cache that can be read but not written, what it knows is used and the rest is made, with one note."""
    project.doit()
    project.write("moon", "one", "two", "four")
    subprocess.run(["/usr/bin/mount", "-o", "remount,ro", str(small_disk)], check=True)
    outcome = project.doit()
    assert project.final("moon").read_text() == "ONE\nTWO\nFOUR\n"
    assert "cannot be written" in outcome.err
