"""Every offline voice, really speaking."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from factory.errors import Cancelled, StepError, ToolFailed
from recipes import voices
from recipes.sound.speaking import implausible, trim
from recipes.voices import workers
from tests.workbench import BenchJob

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recipes.voices import Speech

OFFLINE = [
    ("rhvoice", "aleksandr-hq", "ru", "Луна́ восходит над горизонтом, и мы видим одну и ту же сторону."),
    (
        "piper",
        "joe",
        "en",
        "Of the twenty-one planets, one is known to NASA: it rises at nine o'clock, don't you think?",
    ),
    ("kokoro", "af_heart", "en", "Of the twenty-one planets, one is known to NASA: don't you think?"),
    ("espeak", "en-us", "en", "All of the twenty-one, in the box, are yours."),
]

# Its voice is 180 MB, the only one here that comes by apt with all it depends on.
FESTIVAL = pytest.param(
    "festival", "nsh", "ru", "Луна́ восходит, и мы «видим» двадцать пять сторон, из-за того.", marks=pytest.mark.slow
)


def say(
    job: BenchJob, engine: str, voice: str, language: str, text: str, *, rate: float = 1.0, pitch: float = 0.0
) -> Speech:
    """One sentence."""
    return voices.find(engine).synthesize(job, text, voice, language=language, rate=rate, pitch=pitch)


@pytest.mark.parametrize(("engine", "voice", "language", "text"), [*OFFLINE, FESTIVAL])
def test_it_speaks_and_says_when(job: BenchJob, engine: str, voice: str, language: str, text: str) -> None:
    """A voice says the sentence, and tells for every word of it, in order, when it sounds."""
    speech = say(job, engine, voice, language, text)
    assert implausible(speech, text, 1.0) is None
    assert speech.words is not None
    assert [word.text for word in speech.words] == text.split()
    edges = [edge for word in speech.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert all(word.end > word.start for word in speech.words)
    assert edges[-1] <= 1000 * speech.samples.size / speech.rate + 1


@pytest.mark.parametrize(("engine", "voice", "language", "text"), OFFLINE)
def test_the_same_sentence_is_the_same_sound(job: BenchJob, engine: str, voice: str, language: str, text: str) -> None:
    """Nothing depends on chance, nor on what was said before."""
    first = say(job, engine, voice, language, text)
    say(job, engine, voice, language, text.partition(" ")[2])
    again = say(job, engine, voice, language, text)
    assert np.array_equal(first.samples, again.samples)
    assert first.words == again.words


@pytest.mark.parametrize(("engine", "voice", "language", "text"), OFFLINE)
def test_rate_means_the_same(job: BenchJob, engine: str, voice: str, language: str, text: str) -> None:
    """A rate of 1.3 is 1.3 times as fast, within 6 %, whoever speaks."""

    def seconds(rate: float) -> float:
        speech = say(job, engine, voice, language, text, rate=rate)
        return trim(speech.samples, speech.rate)[0].size / speech.rate

    assert seconds(1.0) / seconds(1.3) == pytest.approx(1.3, rel=0.06)


def test_pitch_is_semitones(job: BenchJob) -> None:
    """Four semitones up is 2^(4/12) times the pitch, at the same pace."""
    plain, high = (say(job, *OFFLINE[0], pitch=pitch) for pitch in (0.0, 4.0))
    assert plain.samples.size == pytest.approx(high.samples.size, rel=0.005)
    assert 12 * np.log2(_pitch(high) / _pitch(plain)) == pytest.approx(4, abs=0.3)


def _pitch(speech: Speech) -> float:
    """The median of the autocorrelation's highest peak between 60 and 350 Hz."""
    found = []
    window = speech.rate // 20
    for at in range(0, speech.samples.size - window, window):
        piece = speech.samples[at : at + window].astype(float) * np.hanning(window)
        if np.abs(piece).max() > 0.1:
            spectrum = np.abs(np.fft.rfft(piece, 4 * window)) ** 2
            lags = np.fft.irfft(spectrum)[speech.rate // 350 : speech.rate // 60]
            found.append(speech.rate / (speech.rate // 350 + int(lags.argmax())))
    return float(np.median(found))


def test_stress_marks_are_heard(job: BenchJob) -> None:
    """U+0301 moves the stress of a Russian word."""
    castle, lock = (say(job, "rhvoice", "aleksandr-hq", "ru", f"Это {word}.") for word in ("за́мок", "замо́к"))
    assert not np.array_equal(castle.samples, lock.samples)


def test_many_threads_speak_at_once(job: BenchJob) -> None:
    """Threads share the workers, and none gets another's sentence."""
    texts = [f"Это предложение номер {number}." for number in ("один", "два", "три", "четыре")]
    alone = {text: say(job, "rhvoice", "aleksandr-hq", "ru", text).samples for text in texts}
    heard: dict[str, NDArray[np.float32]] = {}

    def speak(text: str, number: int) -> None:
        folder = job.folder / str(number)
        folder.mkdir()
        heard[text] = say(BenchJob(job.step, {}, folder), "rhvoice", "aleksandr-hq", "ru", text).samples

    threads = [threading.Thread(target=speak, args=(text, number)) for number, text in enumerate(texts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(alone[text], heard[text]) for text in texts)


class _Stopped(BenchJob):
    def check(self) -> None:
        raise Cancelled


def test_a_stopped_build_leaves_no_worker(job: BenchJob) -> None:
    """Cancelling kills the process that was speaking, and the next sentence gets a new one."""
    module = "recipes.voices.espeak_worker"
    with pytest.raises(Cancelled):
        workers.ask(
            _Stopped(job.step, {}, job.folder),
            module,
            ("stopped",),
            {"text": "x", "voice": "en-us", "rate": 1, "out": "x"},
        )
    assert not workers._resting[module, ("stopped",)]


def test_a_dying_worker_tells_why(job: BenchJob) -> None:
    """A worker that ends with an exception is a failure with its last words, not a hang."""
    with pytest.raises(ToolFailed, match="no_such_voice"):
        workers.ask(job, "recipes.voices.piper_worker", ("no_such_voice", "model.ort"), {"text": "x"})


def test_a_worker_that_went_away_is_replaced(job: BenchJob) -> None:
    """A worker killed while at rest costs a restart and nothing else."""
    before = say(job, *OFFLINE[0])
    for resting in workers._resting.values():
        for worker in resting:
            os.kill(worker.process.pid, 9)
            worker.process.wait()
    assert np.array_equal(say(job, *OFFLINE[0]).samples, before.samples)


@pytest.mark.parametrize(("wish", "reason"), [
    ({"engine": "nobody", "voice": "x"}, "no voice engine 'nobody'"),
    ({"engine": "piper", "voice": "jo"}, "no voice 'jo'"),
    ({"engine": "rhvoice", "voice": "mikhail"}, "CC-BY-NC-ND-4.0"),
    ({"engine": "piper", "voice": "joe", "language": "ru"}, "speaks en-US, not ru"),
    ({"engine": "espeak", "voice": "en-us", "language": "ru"}, "speaks en-US, not ru"),
    ({"engine": "piper", "voice": "joe", "pitch": 2.0}, "cannot shift pitch"),
    ({"engine": "rhvoice", "voice": "aleksandr-hq", "language": "ru", "rate": 1.8}, "only from 0.5 to 1.53846"),
    ({"engine": "piper", "voice": "joe", "rate": 3.0}, "only from 0.5 to 2"),
    ({"engine": "openai", "voice": "tts-1:marin"}, "no voice 'tts-1:marin'"),
])  # fmt: skip
def test_what_cannot_or_must_not_be_is_refused(wish: dict[str, object], reason: str) -> None:
    """A wish no voice can honour, or no licence allows, is refused before anything is made."""
    full: dict[str, object] = {"language": "en", "rate": 1.0, "pitch": 0.0} | wish
    told = voices.refusal(
        str(full["engine"]), str(full["voice"]), language=str(full["language"]), rate=float(str(full["rate"])),
        pitch=float(str(full["pitch"])),
    )  # fmt: skip
    assert told is not None
    assert reason in told


def test_every_voice_names_its_version_and_licence() -> None:
    """Without network or installation each engine tells its voices, and what a key needs to know of them."""
    for engine in voices.engines():
        found = voices.find(engine)
        for voice in found.voices():
            assert voice.licence
            assert found.version(voice.name)
            refused = voices.refusal(engine, voice.name, language=voice.language, rate=1.0, pitch=0.0)
            assert (refused is None) == voice.commercial


def test_unknown_engines_are_told_with_those_there_are() -> None:
    """Asking for an engine nobody has is an error that lists them."""
    with pytest.raises(StepError) as caught:
        voices.find("nobody")
    assert "rhvoice" in caught.value.hint
