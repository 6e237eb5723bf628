"""What a warm remote is worth: shorts built from nothing, and then by a second machine that shares the remote alone.

uv run python benchmarks/second.py [videos]

The remote is a real S3 server on this machine (SeaweedFS); the second machine is another checkout, without a cache. The
processor seconds are told too: they stand where other work runs beside it.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.batch import lay_out
from factory.testing import doit, finished, start
from tests.e2e.studio import Studio
from tests.s3 import seaweed

if TYPE_CHECKING:
    from collections.abc import Mapping


def build(folder: Path, environment: Mapping[str, str]) -> tuple[float, float, int]:
    """Wall seconds, processor seconds and executed steps of a build."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = start(folder, **environment)
    outcome = finished(folder, process, *process.communicate())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert outcome.code == 0, outcome.out + outcome.err
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, processor, outcome.ran.total()


def main(videos: int) -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="second-"))
    try:
        first = Studio.open(folder / "first")
        lay_out(first, videos)
        with (first.folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
            settings.write('\n[tool.content-factory]\nremote = "s3://cache/second"\n')
        shutil.copytree(first.folder, folder / "second")
        python = {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
        doit(first.folder, "plan", timeout=600, **python)  # compiles the packages, which is nobody's build
        with seaweed(folder) as server:
            cold, busy, steps = build(first.folder, server.environment | python)
            warm, little, again = build(folder / "second", server.environment | python)
        print(f"cold: {steps} steps of {videos} shorts in {cold:.1f} s, {busy:.1f} s of processor")
        print(f"a second machine: {again} steps in {warm:.1f} s, {little:.1f} s of processor")
        print(f"that is {warm / cold:.1%} of the time and {little / busy:.1%} of the processor")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
