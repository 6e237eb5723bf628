"""A video narrated by a person, in real builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.studio import Studio
from tests.recipes.sound.test_recording import record

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
extends: shorts
language: en
mode: minimal_text
videos:
  - id: one
    title: One
    recording: take.m4a
    blocks:
      - {say: Honey can outlast an empire., show: {text: One}}
      - {say: "It holds about 17% water, so microbes dry out.", show: {text: Two}}
"""
SAID = [["Honey can outlast an empire."], ["It holds about seventeen percent water, so microbes dry out."]]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """One video, and a recording of it."""
    studio = Studio.open(tmp_path / "studio")
    studio.write("talk/project.yaml", SPEC)
    record(studio.folder / "projects" / "talk", SAID, "en")
    return studio


def test_an_edit_hears_and_takes_nothing_again(studio: Studio) -> None:
    """The recording is heard and cut once; neither another caption style nor a louder block touches a take."""
    ran = studio.build("subs:talk/one")
    assert (ran["hear_recording"], ran["cut_recording"], ran["take_recording"]) == (1, 1, 2)
    studio.replace("talk/project.yaml", "mode: minimal_text", "mode: minimal_text\ncaptions: karaoke")
    studio.replace("talk/project.yaml", "show: {text: One}", "show: {text: One}, voice: {volume: -2}")
    ran = studio.build("subs:talk/one")
    assert ran["mix"] == 1
    assert not {"hear_recording", "cut_recording", "take_recording"} & set(ran)


def test_a_sentence_nobody_said_is_told(studio: Studio) -> None:
    """The build fails with the block and the sentence, and with what to do."""
    studio.replace("talk/project.yaml", "an empire.", "an empire. Nobody ever said these words.")
    failed = studio.doit("audio:talk/one", check=False)
    assert failed.code == 1
    said = " ".join(failed.out.split())
    assert "block 01: “Nobody ever said these words.” is not said" in said
    assert "put the script right" in said
