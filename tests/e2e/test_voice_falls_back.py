"""A service that fails in the middle of a video, in real builds."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from factory.step import Step
from recipes import voices
from tests.e2e.studio import Studio
from tests.recipes.voices.service_double import CANARY, ServiceDouble
from tests.workbench import BenchJob

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
extends: shorts
language: en
voice: [openai/nova, espeak/en-us]
mode: minimal_text
videos:
  - id: one
    title: One
    blocks:
      - say: The service speaks the first. So it does the second.
        show: {text: One}
      - say: But this is where it fails us.
        show: {text: Two}
"""
SENTENCES = 3


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """One video of three sentences, whose first voice is a service."""
    studio = Studio.open(tmp_path / "studio")
    studio.write("talk/project.yaml", SPEC)
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    return studio


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServiceDouble:
    """The service: it says the same few words whatever it is asked for."""
    job = BenchJob(Step("speak", print, ("speech.wav",)), {}, tmp_path)
    text = "Some words of one sentence."
    said = voices.find("espeak").synthesize(job, text, "en-us", language="en", rate=1.0, pitch=0.0)
    double = ServiceDouble(said)
    monkeypatch.setenv("OPENAI_BASE_URL", double.url)
    return double


def spoken(studio: Studio) -> tuple[set[str], set[str]]:
    """The voice of every block, and who told the times of its words."""
    words: dict[str, Any] = json.loads(studio.made("talk/one/words.json").read_text("utf-8"))
    blocks = words["blocks"]
    return {block["voice"] for block in blocks}, {word["source"] for block in blocks for word in block["words"]}


def test_a_voice_that_fails_is_replaced_in_the_whole_video(studio: Studio, service: ServiceDouble) -> None:
    """A refusal at the third sentence: the video is built in the next voice alone, and a person is told."""
    with service:
        service.faults = ["", "", "402"]
        told = studio.doit("-n", "1", "audio:talk/one").out
    assert spoken(studio) == ({"espeak/en-us"}, {"espeak"})
    assert "audio:talk/one is made with espeak/en-us: openai refused: 402" in told


def test_what_the_first_voice_said_is_kept(studio: Studio, service: ServiceDouble) -> None:
    """When the service is back, an edit has it speak again, and what it said before is not asked for twice."""
    with service:
        service.faults = ["", "", "402"]
        studio.doit("-n", "1", "audio:talk/one")
        studio.replace("talk/project.yaml", "fails us", "failed us")
        studio.doit("-n", "1", "audio:talk/one")
    assert spoken(studio)[0] == {"openai/nova"}
    texts = [body["input"] for _, body, _ in service.asked]
    assert not set(texts[: SENTENCES - 1]) & set(texts[SENTENCES:])


def test_a_pinned_video_needs_no_network(studio: Studio, service: ServiceDouble) -> None:
    """What a service said is kept with the project: without the cache, the key and the network it sounds the same."""
    with service:
        studio.doit("audio:talk/one")
    before = studio.made("talk/one/audio.wav").read_bytes()
    assert studio.doit("pin", "talk/one").out == f"talk/one: {SENTENCES} sentences kept\n"
    for folder in ("cache", "build"):
        shutil.rmtree(studio.folder / folder)
    ran = studio.build("audio:talk/one")
    assert "speak" not in ran
    assert studio.made("talk/one/audio.wav").read_bytes() == before
    assert spoken(studio)[0] == {"openai/nova"}


def test_a_pinned_switch_stays(studio: Studio, service: ServiceDouble) -> None:
    """Once pinned, a video that fell back keeps its second voice, and the first is not asked for a new sentence."""
    with service:
        service.faults = ["402"] * SENTENCES
        studio.doit("audio:talk/one")
        studio.doit("pin")
        asked = len(service.asked)
        studio.replace("talk/project.yaml", "fails us", "failed us")
        studio.doit("audio:talk/one")
    assert len(service.asked) == asked
    assert spoken(studio)[0] == {"espeak/en-us"}


def lock(studio: Studio) -> dict[str, Any]:
    """The pinned sentences of the video, by their text."""
    content = json.loads((studio.folder / "projects/talk/content.lock").read_text("utf-8"))
    return {entry["text"]: entry for entry in content["videos"]["one"]["speech"].values()}


def test_one_pinned_sentence_is_said_again(studio: Studio, service: ServiceDouble) -> None:
    """`doit update` asks the service once more for a sentence, keeps what it says now, and nothing else changes."""
    with service:
        studio.doit("audio:talk/one")
        studio.doit("pin")
        before, asked = lock(studio), len(service.asked)
        service.speech = replace(service.speech, samples=service.speech.samples[:-2000] * np.float32(0.9))
        told = studio.doit("update", "talk/one", "so it does").out
    assert [body["input"] for _, body, _ in service.asked[asked:]] == ["So it does the second."]
    after = lock(studio)
    changed = [text for text in before if before[text]["speech"] != after[text]["speech"]]
    assert changed == ["So it does the second."]
    assert "“So it does the second.”" in told
    assert " s → " in told
    kept = {path.name for path in (studio.folder / "projects/talk/content").glob("*.wav")}
    assert kept == {f"{entry['speech']}.wav" for entry in after.values()}
    assert studio.build("audio:talk/one")["speak"] == 0


def test_a_failed_update_keeps_what_was_pinned(studio: Studio, service: ServiceDouble) -> None:
    """Where the service refuses, the lock and its sound stay as they were."""
    with service:
        studio.doit("audio:talk/one")
        studio.doit("pin")
        before = lock(studio)
        service.faults = ["402"] * SENTENCES
        assert studio.doit("update", "talk/one", check=False).code == 1
    assert lock(studio) == before
    assert all((studio.folder / f"projects/talk/content/{entry['speech']}.wav").is_file() for entry in before.values())


def test_only_what_is_pinned_can_be_updated(studio: Studio) -> None:
    """Without a lock there is nothing to say again, which is told with what to run."""
    failed = studio.doit("update", "talk/one", check=False)
    assert failed.code == 2
    assert "doit pin talk/one" in failed.err


def test_only_what_was_built_can_be_pinned(studio: Studio) -> None:
    """A video without its sound is a mistake that says what to run."""
    failed = studio.doit("pin", "talk/one", check=False)
    assert failed.code == 2
    assert "run `doit audio:talk/one` first" in failed.err


def test_the_last_voice_failing_fails_the_build(studio: Studio, service: ServiceDouble) -> None:
    """Without another voice a refusal is an error, with what to do about it and without the key."""
    studio.replace("talk/project.yaml", "[openai/nova, espeak/en-us]", "openai/nova")
    with service:
        service.faults = ["401"] * SENTENCES
        failed = studio.doit("audio:talk/one", check=False)
    assert failed.code == 1
    assert "is the key right" in failed.out
    everything = b"".join(path.read_bytes() for path in studio.folder.rglob("*") if path.is_file())
    assert CANARY not in failed.out + failed.err
    assert CANARY.encode() not in everything
