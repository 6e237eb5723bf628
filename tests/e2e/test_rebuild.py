"""Only what an edit touched is made again: counted in executed steps of real builds, and in packets of real files."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.e2e.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
extends: shorts
size: [216, 384]
fps: 20
language: en
voice: piper/joe
music: {file: music.wav, gain: -18}
videos:
  - id: sea
    title: The sea at night
    blocks:
      - say: The sea is calm tonight.
        show: one.jpg
      - say: The tide is full. The moon lies fair.
        show: two.jpg
      - say: Come to the window.
        show: three.jpg
        transition: slide
"""
PROJECT = "tide/project.yaml"
FINAL = "tide/sea/final.mp4"


def music(path: Path, frequency: int) -> None:
    """A second of a plain tone."""
    import av  # noqa: PLC0415 - a helper of one test module
    import numpy as np  # noqa: PLC0415

    wave = np.sin(np.arange(48_000) * 2 * np.pi * frequency / 48_000) * 0.3
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000)
        frame = av.AudioFrame.from_ndarray((wave * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = 48_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """A project of one video, built once from an empty cache."""
    studio = Studio.open(tmp_path_factory.mktemp("studio") / "original")
    studio.write(PROJECT, SPEC)
    for number, name in enumerate(("one", "two", "three")):
        studio.paint(f"tide/{name}.jpg", number)
    music(studio.folder / "projects" / "tide" / "music.wav", 220)
    ran = studio.build()
    assert ran["render_segment"] == 3
    assert ran["speak"] == 4
    return studio


@pytest.fixture
def studio(built: Studio, tmp_path: Path) -> Studio:
    """The built project, for one test to edit. Copied with its times, as a checkout moved in one piece."""
    shutil.copytree(built.folder, tmp_path / "studio", symlinks=True)
    return Studio(tmp_path / "studio")


def test_nothing_changed_runs_nothing(studio: Studio) -> None:
    """A second build executes no step."""
    assert studio.build() == Counter()
    assert studio.build("final:tide/sea") == Counter()


def test_a_word_costs_one_sentence_and_one_segment(studio: Studio) -> None:
    """One word of one block: one sentence spoken, one proof and one segment drawn, every other packet the same."""
    before, lengths = studio.packets(FINAL), frames(studio)
    studio.replace(PROJECT, "The tide is full.", "The tide is high.")
    ran = studio.build()
    assert ran["speak"] == 1
    assert ran["render_proof"] == 1
    assert ran["render_segment"] == 1
    assert ran["mux"] == 1
    after, now = studio.packets(FINAL), frames(studio)
    assert (now[0], now[2]) == (lengths[0], lengths[2])
    assert [payload for _, payload in after[: now[0]]] == [payload for _, payload in before[: lengths[0]]]
    assert [payload for _, payload in after[-now[2] :]] == [payload for _, payload in before[-lengths[2] :]]


def frames(studio: Studio) -> list[int]:
    """How many frames each block lasts; each is one packet."""
    words = json.loads(studio.made("tide/sea/words.json").read_text("utf-8"))
    return [block["frames"] for block in words["blocks"]]


def test_music_costs_sound_and_remux_only(studio: Studio) -> None:
    """Another bed under the speech: nothing is spoken or drawn again."""
    music(studio.folder / "projects" / "tide" / "music.wav", 330)
    assert set(studio.build()) == {"decode_music", "mix", "encode_audio", "mux"}


def test_caption_style_spares_the_proof(studio: Studio) -> None:
    """Another caption style: captions and segments, no proof, no sound."""
    studio.replace(PROJECT, "voice: piper/joe", "voice: piper/joe\ncaptions: {style: minimal}")
    ran = studio.build()
    assert ran["render_segment"] == 3
    assert not {"speak", "mix", "render_proof", "join_proof", "encode_audio"} & set(ran)


def test_a_title_costs_metadata_only(studio: Studio) -> None:
    """A new title is written into the file, and nothing is spoken, mixed, drawn or encoded."""
    studio.replace(PROJECT, "The sea at night", "The sea by night")
    assert set(studio.build()) == {"mux", "write_metadata"}


@pytest.mark.parametrize(("old", "new"), [("size: [216, 384]", "size: [180, 320]"), ("fps: 20", "fps: 25")])
def test_geometry_costs_every_picture(studio: Studio, old: str, new: str) -> None:
    """Another resolution or frame rate draws every block again, and speaks nothing."""
    studio.replace(PROJECT, old, new)
    ran = studio.build()
    assert ran["render_segment"] == 3
    assert ran["render_proof"] == 3
    assert ran["speak"] == 0


def test_touch_and_clone_cost_nothing(studio: Studio, tmp_path: Path) -> None:
    """New times on every file, or a fresh copy of the sources beside the old cache, execute no step."""
    for path in (studio.folder / "projects").rglob("*"):
        os.utime(path)
    assert studio.build() == Counter()
    clone = Studio.open(tmp_path / "clone")
    shutil.copytree(
        studio.folder / "projects", clone.folder / "projects", dirs_exist_ok=True, copy_function=shutil.copy
    )
    shutil.copytree(studio.folder / "cache" / "ac", clone.folder / "cache" / "ac")
    shutil.copytree(studio.folder / "cache" / "cas", clone.folder / "cache" / "cas")
    assert clone.build() == Counter()
    assert clone.made(FINAL).read_bytes() == studio.made(FINAL).read_bytes()


def test_going_back_costs_nothing(studio: Studio) -> None:
    """A→B→A: the first version is restored from the store, byte for byte."""
    first = studio.made(FINAL).read_bytes()
    studio.replace(PROJECT, "The sea is calm tonight.", "The sea is loud tonight.")
    assert studio.build()["render_segment"] == 1
    studio.replace(PROJECT, "The sea is loud tonight.", "The sea is calm tonight.")
    assert studio.build() == Counter()
    assert studio.made(FINAL).read_bytes() == first


def test_renaming_the_project_costs_metadata_at_most(studio: Studio) -> None:
    """A project under another name is the same work: nothing is made again."""
    (studio.folder / "projects" / "tide").rename(studio.folder / "projects" / "ebb")
    assert set(studio.build()) <= {"write_metadata"}


def test_everything_deleted_is_restored(studio: Studio) -> None:
    """The build folder and the state are gone: the store brings every file back without a step."""
    final = studio.made(FINAL).read_bytes()
    shutil.rmtree(studio.folder / "build")
    for path in (studio.folder / "cache").glob("state*"):
        path.unlink()
    assert studio.build() == Counter()
    assert studio.made(FINAL).read_bytes() == final
