"""Whisper hears what was said, and says where."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soxr

from factory.errors import StepError
from recipes import recognition, voices
from recipes.recognition import RATE, weights
from recipes.recognition.checkpoint import read, renamed
from recipes.recognition.comparing import compare, wording
from recipes.recognition.whisper import Clip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.workbench import BenchJob

SAID = "Пчёлы машут крыльями, чтобы влага испарилась."


@cache
def _russian(job_folder: Path) -> NDArray[np.float32]:
    from factory.step import Step  # noqa: PLC0415  # keeps the cache's key a folder
    from tests.workbench import BenchJob  # noqa: PLC0415

    job = BenchJob(Step("speak", print, ("speech.wav",)), {}, job_folder)
    speech = voices.find("rhvoice").synthesize(job, SAID, "aleksandr-hq", language="ru", rate=1.0, pitch=0.0)
    heard: NDArray[np.float32] = soxr.resample(speech.samples, speech.rate, RATE)
    return heard


@pytest.fixture(scope="module")
def russian(tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.float32]:
    """One Russian sentence, spoken."""
    return _russian(tmp_path_factory.mktemp("said"))


def test_the_script_is_heard_in_its_own_speech(job: BenchJob, russian: NDArray[np.float32]) -> None:
    """With the script as a prompt, every word of clear speech is heard."""
    assert compare(SAID, Clip(job, russian, "ru").text(SAID), "ru").words == 0


def test_another_script_is_not_heard(job: BenchJob, russian: NDArray[np.float32]) -> None:
    """A prompt does not make Whisper hear what was not said, and forced probability tells the wrong text."""
    clip = Clip(job, russian, "ru")
    other = "Обратную сторону Луны люди увидели впервые."
    assert compare(other, clip.text(other), "ru").wer > 0.5

    def likely(text: str) -> float:
        return float(np.mean([p for spot in clip.place(text.split()) for p in spot.log_probabilities]))

    assert likely(other) < -1.5 < likely(SAID)


def test_sound_is_placed_in_order_and_inside(job: BenchJob, russian: NDArray[np.float32]) -> None:
    """Every word has a place, none before the one before it, none past the end."""
    spots = Clip(job, russian, "ru").place(SAID.split())
    assert [spot.start for spot in spots] == sorted(spot.start for spot in spots)
    assert all(0 <= spot.start <= spot.end <= len(russian) / RATE + 0.02 for spot in spots)


@pytest.mark.parametrize(("expected", "heard"), [
    ("двадцать пять процентов", "25%."), ("ёж — это зверь", "Еж это зверь"), ("за́мок", "замок"),
    ("by-product", "by product"),
])  # fmt: skip
def test_spelling_is_no_error(expected: str, heard: str) -> None:
    """Digits, case, punctuation, stress, ё and hyphens are not what was said."""
    language = "ru" if any("а" <= char <= "я" for char in expected) else "en"
    assert compare(expected, heard, language).words == 0


def test_a_wrong_word_is_an_error() -> None:
    """One word of four replaced is a word error rate of a quarter."""
    assert compare("пчёлы машут крыльями часто", "пчёлы машут ногами часто", "ru").wer == 0.25


def test_letters_said_one_by_one_are_one_word() -> None:
    """`N B A` is the same as `NBA`."""
    assert wording("the n b a final", "en") == ["the", "nba", "final"]


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, job: BenchJob) -> None:
    """Without faster-whisper the error says which extra brings it."""
    monkeypatch.setattr(recognition, "version", lambda: "none")
    with pytest.raises(StepError) as refused:
        weights.folder(job)
    assert "--extra qa" in refused.value.hint


def test_weights_are_told_in_their_makers_names(job: BenchJob) -> None:
    """CTranslate2's values become exactly the parameters of OpenAI's `base`: 245, of 72 593 920 numbers."""
    state = dict(renamed(read(io.BytesIO((weights.folder(job) / "model.bin").read_bytes()))))
    assert state["decoder.blocks.5.cross_attn.key.weight"].shape == (512, 512)
    assert "encoder.blocks.0.attn.key.bias" not in state
    assert len(state) == 245
    assert sum(value.size for value in state.values()) == 72_593_920
