"""What a person adds without touching the project: a table of topics, and a mode from a package of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np

from tests.e2e.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ROWS = """\
extends: shorts
size: [108, 192]
fps: 10
language: en
voice: piper/joe
videos:
  - from: topics.csv
    id: "{{ title | slug }}"
    title: "{{ title }}"
    script: fact.j2
    vars: {image: sea.jpg, hook: Did you know?}
"""
OWN = """\
extends: shorts
size: [108, 192]
fps: 10
language: en
voice: piper/joe
mode: plain
captions: {delivery: none}
videos:
  - id: one
    title: One
    blocks: [{say: All grey., show: {level: 180}}]
"""
MODE = """
import vapoursynth as vs

from recipes.modes.mode import Metadata


class Plain:
    def metadata(self):
        level = {"type": "integer", "minimum": 16, "maximum": 235}
        return Metadata("one grey", {"type": "object", "additionalProperties": False, "properties": {"level": level}})

    def validate(self, show):
        return []

    def render(self, shot):
        grey = [shot.show["level"], 128, 128]
        blank = vs.core.std.BlankClip
        return blank(width=shot.width, height=shot.height, format=vs.YUV420P8, length=shot.frames, color=grey)
"""


def test_every_row_becomes_a_video(tmp_path: Path) -> None:
    """One spec and a table make one finished video per row, and a new row makes one more and nothing else."""
    studio = Studio.open(tmp_path / "studio")
    studio.write("facts/project.yaml", ROWS)
    studio.paint("facts/sea.jpg", 1)
    table = 'title,fact\n"Salt: why",Rivers carry it.\nBlue,Water scatters light.\n'
    studio.write("facts/topics.csv", table)
    studio.build()
    assert studio.made("facts/salt-why/final.mp4").stat().st_size
    assert studio.made("facts/blue/final.mp4").stat().st_size

    studio.write("facts/topics.csv", table + "Deep,Most of it is dark.\n")
    done = studio.doit()
    assert {target for target, outcome in done.outcomes.items() if outcome == "built"} == {
        f"{kind}:facts/deep" for kind in ("script", "audio", "blocks", "subs", "final")
    }


def test_a_mode_comes_from_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode of an installed package is found by its entry point, and editing its code draws its blocks again."""
    site = tmp_path / "site"
    about = site / "plain_mode-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: plain-mode\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[content_factory.modes]\nplain = plain_mode:Plain\n")
    (site / "plain_mode.py").write_text(MODE)
    monkeypatch.setenv("PYTHONPATH", str(site))
    studio = Studio.open(tmp_path / "studio")
    studio.write("own/project.yaml", OWN)
    studio.build()
    assert abs(grey(studio) - 180) <= 2

    (site / "plain_mode.py").write_text(MODE.replace('["level"]', '["level"] - 60'))
    ran = studio.build()
    assert ran["render_segment"] == 1
    assert not ran["speak"]
    assert abs(grey(studio) - 120) <= 2


def grey(studio: Studio) -> float:
    """The mean luma of the final's first frame."""
    with av.open(str(studio.made("own/one/final.mp4"))) as container:
        return float(np.asarray(next(container.decode(video=0)).to_ndarray())[:192].mean())
