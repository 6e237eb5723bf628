"""A person's folder, as `git clone` would leave it, with `doit` run in it as a person would."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from factory import testing
from factory.testing import Outcome

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Studio:
    """One folder with `dodo.py`, templates and projects of its own. Tools and voices are shared with the checkout."""

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> Studio:
        """Lay out an empty studio in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "dodo.py", folder)
        shutil.copy(ROOT / "pyproject.toml", folder)
        shutil.copytree(ROOT / "templates", folder / "templates")
        (folder / "projects").mkdir()
        return cls(folder)

    def write(self, name: str, text: str) -> Path:
        """Save a file of a project, as an editor would."""
        path = self.folder / "projects" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def replace(self, name: str, old: str, new: str) -> None:
        """Edit a file of a project; the edit must find its place."""
        path = self.folder / "projects" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def paint(self, name: str, seed: int, size: tuple[int, int] = (200, 320)) -> None:
        """A picture with something in it, different for every seed."""
        path = self.folder / "projects" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        y, x = np.mgrid[0 : size[1], 0 : size[0]]
        waves = [np.sin((x * (seed + k + 1) + y * (seed * 2 + k)) / 60) for k in range(3)]
        Image.fromarray((np.stack(waves, -1) * 70 + 90).astype(np.uint8)).save(path, quality=90)

    def doit(self, *args: str, check: bool = True, **environment: str) -> Outcome:
        """Run `doit` to its end; what it printed and what it did."""
        process = testing.start(self.folder, *args, NO_COLOR="1", **environment)
        done = testing.finished(self.folder, process, *process.communicate(timeout=600))
        assert not check or done.code == 0, done.out + done.err
        assert "Traceback" not in done.out + done.err, done.out + done.err
        return done

    def build(self, *args: str) -> Counter[str]:
        """Run `doit`, and count the steps that were really executed, by name."""
        return self.doit(*args).ran

    def runs(self) -> list[str]:
        """The ids of all runs so far, oldest first."""
        return sorted(path.parent.name for path in (self.folder / "cache" / "runs").glob("*/results.json"))

    def results(self, run: str) -> dict[str, Any]:
        """What a run wrote about itself."""
        text = (self.folder / "cache" / "runs" / run / "results.json").read_text(encoding="utf-8")
        results: dict[str, Any] = json.loads(text)
        return results

    def made(self, name: str) -> Path:
        """A file under `build/`."""
        return self.folder / "build" / name

    def packets(self, name: str) -> list[tuple[int, bytes]]:
        """The video packets of a built file: presentation time and bytes."""
        with av.open(str(self.made(name))) as container:
            return [(int(p.pts), bytes(p)) for p in container.demux(video=0) if p.pts is not None]
