"""edge-tts, the real client, against a double of its service with its real troubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factory.errors import Transient
from recipes import voices
from recipes.sound.speaking import implausible
from recipes.voices import edge
from tests.recipes.voices.edge_double import EdgeDouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from recipes.voices import Speech
    from tests.workbench import BenchJob

TEXT = "Every night, the Moon rises over the hills."
VOICE = "en-US-AriaNeural"


@pytest.fixture
def spoken(job: BenchJob) -> Speech:
    """What the double says."""
    return voices.find("espeak").synthesize(job, TEXT, "en-us", language="en", rate=1.0, pitch=0.0)


@pytest.fixture
def listen(job: BenchJob, spoken: Speech, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Speech]:
    """Speak through a double with these faults."""

    def speak(*faults: str, rate: float = 1.0, double: list[EdgeDouble] | None = None) -> Speech:
        with EdgeDouble(spoken, faults) as service:
            if double is not None:
                double.append(service)
            monkeypatch.setattr("edge_tts.communicate.WSS_URL", service.url)
            return edge.Edge().synthesize(job, TEXT, VOICE, language="en", rate=rate, pitch=0.0)

    return speak


def test_word_boundaries_are_asked_for_and_kept(listen: Callable[..., Speech], spoken: Speech) -> None:
    """The service's own word times are used, to the millisecond, and the sound is as long as it was made."""
    heard = listen()
    assert [(word.text, word.start, word.end) for word in heard.words or ()] == [
        (word.text, word.start, word.end) for word in spoken.words or ()
    ]
    assert {word.source for word in heard.words or ()} == {"edge"}
    assert heard.samples.size / heard.rate == pytest.approx(spoken.samples.size / spoken.rate, abs=0.15)


def test_rate_is_the_same_factor_as_everywhere(listen: Callable[..., Speech]) -> None:
    """A rate of 1.25 is +25 % to the service."""
    double: list[EdgeDouble] = []
    listen(rate=1.25, double=double)
    assert "rate='+25%'" in double[0].asked[0]


@pytest.mark.parametrize("fault", ["403", "429", "503"])
def test_a_refusal_may_pass(listen: Callable[..., Speech], fault: str) -> None:
    """Being refused is worth another try, after as long as the service asked for."""
    with pytest.raises(Transient, match=fault) as caught:
        listen(fault, fault)
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("fault", ["empty", "page"])
def test_broken_answers_may_pass(listen: Callable[..., Speech], fault: str) -> None:
    """No audio, or an error page in place of it, is a failure to try again and never a sound."""
    with pytest.raises(Transient):
        listen(fault)


def test_a_silent_service_is_given_up(listen: Callable[..., Speech], monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection on which nothing comes any more ends as a failure that may pass."""
    monkeypatch.setattr(edge, "SILENT_SECONDS", 0.5)
    with pytest.raises(Transient):
        listen("hang")


@pytest.mark.parametrize("fault", ["drop", "truncated"])
def test_half_an_answer_is_noticed(listen: Callable[..., Speech], fault: str) -> None:
    """Sound too short for its text, because the socket died or the end is missing, does not count as speech."""
    assert "too short" in str(implausible(listen(fault), TEXT, 1.0))


def test_missing_boundaries_are_left_to_alignment(listen: Callable[..., Speech]) -> None:
    """Where the service tells no times, none are made up."""
    assert listen("unmarked").words is None


def test_no_network_may_pass(job: BenchJob, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that cannot be reached is worth another try."""
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", "ws://127.0.0.1:9/edge?x=1")
    with pytest.raises(Transient, match="did not get through"):
        edge.Edge().synthesize(job, TEXT, VOICE, language="en", rate=1.0, pitch=0.0)
