"""How long a thousand videos of YAML take to load: first, again, and after an edit of one project of twenty.

uv run python -m benchmarks.specs
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

REPOSITORY = Path(__file__).parents[1]
PROJECTS, VIDEOS, BLOCKS = 20, 50, 5
# In a process of its own: what is measured is what a person waits for, imports included.
LOAD = """
import resource, sys, time
from pathlib import Path
started = time.perf_counter()
from recipes.spec import load_videos
videos = load_videos(Path(sys.argv[1]))
taken = time.perf_counter() - started
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f"{len(videos)} videos: {taken * 1000:6.0f} ms, {memory} MB")
"""


def main() -> None:
    """Print the three figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        spec = _write(root)
        for what in ("first load", "nothing changed", "one of twenty projects changed"):
            if what.startswith("one"):
                spec.write_text(spec.read_text().replace("0.3", "0.4"))
            done = subprocess.run(
                [sys.executable, "-c", LOAD, folder], cwd=REPOSITORY, stdout=subprocess.PIPE, check=True
            )
            print(f"{what:32}{done.stdout.decode().strip()}")


def _write(root: Path) -> Path:
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    spec = root
    for number in range(PROJECTS):
        folder = root / "projects" / f"p{number}"
        (folder / "images").mkdir(parents=True)
        for block in range(BLOCKS):
            Image.effect_noise((270, 480), 60).save(folder / "images" / f"{block}.jpg")
        blocks = "".join(
            f"      - {{say: The Moon turns {block} times., show: images/{block}.jpg, pause: 0.3}}\n"
            for block in range(BLOCKS)
        )
        videos = "".join(f"  - id: v{n}\n    title: Video {n}\n    blocks:\n{blocks}" for n in range(VIDEOS))
        spec = folder / "project.yaml"
        spec.write_text(f"extends: shorts\nlanguage: en\nvoice: piper/joe\nvideos:\n{videos}")
    return spec


if __name__ == "__main__":
    main()
