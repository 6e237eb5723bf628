"""The HTTP speech services, by their real interfaces, with their real troubles."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soxr

from factory.errors import Cancelled, StepError, Transient
from factory.step import Step
from recipes import voices
from recipes.sound.speaking import implausible, speak
from recipes.voices import Speech, elevenlabs, gemini, google, openai, service
from tests.recipes.voices.service_double import CANARY, ServiceDouble
from tests.workbench import BenchJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from factory.step import Json

TEXT = 'Every night, the Moon rises <over> the R&D hills, "far" away.'
VOICES = {"elevenlabs": "Rachel", "google": "en-US-Wavenet-D", "gemini": "Kore", "openai": "tts-1:nova"}
TIMED = ("elevenlabs", "google")
RATE = 24_000
every_service = pytest.mark.parametrize("engine", VOICES)


@pytest.fixture
def spoken(job: BenchJob) -> Speech:
    """What the doubles say."""
    said = voices.find("espeak").synthesize(job, TEXT, "en-us", language="en", rate=1.0, pitch=0.0)
    return Speech(soxr.resample(said.samples, said.rate, RATE), RATE, said.words)


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The canary is the key to every service."""
    for engine in VOICES:
        monkeypatch.setenv(voices.find(engine).secret, CANARY)  # type: ignore[attr-defined]  # of services only


@pytest.fixture
def double(spoken: Speech, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ServiceDouble]:
    """A double with these faults, which all engines take for their service."""

    def start(*faults: str) -> ServiceDouble:
        made = ServiceDouble(spoken, faults)
        for module in (elevenlabs, google, gemini):
            monkeypatch.setattr(module, "URL", made.url)
        monkeypatch.setenv(openai.URL_VARIABLE, made.url)
        return made

    return start


def say(job: BenchJob, engine: str, voice: str = "", rate: float = 1.0) -> Speech:
    """One sentence."""
    return voices.find(engine).synthesize(job, TEXT, voice or VOICES[engine], language="en", rate=rate, pitch=0.0)


@every_service
def test_the_sound_is_what_the_service_sent(
    job: BenchJob, double: Callable[..., ServiceDouble], spoken: Speech, engine: str
) -> None:
    """What is heard is what was sent, at its own rate, with word times where the service tells them."""
    with double():
        heard = say(job, engine)
    assert heard.rate == RATE
    assert np.abs(heard.samples - spoken.samples).max() < 2 / 32768
    if engine not in TIMED:
        assert heard.words is None
        return
    assert [word.text for word in heard.words or ()] == TEXT.split()
    assert {word.source for word in heard.words or ()} == {engine}
    for told, true in zip(heard.words or (), spoken.words or (), strict=True):
        assert abs(told.start - true.start) <= 80  # a word that begins with a mark starts with its first letter
        assert told.end >= true.start


@every_service
@pytest.mark.parametrize("fault", ["408", "429", "500", "503"])
def test_a_busy_service_may_be_asked_again(
    job: BenchJob, double: Callable[..., ServiceDouble], engine: str, fault: str
) -> None:
    """Being put off is worth another try, after as long as the service asked for."""
    with double(fault), pytest.raises(Transient, match=fault) as caught:
        say(job, engine)
    assert caught.value.retry_after == 7


@every_service
@pytest.mark.parametrize("fault", ["400", "401", "403", "404"])
def test_a_refusal_is_final(job: BenchJob, double: Callable[..., ServiceDouble], engine: str, fault: str) -> None:
    """What another try would not mend is told at once, in the service's words."""
    with double(fault), pytest.raises(StepError, match=fault) as caught:
        say(job, engine)
    assert not isinstance(caught.value, Transient)


@every_service
@pytest.mark.parametrize("fault", ["drop", "half", "page", "silent", "empty"])
def test_a_broken_answer_is_no_sound(
    job: BenchJob, double: Callable[..., ServiceDouble], engine: str, fault: str
) -> None:
    """A dead socket, half a body, an error page, JSON or a WAV without sound: to be tried again, and never heard."""
    with double(fault), pytest.raises(Transient):
        say(job, engine)


@pytest.mark.parametrize("engine", ["google", "gemini", "openai"])
def test_half_a_wav_is_noticed(job: BenchJob, double: Callable[..., ServiceDouble], engine: str) -> None:
    """A WAV shorter than its header says has lost its end."""
    with double("cut"), pytest.raises(Transient, match="half a WAV"):
        say(job, engine)


@every_service
def test_sound_that_ends_early_is_noticed(job: BenchJob, double: Callable[..., ServiceDouble], engine: str) -> None:
    """Sound too short for its text does not count as speech."""
    with double("truncated"):
        assert "too short" in str(implausible(say(job, engine), TEXT, 1.0))


@every_service
def test_a_silent_service_is_given_up(
    job: BenchJob, double: Callable[..., ServiceDouble], engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection on which nothing comes ends as a failure that may pass."""
    monkeypatch.setattr(service, "SILENT_SECONDS", 0.3)
    with double("hang"), pytest.raises(Transient, match="did not get through"):
        say(job, engine)


@pytest.mark.parametrize("engine", TIMED)
@pytest.mark.parametrize("fault", ["lengths", "untimed"])
def test_wrong_times_are_left_to_alignment(
    job: BenchJob, double: Callable[..., ServiceDouble], engine: str, fault: str
) -> None:
    """Times that do not match the text are not used, and none are made up."""
    with double(fault):
        assert say(job, engine).words is None


def test_gemini_sends_bare_samples_too(job: BenchJob, double: Callable[..., ServiceDouble], spoken: Speech) -> None:
    """`audio/L16` of its older models is as good as a WAV."""
    with double("pcm"):
        assert (
            np.abs(say(job, "gemini", "gemini-2.5-flash-preview-tts:Puck").samples - spoken.samples).max() < 2 / 32768
        )


def test_a_text_that_gemini_refuses_is_told(job: BenchJob, double: Callable[..., ServiceDouble]) -> None:
    """A text held to be unsafe is not asked for again."""
    with double("safety"), pytest.raises(StepError, match="SAFETY") as caught:
        say(job, "gemini")
    assert not isinstance(caught.value, Transient)


@pytest.mark.parametrize(("engine", "where"), [
    ("elevenlabs", ("voice_settings", "speed")), ("google", ("audioConfig", "speakingRate")), ("openai", ("speed",)),
])  # fmt: skip
def test_rate_is_the_same_factor_as_everywhere(
    job: BenchJob, double: Callable[..., ServiceDouble], engine: str, where: tuple[str, ...]
) -> None:
    """A rate of 1.1 is 1.1 to the service."""
    with double() as at:
        say(job, engine, rate=1.1)
    told: Any = at.asked[0][1]
    for key in where:
        told = told[key]
    assert told == 1.1


@pytest.mark.parametrize(("engine", "voice", "model"), [
    ("elevenlabs", "eleven_v3:Rachel", "eleven_v3"), ("openai", "kokoro:af_heart", "kokoro"), ("openai", "x", "tts-1"),
])  # fmt: skip
def test_the_model_is_written_before_the_voice(
    job: BenchJob, double: Callable[..., ServiceDouble], engine: str, voice: str, model: str
) -> None:
    """`model:voice` asks that model, and the key of the step tells models apart."""
    with double() as at:
        assert voices.refusal(engine, voice, language="en", rate=1.0, pitch=0.0) is None
        say(job, engine, voice)
        assert model in voices.find(engine).version(voice)
    assert model in (at.asked[0][1].get("model"), at.asked[0][1].get("model_id"))


@every_service
def test_no_key_is_told_by_its_name(job: BenchJob, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key nothing is sent, and the message names the variable to set."""
    variable = voices.find(engine).secret  # type: ignore[attr-defined]  # of services only
    monkeypatch.delenv(variable)
    monkeypatch.delenv(openai.URL_VARIABLE, raising=False)
    with pytest.raises(StepError, match=variable):
        say(job, engine, "nova" if engine == "openai" else "")
    assert variable in voices.find(engine).state(VOICES[engine])


@every_service
@pytest.mark.parametrize("fault", ["401", "429", "503", "drop", "page"])
def test_a_secret_is_told_to_nobody(
    job: BenchJob, double: Callable[..., ServiceDouble], engine: str, fault: str
) -> None:
    """The key is in no error nor its traceback, though the service repeats it; in no log, no key of a step, no file."""
    with double(fault, fault), pytest.raises(StepError) as caught:
        say(job, engine)
    told = "".join(traceback.format_exception(caught.value)) + caught.value.hint
    kept = b"".join(path.read_bytes() for path in job.folder.rglob("*") if path.is_file())
    version = voices.find(engine).version(VOICES[engine])
    assert CANARY not in told + repr(job.lines) + version + kept.decode(errors="replace")


class _Stopped(BenchJob):
    def check(self) -> None:
        raise Cancelled


@every_service
def test_a_stopped_build_hangs_up(job: BenchJob, double: Callable[..., ServiceDouble], engine: str) -> None:
    """Cancelling does not wait for a service that is silent."""
    with double("hang"), pytest.raises(Cancelled):
        say(_Stopped(job.step, {}, job.folder), engine)


@every_service
def test_a_whole_step_speaks(job: BenchJob, double: Callable[..., ServiceDouble], engine: str) -> None:
    """The `speak` step writes the sentence and a time for every word, aligned where the service tells none."""
    params: dict[str, Json] = {
        "text": TEXT, "engine": engine, "voice": VOICES[engine], "language": "en", "rate": 1.0, "pitch": 0.0,
        "align": "auto",
    }  # fmt: skip
    with double():
        speak(BenchJob(Step("speak", speak, ("speech.wav", "words.json"), params), {}, job.folder))
    assert (job.folder / "words.json").read_text("utf-8").count('"text"') == len(TEXT.split())
