"""Voices: one engine per module, all of them the same to whoever speaks with them.

An engine is found by its entry point in the group `content_factory.voices`; one of your own is a line in the
`pyproject.toml` of your own package. Rate and pitch mean the same in every engine, or the engine refuses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from factory.errors import StepError
from recipes.installed import extensions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

GROUP = "content_factory.voices"
ANY_LANGUAGE = "mul"
"""The language of a voice that speaks them all (ISO 639-2: multiple languages)."""
RATES = (0.5, 2.0)
"""Slowest and fastest pace anybody is asked for, as a factor of the voice's own: past these nothing is understood."""


@dataclass(frozen=True)
class VoiceInfo:
    """One voice of an engine."""

    name: str
    """As a spec writes it after the engine: `aleksandr-hq`."""
    language: str
    """BCP 47, with a region only where the voice has an accent to speak of: `ru`, `en-US`; `mul` speaks any."""
    gender: str
    """`female`, `male`, or nothing where its owner does not say."""
    licence: str
    """SPDX identifier where there is one, else a few words, of the voice and not of the program that speaks it."""
    commercial: bool
    """Whether what it says may be published for money."""
    price: float = 0.0
    """US dollars a million characters, an estimate: docs/voices.md says where each is from, and plans differ."""


@dataclass(frozen=True)
class Word:
    """When a spoken word sounds, in milliseconds from the start of its audio."""

    text: str
    start: int
    end: int
    source: str
    """Who says so: the engine's name for its own times, `dtw` for alignment."""


def timed(words: Iterable[str], spans: Iterable[tuple[float, float]], source: str) -> tuple[Word, ...]:
    """Words with their spans, one for each, which are given in seconds."""
    return tuple(
        Word(word, round(start * 1000), round(end * 1000), source)
        for word, (start, end) in zip(words, spans, strict=True)
    )


@dataclass(frozen=True)
class Speech:
    """One sentence, spoken."""

    samples: NDArray[np.float32]
    """Mono, within ±1."""
    rate: int
    """Samples per second, the engine's own."""
    words: tuple[Word, ...] | None
    """One per whitespace-separated word of the text, in order; None where the engine knows no times."""


class Engine(Protocol):
    """What an engine promises. Instances are made for a moment and hold nothing.

    Derived from, it answers for those that have nothing special to say.
    """

    name: str
    pool: str
    """The resource a `speak` step takes while it runs: `cpu`, or `api:<engine>` for a service."""
    attempts: int
    """How often a sentence is tried when the failure may pass."""
    pitched: bool
    """Whether it can shift pitch by semitones; one that cannot do it exactly does not do it at all."""
    stressed: bool = False
    """Whether it hears a stress marked by U+0301; for one that does not, a spec that marks one is refused."""
    code: tuple[Callable[..., object], ...]
    """Functions whose code decides the sound although no call leads to them, as those of its worker process."""

    def voices(self) -> tuple[VoiceInfo, ...]:
        """All it can speak with, known without the network and without anything installed."""

    def unlisted(self, name: str) -> VoiceInfo | None:
        """A voice it has besides those, such as a clone of one's own; None where it has none of that name."""
        del name  # nothing is known besides
        return None

    def state(self, voice: str) -> str:
        """In a few words for a person, whether it could speak now: `ready`, or what it would need."""
        del voice  # alike for each
        return "ready"

    def rates(self, voice: str) -> tuple[float, float]:
        """Slowest and fastest pace it keeps to exactly, within `RATES`."""
        del voice  # alike for each
        return RATES

    def version(self, voice: str) -> str:
        """What the sound depends on besides our code, for the step's key: versions of the program and its data."""

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak one sentence of words and punctuation (as `recipes.text` prepares it).

        Raises:
            StepError: it cannot, and says what to do about it.
            Transient: it could not this time.
        """


def engines() -> tuple[str, ...]:
    """Names of the engines installed here."""
    return tuple(sorted(point.name for point in extensions(GROUP)))


@cache
def find(engine: str) -> Engine:
    """The engine of that name. Raises StepError, with those there are, for an unknown one."""
    for point in extensions(GROUP).select(name=engine):
        found: Engine = point.load()()
        return found
    raise StepError(f"there is no voice engine {engine!r}", hint=f"engines here: {', '.join(engines())}")


def info(engine: str, voice: str) -> VoiceInfo:
    """What is known of a voice. Raises StepError, with the engine's voices, for one it does not have."""
    known = find(engine).voices()
    for candidate in known:
        if candidate.name == voice:
            return candidate
    if (unlisted := find(engine).unlisted(voice)) is not None:
        return unlisted
    names = ", ".join(sorted(candidate.name for candidate in known))
    raise StepError(f"{engine} has no voice {voice!r}", hint=f"its voices: {names}")


def roster(names: Sequence[str] = (), language: str = "") -> list[tuple[str, VoiceInfo, str]]:
    """(`engine/voice`, what is known of it, whether it could speak now), sorted, of all voices there are.

    `names` narrows it to engines (`rhvoice`) and voices (`rhvoice/anna`), `language` to those that speak it. Raises
    StepError for a name nobody has.
    """
    found: dict[str, tuple[VoiceInfo, str]] = {}
    for name in names or engines():
        engine, _, voice = name.partition("/")
        for known in [info(engine, voice)] if voice else find(engine).voices():
            if not language or _speaks(known, language):
                found[f"{engine}/{known.name}"] = (known, find(engine).state(known.name))
    return [(title, *found[title]) for title in sorted(found)]


def refusal(
    engine: str, voice: str, *, language: str, rate: float, pitch: float, noncommercial: bool = False
) -> str | None:
    """Why this voice must not, or cannot, speak so; None where it can. For checking a spec before anything is made.

    `noncommercial`: a licence that forbids making money with what is said is no reason.
    """
    try:
        found = info(engine, voice)
    except StepError as error:
        return f"{error}; {error.hint}"
    if not found.commercial and not noncommercial:
        return (
            f"{engine}/{voice} is licensed {found.licence}: what it says may not be published for money; if yours is "
            "not, say allow_noncommercial: true"
        )
    if not _speaks(found, language):
        speakers = [other.name for other in find(engine).voices() if _speaks(other, language) and other.commercial]
        advice = (
            f"use {', '.join(f'{engine}/{name}' for name in speakers[:5])}" if speakers else "choose another engine"
        )
        return f"{engine}/{voice} speaks {found.language}, not {language}; {advice}"
    slowest, fastest = find(engine).rates(voice)
    if not slowest <= rate <= fastest:
        return f"{engine}/{voice} cannot speak at a rate of {rate:g}, only from {slowest:g} to {fastest:g}"
    if pitch and not find(engine).pitched:
        return f"{engine} cannot shift pitch by semitones; leave pitch at 0 or choose rhvoice"
    return None


def _speaks(voice: VoiceInfo, language: str) -> bool:
    return voice.language == ANY_LANGUAGE or voice.language.partition("-")[0] == language.partition("-")[0]
