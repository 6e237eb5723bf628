"""`doit voices`, as a person types it."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import pytest

from tests.e2e.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """A folder whose only project is broken: voices can be chosen before anything is right."""
    return Studio.open(tmp_path / "studio")


def test_voices_are_listed_with_what_they_cost_and_allow(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Language, gender, price, licence and whether it could speak now, of every voice that speaks the language."""
    monkeypatch.delenv("ELEVENLABS_API_KEY", raising=False)
    studio.write("broken/project.yaml", "videos: 7")
    told = studio.doit("voices", "--language", "ru").out
    lines = {line.split()[0]: line for line in told.splitlines() if "/" in line.split()[0]}
    assert "female" in lines["rhvoice/anna"]
    assert "LGPL-2.1-or-later" in lines["rhvoice/anna"]
    assert "needs ELEVENLABS_API_KEY" in " ".join(lines["elevenlabs/Rachel"].split())
    assert "CC-BY-NC-ND-4.0" in lines["rhvoice/mikhail"]
    assert "piper/joe" not in lines


def test_a_voice_says_what_it_is_given(studio: Studio) -> None:
    """`doit voices VOICE --say TEXT` speaks to a WAV and prints where it is; said twice, it is made once."""
    said = ("voices", "espeak/en-us", "--say", "Good evening. It is 25% cheaper.")
    path = studio.folder / studio.doit(*said).out.splitlines()[-1]
    with wave.open(str(path)) as file:
        assert file.getnframes() > file.getframerate()
    assert not studio.build(*said)


@pytest.mark.parametrize(("args", "told"), [
    (["rhvoice/ana", "--say", "x"], "its voices: alan, aleksandr"), (["--say", "x"], "name a voice"),
    (["nobody"], "engines here:"), (["espeak/en-us", "--say", "—"], "nothing to say"),
])  # fmt: skip
def test_mistakes_are_told_with_what_there_is(studio: Studio, args: list[str], told: str) -> None:
    """A voice that is not there, or nothing to say, is a mistake with a way out."""
    failed = studio.doit("voices", *args, check=False)
    assert failed.code == 2
    assert told in failed.err
