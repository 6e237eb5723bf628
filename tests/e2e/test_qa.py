"""`doit qa`, the gate it can close, and `doit transcribe`, as a person runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.e2e.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
extends: shorts
size: [216, 384]
fps: 10
language: ru
voice: rhvoice/aleksandr-hq
qa: {fail: true}
videos:
  - id: bees
    title: Пчёлы
    blocks:
      - say: Пчёлы машут крыльями, чтобы влага испарилась.
        show: one.jpg
      - say: Осьминог умеет менять цвет кожи.
        show: two.jpg
"""
PROJECT = "film/project.yaml"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """One video of two sentences, to be checked."""
    studio = Studio.open(tmp_path_factory.mktemp("studio") / "one")
    studio.write(PROJECT, SPEC)
    for number, name in enumerate(("one", "two")):
        studio.paint(f"film/{name}.jpg", number)
    return studio


def test_a_right_video_passes_and_is_not_checked_twice(studio: Studio) -> None:
    """`doit qa` makes the video and its page, ends with 0, and the second time listens to nothing."""
    said = studio.doit("qa").out
    assert "film/bees" in said
    result = json.loads(studio.made("film/bees/qa.json").read_text("utf-8"))
    assert result["status"] in {"pass", "warn"}, [c for c in result["checks"] if c["status"] == "fail"]
    assert "Осьминог умеет" in studio.made("film/bees/qa.html").read_text("utf-8")
    assert not studio.build("qa", "film/bees")


def test_an_edit_is_listened_to_alone(studio: Studio) -> None:
    """Captions of another colour are judged again, and nothing is listened to again: the sound is the same."""
    studio.replace(PROJECT, "fps: 10", "fps: 10\ncaptions: {options: {color: '#00FFAA'}}")
    ran = studio.build("qa")
    assert ran["judge"] == 1
    assert ran["listen"] == 0


def test_a_failing_video_fails_the_build(studio: Studio) -> None:
    """With `qa: {fail: true}` `doit` fails on a video whose captions nobody can read, and says why and where."""
    studio.replace(PROJECT, "color: '#00FFAA'", "color: '#707070', outline_color: '#707070', box: never")
    done = studio.doit(check=False)
    assert done.code == 1
    assert "caption contrast" in done.out
    assert "qa.html" in done.out
    assert studio.doit("qa", check=False).code == 1


def test_an_unknown_video_is_named(studio: Studio) -> None:
    """`doit qa film/flies` says which videos there are."""
    done = studio.doit("qa", "film/flies", check=False)
    assert done.code == 2
    assert "film/bees" in done.err


def test_a_recording_becomes_a_project(studio: Studio, tmp_path: Path) -> None:
    """`doit transcribe FILE` writes a project of what is said, which validates; it never writes over one."""
    recording = tmp_path / "Моя запись 1.wav"
    recording.write_bytes(studio.made("film/bees/audio.wav").read_bytes())
    studio.doit("transcribe", str(recording))
    text = (studio.folder / "projects" / "1" / "project.yaml").read_text("utf-8")
    assert "language: ru" in text
    assert "умеет менять цвет" in text
    assert "no mistakes" in studio.doit("validate").out
    assert studio.doit("transcribe", str(recording), check=False).code == 2
    assert studio.doit("transcribe", "missing.wav", check=False).code == 2
