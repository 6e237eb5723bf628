"""Does a video get built, whatever its voice does? Every fault of `tests/e2e/faults.py`, one build each.

uv run python -m benchmarks.faults
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.e2e.faults import FAULTS, endure


def main() -> None:
    """Inject, build, print."""
    survived = 0
    for fault in FAULTS:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            try:
                endure(fault, Path(folder))
                survived += 1
                told = "kept its voice" if fault.kept else "fell back"
            except AssertionError as error:
                told = f"FAILED: {error}"
        print(f"{fault.voice:22} {fault.name:34} {time.perf_counter() - began:5.1f} s  {told}", flush=True)
    print(f"{survived} of {len(FAULTS)} faults survived with the video built")


if __name__ == "__main__":
    main()
