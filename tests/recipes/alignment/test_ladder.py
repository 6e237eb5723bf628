"""Each rung of the ladder, and what happens when one breaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from factory.errors import StepError
from factory.target import Target
from recipes import audio, voices
from recipes.alignment import estimate, forced, ladder, whisper_timestamped
from recipes.alignment.mapping import lay
from recipes.recognition.whisper import LONGEST
from recipes.sound.speaking import trim
from tests.recipes.sound.test_audio import script
from tests.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from factory.step import Json
    from recipes.voices import Word
    from tests.workbench import BenchJob

TEXT = "Осьминог умеет менять цвет кожи, хотя сам он не различает цветов."


LONG = (
    "Мёд может храниться тысячи лет, потому что в нём почти нет воды, а пчёлы машут крыльями, чтобы влага испарилась, "
    "ветер на Юпитере дует со скоростью пятьсот километров в час, и буря бушует там уже несколько столетий, осьминог "
    "умеет менять цвет кожи, хотя сам он не различает цветов, Луна каждый год уходит от нас почти на четыре "
    "сантиметра, и это не шутка, обратную её сторону люди увидели только в прошлом веке, её сняла советская станция, "
    "а если встать на Луне, Земля почти не сдвинется с места на небе, взгляните вверх сегодня ночью, вас ждёт "
    "знакомое лицо."
)


def _spoken(job: BenchJob, text: str = TEXT) -> tuple[NDArray[np.float32], int, list[float]]:
    speech = voices.find("rhvoice").synthesize(job, text, "aleksandr-hq", language="ru", rate=1.0, pitch=0.0)
    samples, cut = trim(speech.samples, speech.rate)
    return samples, speech.rate, [word.start - cut * 1000 for word in speech.words or ()]


def _errors(found: tuple[Word, ...], truth: list[float]) -> list[float]:
    return [abs(word.start - known) for word, known in zip(found, truth, strict=True)]


def test_whisper_held_to_the_text_finds_words(job: BenchJob) -> None:
    """Word starts by Whisper's attention are within 200 ms of the voice's own, half of them within 80."""
    samples, rate, truth = _spoken(job)
    found = ladder.align(job, TEXT, samples, rate, "ru", method="whisper")
    assert {word.source for word in found} == {"whisper"}
    assert max(_errors(found, truth)) < 200
    assert np.median(_errors(found, truth)) < 80


def test_speech_longer_than_whisper_hears_is_placed_whole(job: BenchJob) -> None:
    """A sentence of half a minute and more has a time for each of its words, the last ones too."""
    samples, rate, truth = _spoken(job, LONG)
    assert len(samples) / rate > LONGEST
    found = forced.align(job, LONG, samples, rate, "ru")
    assert np.percentile(_errors(found, truth), 95) < 250


def test_an_unknown_language_is_estimated_and_says_so(job: BenchJob) -> None:
    """Where neither espeak-ng nor Whisper knows the language, times are shares of the length and marked as such."""
    found = ladder.align(job, "ab cd, ef", np.ones(24_000, np.float32), 24_000, "xx", method="auto")
    assert {word.source for word in found} == {estimate.SOURCE}
    assert [word.start for word in found] == sorted(word.start for word in found)
    assert found[-1].end <= 1000


def test_a_method_asked_for_by_name_is_not_replaced(job: BenchJob) -> None:
    """`align: whisper` in a language Whisper does not know is an error, not an estimate."""
    with pytest.raises(StepError, match="xx"):
        ladder.align(job, "ab cd", np.ones(24_000, np.float32), 24_000, "xx", method="whisper")


def test_recognised_words_time_known_ones() -> None:
    """Words split, joined or misheard still give each known word its time, and pauses stay between words."""
    heard = [("При", 0.0, 0.2), ("ходить", 0.2, 0.6), ("двацать", 1.0, 1.5), ("пять.", 1.5, 2.0)]
    spans = lay(["приходить", "двадцать", "пять"], heard, 2.0)
    assert spans[0] == pytest.approx((0.0, 0.6))
    assert spans[1] == pytest.approx((1.0, 1.5))
    assert spans[2] == pytest.approx((1.5, 2.0))


def test_a_word_nobody_heard_is_between_its_neighbours() -> None:
    """A word the recogniser left out lies in the gap it left."""
    spans = lay(["one", "missing", "three"], [("one", 0.0, 0.3), ("three", 1.0, 1.4)], 1.4)
    assert spans[1] == pytest.approx((0.3, 1.0))
    assert lay(["one", "two"], [], 1.0) == [(0.0, 0.5), (0.5, 1.0)]


def test_whisper_timestamped_says_what_to_install(job: BenchJob) -> None:
    """Without the extra, the error names it."""
    if whisper_timestamped.version() != "none":
        pytest.skip("the extra [whisper] is installed")
    with pytest.raises(StepError) as refused:
        ladder.align(job, "ab", np.zeros(100, np.float32), 16_000, "en", method="whisper-timestamped")
    assert "--extra whisper" in refused.value.hint


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # openai-whisper leaves a file open
def test_whisper_timestamped_finds_words(job: BenchJob) -> None:
    """whisper-timestamped, offline, with the script as its prompt: words within 250 ms, half of them within 80."""
    if whisper_timestamped.version() == "none":
        pytest.skip("needs the extra [whisper] (whisper-timestamped and torch, 5.8 GB)")
    samples, rate, truth = _spoken(job)
    found = ladder.align(job, TEXT, samples, rate, "ru", method="whisper-timestamped")
    assert json.dumps([word.text for word in found]) == json.dumps(TEXT.split())
    assert max(_errors(found, truth)) < 250
    assert np.median(_errors(found, truth)) < 80


def test_a_spec_chooses_the_method(tmp_path: Path) -> None:
    """`align: dtw` times even the words of a voice that knows them itself; `auto` leaves those alone."""
    (tmp_path / "script.json").write_text(json.dumps(script(["Honey can outlast an empire."])), "utf-8")
    for method, source in (("auto", "espeak"), ("dtw", "dtw")):
        folder = tmp_path / method
        params: dict[str, Json] = {"fps": [30, 1], "align": method, "music": None}
        sources = {"script": tmp_path / "script.json"}
        target = Target("audio", "p/v", audio.expand, folder, ("audio.wav", "words.json"), params, sources)
        made = json.loads(Workbench(folder / "bench").deliver(target)["words.json"].read_text("utf-8"))
        assert {word["source"] for word in made["blocks"][0]["words"]} == {source}


def test_the_version_of_a_method_is_in_the_key() -> None:
    """Installing Whisper speaks nothing again in a language espeak-ng can time."""
    assert "faster-whisper" not in ladder.version("auto", "ru")
    assert "faster-whisper" in ladder.version("auto", "xx")
    assert "faster-whisper" in ladder.version("whisper", "ru")
