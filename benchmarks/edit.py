"""What a one-word edit of a long video costs beside its cold build, and how much memory either takes.

    uv run python -m benchmarks.edit [--blocks 20]

A landscape carousel with music and captions at 1920×1080, narrated by an offline voice, built by `doit` in a folder of
its own. One word of one block in the middle is changed, and `doit` is run again. Wall time, the whole command.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

import psutil

from tests.e2e.studio import ROOT, Studio

SENTENCES = (
    "A river finds the shortest way down, and never once looks at a map.",
    "The oldest trees in this valley were seedlings when Rome was a village.",
    "Every snowflake begins around a speck of dust no wider than a hair.",
    "Whales sing in dialects, and young ones learn the songs of their pod.",
)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--blocks", type=int, default=20)
    blocks = options.parse_args().blocks
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as on anyone's machine: Python keeps what it compiled
    with tempfile.TemporaryDirectory(prefix="edit-") as name:
        studio = Studio.open(Path(name) / "studio")
        share_tools(studio)
        write(studio, blocks)
        cold, cold_peak = measure(studio)
        studio.replace("long/project.yaml", f"Part {blocks // 2}.", f"Piece {blocks // 2}.")
        edit, edit_peak = measure(studio)
        ran = sum(step["how"] == "ran" for step in studio.results(studio.runs()[-1])["steps"])
        print(f"{blocks} blocks at 1920x1080")
        print(f"  cold build     {cold:6.1f} s wall, {cold_peak:5.0f} MB at the peak, all processes together")
        print(f"  one-word edit  {edit:6.1f} s wall, {edit_peak:5.0f} MB at the peak, {ran} steps run")
        print(f"  ratio          {edit / cold:6.3f}")


def share_tools(studio: Studio) -> None:
    """Voices are installed once per machine, not once per build: that is on nobody's clock."""
    for kept in ("tools", "voices"):
        if (ROOT / "cache" / kept).is_dir():
            shutil.copytree(ROOT / "cache" / kept, studio.folder / "cache" / kept, symlinks=True)


def write(studio: Studio, blocks: int) -> None:
    """The spec, its pictures (the demo's own), and its music."""
    images = sorted((ROOT / "projects" / "demo" / "images").glob("*.jpg"))
    lines = [
        "extends: longform",
        "language: en",
        "voice: piper/joe",
        "captions: {style: longform, delivery: burned}",
        "music: {file: music.ogg, gain: -18}",
        "videos:",
        "  - id: piece",
        "    title: A long piece",
        "    blocks:",
    ]
    for number in range(blocks):
        lines.append(f"      - say: Part {number}. {SENTENCES[number % len(SENTENCES)]}")
        lines.append(f"        show: {number:02d}.jpg")
    studio.write("long/project.yaml", "\n".join(lines) + "\n")
    folder = studio.folder / "projects" / "long"
    for number in range(blocks):
        shutil.copy(images[number % len(images)], folder / f"{number:02d}.jpg")
    shutil.copy(ROOT / "projects" / "demo" / "music" / "orbit.ogg", folder / "music.ogg")


def measure(studio: Studio) -> tuple[float, float]:
    """Wall seconds of `doit`, and the largest memory in MB of all its processes taken together.

    Proportional (PSS) where the system tells it: what processes share is counted once, not once for each.
    """
    peak = 0.0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        me = psutil.Process()
        while not ended.wait(0.1):
            total = 0
            for child in me.children(recursive=True):
                try:
                    total += getattr(child.memory_full_info(), "pss", 0) or child.memory_info().rss
                except psutil.Error:
                    continue
            peak = max(peak, total / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.monotonic()
    try:
        studio.doit()
        return time.monotonic() - began, peak
    finally:
        ended.set()
        watcher.join()


if __name__ == "__main__":
    main()
