"""A real video, whatever happens to its build: killed at any moment, on any number of cores or machines."""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import pytest

from factory.testing import start
from tests.e2e.studio import Studio

KILLS = int(os.environ.get("KILLS", "10"))
"""How many random moments; CI's ten take two minutes, `KILLS=50` ten."""
PATIENCE = 120.0
SPEC = """\
extends: shorts
size: [108, 192]
fps: 10
language: en
voice: espeak/en-us
videos:
  - id: sea
    title: The sea
    blocks:
      - {say: The sea is calm., show: one.jpg}
      - {say: The tide is full., show: two.jpg, transition: slide}
"""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """A project of one tiny video, never built."""
    studio = Studio.open(tmp_path / "studio")
    studio.write("tide/project.yaml", SPEC)
    for number, name in enumerate(("one", "two")):
        studio.paint(f"tide/{name}.jpg", number)
    return studio


def anew(studio: Studio, *args: str) -> tuple[bytes, int]:
    """The bytes of the final of a build from nothing, and how many steps it took."""
    shutil.rmtree(studio.folder / "cache", ignore_errors=True)
    shutil.rmtree(studio.folder / "build", ignore_errors=True)
    steps = studio.build(*args).total()
    return studio.made("tide/sea/final.mp4").read_bytes(), steps


def orphans(studio: Studio) -> list[Path]:
    """Processes that work in the folders of a build."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve().is_relative_to(studio.folder / "cache"):
                found.append(process)
        except OSError:
            continue
    return found


@pytest.mark.slow
def test_killed_at_random_moments(studio: Studio) -> None:
    """After `kill -9` nothing is left running, and the next build runs what was not finished, to the same bytes."""
    began = time.monotonic()
    undisturbed, steps = anew(studio, "-n", "2")
    seconds = time.monotonic() - began
    chance = random.Random(KILLS)  # noqa: S311 - moments, not secrets
    for _ in range(KILLS):
        shutil.rmtree(studio.folder / "cache")
        shutil.rmtree(studio.folder / "build", ignore_errors=True)
        process = start(studio.folder, "-n", "2")
        time.sleep(chance.uniform(0, seconds))
        process.kill()
        process.communicate(timeout=PATIENCE)
        end = time.monotonic() + PATIENCE
        while orphans(studio):
            assert time.monotonic() < end, "a program outlived its build"
            time.sleep(0.05)
        kept = len(list((studio.folder / "cache/ac").glob("??/*.json")))
        assert studio.build("-n", "2").total() == steps - kept
        assert studio.made("tide/sea/final.mp4").read_bytes() == undisturbed


@pytest.mark.slow
def test_same_bytes_wherever_it_is_made(studio: Studio) -> None:
    """`-n 1`, `-n 8` and two Dask workers make the same final, byte for byte, in the same number of steps."""
    alone = anew(studio, "-n", "1")
    assert anew(studio, "-n", "8") == alone
    assert anew(studio, "-P", "dask", "--local-cluster", "2") == alone
