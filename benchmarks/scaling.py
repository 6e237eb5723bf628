"""How a batch scales with cores: a discrete-event simulation over the step durations of a real build.

uv run python benchmarks/scaling.py [videos] [cache/runs/<id>/results.json]

Takes the steps of a build from nothing (the newest one with the most steps executed, if none is named), finds what each
needs by the digests in the cache's records, repeats the videos until there are enough, and plays them through the
build's own queue (`factory.pools`) on 1 to 64 cores. A step keeps the seconds it took, one core each; the disk, the
network and the memory bus are taken to have no end, so a real machine will do somewhat less.
"""

from __future__ import annotations

import heapq
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factory.pools import Pools

CORES = (1, 2, 4, 8, 16, 32, 64)
DAY = 24 * 3600


@dataclass(eq=False)
class Work:
    """One step of one simulated video."""

    video: int
    seconds: float
    waits: int = 0
    """How many of the steps it needs are not made yet."""
    then: list[Work] = field(default_factory=list)


def recorded(file: Path) -> dict[str, list[tuple[float, set[str], set[str]]]]:
    """Video → its executed steps as (seconds, digests it reads, digests it makes)."""
    cache = file.parent.parent.parent
    videos: dict[str, list[tuple[float, set[str], set[str]]]] = {}
    for step in json.loads(file.read_text("utf-8"))["steps"]:
        if step["how"] != "ran":
            continue
        key = step["key"]
        record: dict[str, Any] = json.loads((cache / "ac" / key[:2] / f"{key}.json").read_text("utf-8"))
        read, made = set(record["spec"]["inputs"].values()), set(record["outputs"].values())
        videos.setdefault(step["target"].partition(":")[2], []).append((step["seconds"], read, made))
    return videos


def batch(videos: dict[str, list[tuple[float, set[str], set[str]]]], count: int) -> list[Work]:
    """The steps of `count` videos, the recorded ones over and over, none sharing a step with another."""
    kinds = list(videos.values())
    everything = []
    for number in range(count):
        steps = kinds[number % len(kinds)]
        works = [Work(number, seconds) for seconds, _, _ in steps]
        makers = {digest: work for work, (_, _, made) in zip(works, steps, strict=True) for digest in made}
        for work, (_, read, _) in zip(works, steps, strict=True):
            for maker in {id(makers[digest]): makers[digest] for digest in read if digest in makers}.values():
                maker.then.append(work)
                work.waits += 1
        everything += works
    return everything


def play(works: list[Work], cores: int) -> tuple[float, float]:
    """Seconds until the first video is finished, and until all are."""
    queue: Pools[Work] = Pools(cores, {})
    waits = {id(work): work.waits for work in works}
    left = sum(work.video == 0 for work in works)
    running: list[tuple[float, int, Work]] = []
    first = now = 0.0
    for work in works:
        if not work.waits:
            queue.add("cpu", work.video, work)
    while True:
        while (work := queue.take()) is not None:  # type: ignore[assignment]  # None ends the loop
            heapq.heappush(running, (now + work.seconds, id(work), work))
        if not running:
            return first, now
        now, _, ended = heapq.heappop(running)
        queue.release("cpu")
        if ended.video == 0:
            left -= 1
            first = now if left == 0 else first
        for work in ended.then:
            waits[id(work)] -= 1
            if not waits[id(work)]:
                queue.add("cpu", work.video, work)


def executed(file: Path) -> list[str]:
    """The records of the steps a run executed."""
    steps = json.loads(file.read_text("utf-8"))["steps"]
    return [f"cache/ac/{step['key'][:2]}/{step['key']}.json" for step in steps if step["how"] == "ran"]


def newest() -> Path:
    """The run that executed the most steps and is still in the cache whole; the newest of equals."""
    runs = [run for run in Path("cache/runs").glob("*/results.json") if all(map(os.path.exists, executed(run)))]
    return max(sorted(runs, reverse=True), key=lambda run: len(executed(run)))


def main(count: int, file: Path) -> None:
    """Play, and print the table."""
    videos = recorded(file)
    works = batch(videos, count)
    busy = sum(work.seconds for work in works)
    print(f"{file}: {len(videos)} videos; {count} like them are {len(works)} steps, {busy / 3600:.2f} hours of work")
    print(f"{'cores':>5} {'first video':>12} {'all':>10} {'speed-up':>9} {'cores in use':>13} {'videos a day':>13}")
    for cores in CORES:
        first, every = play(works, cores)
        print(
            f"{cores:>5} {first:>10.0f} s {every / 60:>6.1f} min {busy / every:>8.1f}× {busy / every / cores:>12.0%} "
            f"{count * DAY / every:>13.0f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, Path(sys.argv[2]) if len(sys.argv) > 2 else newest())
