"""What the engine itself costs: a build of a thousand videos whose steps do next to nothing.

uv run python benchmarks/engine.py [videos]

Prints the cold build (milliseconds a step: key, lookup, scratch folder, rename, digest, record, commit, delivery), a
build after one edit, and the build that finds nothing to do, beside starting Python and `doit --version`, its floor.
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


def timed(root: Path, *args: str) -> tuple[float, str]:
    """Wall seconds of a command, and what it printed last."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *args],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPYCACHEPREFIX": str(root / ".pyc")} | {"PYTHONDONTWRITEBYTECODE": ""},
    )
    lines = done.stdout.strip().splitlines()
    return time.perf_counter() - began, lines[-1] if lines else ""


def median(root: Path, *args: str, times: int = 9) -> float:
    """Milliseconds, in the middle of several tries, the first not counted."""
    return 1000 * statistics.median([timed(root, *args)[0] for _ in range(times + 1)][1:])


def main(videos: int) -> None:
    """Measure and print."""
    root = Path(tempfile.mkdtemp(prefix="engine-"))
    steps = videos * len(CHAIN)
    try:
        project(root, videos)
        cold, _ = timed(root, "-m", "doit")
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
        print(f"cold: {steps} steps in {cold:.1f} s, {1000 * cold / steps:.2f} ms a step, {memory:.0f} MB at most")
        full, _ = timed(root, "-m", "doit")
        print(f"every task looked at, nothing to do: {full:.2f} s")
        time.sleep(2.1)  # until no file is so young that its next edit could go unseen
        timed(root, "-m", "doit")
        floor, version = median(root, "-c", "pass"), median(root, "-m", "doit", "--version")
        nothing = median(root, "-m", "doit")
        print(f"nothing moved: {nothing:.0f} ms (python alone {floor:.0f} ms, doit --version {version:.0f} ms)")
        (root / "projects" / "v0000.txt").write_text("edited")
        edit, _ = timed(root, "-m", "doit")
        print(f"one video edited: {edit:.2f} s")
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
