"""Ten shorts on one core's worth of steps and on two: what `-n 2` is worth on this machine.

uv run python benchmarks/batch.py [videos]

Builds the same shorts (three blocks each, 540×960) from nothing with `-n 1` and with `-n 2`, held to two cores. The
tools of a step use two threads at least, so one step at a time already keeps more than one core busy at the encoder:
the second figure, processor seconds over wall seconds, says how much was left for `-n 2` to win.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.e2e.studio import Studio

WORDS = ("calm", "full", "wide", "cold", "near", "deep", "dark", "loud", "grey", "slow")


def lay_out(studio: Studio, videos: int) -> None:
    """Write the spec and paint the pictures."""
    lines = ["extends: shorts", "size: [540, 960]", "fps: 30", "language: en", "voice: espeak/en-us", "videos:"]
    for number in range(videos):
        lines += [f"  - id: v{number}", f"    title: Number {number}", "    blocks:"]
        for block in range(3):
            word = WORDS[(number + block) % len(WORDS)]
            lines.append(f"      - {{say: 'The sea is {word} tonight, number {number}.', show: p{number}-{block}.jpg}}")
            studio.paint(f"tide/p{number}-{block}.jpg", 3 * number + block, (540, 960))
    studio.write("tide/project.yaml", "\n".join(lines) + "\n")


def build(studio: Studio, jobs: int) -> tuple[float, float]:
    """Wall and processor seconds of a build from nothing."""
    shutil.rmtree(studio.folder / "cache", ignore_errors=True)
    shutil.rmtree(studio.folder / "build", ignore_errors=True)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    studio.doit("-n", str(jobs))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(videos: int) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    folder = Path(tempfile.mkdtemp(prefix="batch-"))
    try:
        studio = Studio.open(folder / "studio")
        lay_out(studio, videos)
        walls = []
        for jobs in (1, 2):
            wall, processor = build(studio, jobs)
            walls.append(wall)
            print(f"-n {jobs}: {videos} shorts in {wall:.1f} s, {processor / wall:.2f} cores busy")
        print(f"-n 2 is {walls[0] / walls[1]:.2f}× as fast as -n 1")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
