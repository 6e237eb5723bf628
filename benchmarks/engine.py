"""What the engine itself costs: a build of a thousand videos whose steps do next to nothing.

uv run --with ninja --with snakemake==9.27.1 python benchmarks/engine.py [videos]

Prints the cold build (milliseconds a step: key, lookup, scratch folder, rename, digest, record, commit, delivery), a
build after one edit, and the build that finds nothing to do, beside starting Python and `doit --version`, its floor,
and beside make, ninja and Snakemake with the same files and nothing to do, as far as they are installed.

Of what is short the processor seconds are told too, and as multiples of starting Python: where other work runs on the
machine they say what the wall time would be without it.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CHAIN = ("script", "audio", "blocks", "subs", "final")
DODO = """\
from factory.loader import config, loading, tasks
import chain

DOIT_CONFIG = config("final")
specs = loading(chain.load)
"""
TASK = """
def task_{kind}():
    return tasks([chain.target({kind!r}, spec) for spec in specs()])
"""
RECIPES = """\
from pathlib import Path
from factory.step import File, Step
from factory.target import Target

CHAIN = {chain!r}

def load(root):
    return sorted((root / "projects").iterdir())

def target(kind, spec):
    folder = Path("build", spec.stem)
    at = CHAIN.index(kind)
    source = folder / CHAIN[at - 1] if at else spec
    return Target(kind, "p/" + spec.stem, expand, folder, (kind,), {{"kind": kind}}, {{"source": source}})

def expand(params, sources):
    kind = params["kind"]
    step = Step(kind, make, (kind,), {{"kind": kind}}, {{"source": File(sources["source"])}})
    return {{kind: step[kind]}}

def make(job):
    job.output(job.params["kind"]).write_bytes(job.inputs["source"].read_bytes() + b"\\n" + job.params["kind"].encode())
"""


def project(root: Path, videos: int) -> None:
    """Write it."""
    (root / "projects").mkdir()
    (root / "dodo.py").write_text(DODO + "".join(TASK.format(kind=kind) for kind in CHAIN))
    (root / "chain.py").write_text(RECIPES.format(chain=CHAIN))
    for number in range(videos):
        (root / "projects" / f"v{number:04}.txt").write_text(f"video {number}")


@dataclass(frozen=True)
class Timing:
    """One command: seconds by the clock, seconds of processor."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{1000 * self.wall:.0f} ms, {1000 * self.processor:.0f} ms of processor"


def timed(root: Path, *args: str) -> Timing:
    """Run a command of this Python."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *args],
        cwd=root,
        check=True,
        capture_output=True,
        env=os.environ | {"PYTHONPYCACHEPREFIX": str(root / ".pyc")} | {"PYTHONDONTWRITEBYTECODE": ""},
    )
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Timing(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def medians(root: Path, *commands: tuple[str, ...], times: int = 9) -> list[Timing]:
    """Each command in the middle of several tries, the first not counted; by turns, so that all meet the same load."""
    rounds = [[timed(root, *command) for command in commands] for _ in range(times + 1)][1:]
    return [
        Timing(statistics.median(one.wall for one in tries), statistics.median(one.processor for one in tries))
        for tries in zip(*rounds, strict=True)
    ]


def chains(videos: int) -> list[tuple[str, str]]:
    """(file, the file it is made from), of every step of every video."""
    return [
        (f"peer/{number:04}/{kind}", f"peer/{number:04}/{CHAIN[at - 1]}" if at else f"projects/v{number:04}.txt")
        for number in range(videos)
        for at, kind in enumerate(CHAIN)
    ]


def peers(root: Path, videos: int) -> None:
    """Give make, ninja and Snakemake the same files to make, by copying."""
    pairs = chains(videos)
    lasts = " ".join(made for made, _ in pairs if made.endswith(CHAIN[-1]))
    rules = "".join(f"{made}: {source}\n\tcp $< $@\n" for made, source in pairs)
    (root / "Makefile").write_text(f"all: {lasts}\n{rules}")
    edges = "".join(f"build {made}: copy {source}\n" for made, source in pairs)
    (root / "build.ninja").write_text(f"rule copy\n command = cp $in $out\n{edges}default {lasts}\n")
    before = ["projects/v{n}.txt", *(f"peer/{{n}}/{kind}" for kind in CHAIN)]
    (root / "Snakefile").write_text(
        f"rule all:\n    input: expand('peer/{{n}}/final', n=[f'{{i:04}}' for i in range({videos})])\n"
        + "".join(
            f"rule {kind}:\n    input: {before[at]!r}\n    output: {before[at + 1]!r}\n"
            "    shell: 'cp {input} {output}'\n"
            for at, kind in enumerate(CHAIN)
        )
    )
    for number in range(videos):
        (root / "peer" / f"{number:04}").mkdir(parents=True)


def compare(root: Path, videos: int, ours: float) -> None:
    """Nothing to do, for the others. ninja builds once, as it must to remember its commands; the rest find it made."""
    peers(root, videos)
    shown = {"ninja": ("ninja",), "make": ("make", "-s"), "Snakemake": ("snakemake", "--cores", "1", "--quiet")}
    for name, command in shown.items():
        if shutil.which(command[0]) is None:
            print(f"{name}: not installed")
            continue
        tries = []
        for _ in range(2 if name == "Snakemake" else 6):
            began = time.perf_counter()
            subprocess.run(command, cwd=root, check=True, capture_output=True)
            tries.append(1000 * (time.perf_counter() - began))
        theirs = statistics.median(tries[1:])
        print(f"{name}, nothing to do: {theirs:.0f} ms; ours is {ours / theirs:.3f} of that")


def main(videos: int) -> None:
    """Measure and print."""
    root = Path(tempfile.mkdtemp(prefix="engine-"))
    steps = videos * len(CHAIN)
    try:
        project(root, videos)
        cold = timed(root, "-m", "doit").wall
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
        print(f"cold: {steps} steps in {cold:.1f} s, {1000 * cold / steps:.2f} ms a step, {memory:.0f} MB at most")
        full = timed(root, "-m", "doit").wall
        print(f"every task looked at, nothing to do: {full:.2f} s")
        time.sleep(2.1)  # until no file is so young that its next edit could go unseen
        timed(root, "-m", "doit")
        floor, version, nothing = medians(root, ("-c", "pass"), ("-m", "doit", "--version"), ("-m", "doit"))
        print(f"nothing moved: {nothing}, {nothing.processor / floor.processor:.1f} times starting Python")
        print(f"of that, doit --version: {version}; starting Python: {floor}")
        compare(root, videos, 1000 * nothing.wall)
        (root / "projects" / "v0000.txt").write_text("edited")
        print(f"one video edited: {timed(root, '-m', 'doit').wall:.2f} s")
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
