"""What a second core is worth to a batch: ten shorts with `-n 1` on one core and with `-n 2` on two.

uv run python benchmarks/batch.py [videos]

Builds the same shorts (three blocks each, 540×960) from nothing, held to so many cores by the scheduler of the system.
`-n 1` is measured on *one* core because on two it is no baseline: the tools of a step use two threads at least (x264
makes other bytes with one), so a single step at a time already keeps part of the second core busy. What that is worth
is measured too, as the third line; it is what is left of `-n 2` over `-n 1` on one and the same machine.

Beside the wall time stand the processor seconds per second of wall time, the cores that were really had: where other
work runs they are fewer than the cores allowed, and the seconds say little.
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

CORES = sorted(os.sched_getaffinity(0))
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


def build(studio: Studio, jobs: int, cores: int) -> tuple[float, float]:
    """Wall and processor seconds of a build from nothing on so many cores."""
    os.sched_setaffinity(0, CORES[:cores])  # what is started below inherits it
    shutil.rmtree(studio.folder / "cache", ignore_errors=True)
    shutil.rmtree(studio.folder / "build", ignore_errors=True)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    studio.doit("-n", str(jobs))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(videos: int) -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="batch-"))
    try:
        studio = Studio.open(folder / "studio")
        lay_out(studio, videos)
        walls = {}
        for jobs, cores in ((1, 1), (2, 2), (1, 2)):
            wall, processor = build(studio, jobs, cores)
            walls[jobs, cores] = wall
            print(f"-n {jobs} on {cores} core(s): {videos} shorts in {wall:.1f} s, {processor / wall:.2f} cores had")
        print(f"-n 2 on two cores is {walls[1, 1] / walls[2, 2]:.2f}× as fast as -n 1 on one")
        print(f"-n 2 on two cores is {walls[1, 2] / walls[2, 2]:.2f}× as fast as -n 1 on the same two")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
