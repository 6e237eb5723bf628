"""One sentence: spoken, checked, trimmed and timed."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from factory.errors import StepError, Transient
from recipes import voices
from recipes.sound import waves
from recipes.voices import Word, breaker

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job
    from recipes.voices import Engine, Speech

_QUIET_DB = -45.0  # below the loudest 10 ms: silence between words, or the noise of a voice's vocoder
KEPT_BEFORE, KEPT_AFTER = 0.03, 0.08
"""Seconds of silence left around speech, so that no consonant and no reverb is cut."""
_SILENT = 0.003  # of full scale, −50 dBFS
_CLIPPED = 0.001  # share of samples at full scale that is more than an accident
# Characters a second at rate 1: narration has 12 to 18. Outside these, words are missing or something else was said.
_SLOWEST, _FASTEST = 4.0, 35.0
_ALLOWANCE = 1.5  # seconds: a single word may be drawn out


def speak(job: Job) -> None:
    """Write `speech.wav` (mono, 16 bit, trimmed) and `words.json`, one entry per spoken word.

    Raises StepError (Transient for a service) where what came back cannot be the sentence.
    """
    params: Any = job.params
    engine = voices.find(params["engine"])
    remote = engine.pool.startswith("api:")
    with breaker.guarded(engine.name) if remote else nullcontext():
        spoken = engine.synthesize(
            job,
            params["text"],
            params["voice"],
            language=params["language"],
            rate=params["rate"],
            pitch=params["pitch"],
        )
        if reason := implausible(spoken, params["text"], params["rate"]):
            failure = Transient if remote else StepError
            raise failure(f"{params['engine']}/{params['voice']} did not speak “{params['text'][:60]}”: {reason}")
    samples, shift = trim(spoken.samples, spoken.rate)
    words = spoken.words if params["align"] == "auto" else None
    if words is None:
        from recipes.alignment.ladder import align  # noqa: PLC0415  # only for voices without times of their own

        found = align(job, params["text"], samples, spoken.rate, params["language"], method=params["align"])
        words, shift = found, 0.0
    deliver(job, samples, spoken.rate, words, shift)


def deliver(job: Job, samples: NDArray[np.float32], rate: int, words: tuple[Word, ...], shift: float) -> None:
    """Write `speech.wav` and `words.json`, whose times count from `shift` seconds after those of `words`."""
    waves.write(job.output("speech.wav"), samples, rate)
    timed = [vars(word) for word in settle(words, shift, len(samples) / rate)]
    job.output("words.json").write_text(json.dumps(timed, ensure_ascii=False, sort_keys=True, indent=1) + "\n", "utf-8")


def implausible(speech: Speech, text: str, rate: float) -> str | None:
    """What is wrong with the sound of a sentence, by measure; None where nothing is."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    size = np.abs(speech.samples)
    if not size.size or float(size.max()) < _SILENT:
        return "it is silent"
    if not np.isfinite(size).all():
        return "it holds samples that are no numbers"
    if float((size >= 0.999).mean()) > _CLIPPED:  # noqa: PLR2004  # full scale of 16 bits, and a little
        return "it is clipped"
    seconds, letters = trim(speech.samples, speech.rate)[0].size / speech.rate * rate, sum(map(str.isalnum, text))
    if seconds < letters / _FASTEST:
        return f"{seconds:.1f} s are too short for {letters} letters"
    if seconds > letters / _SLOWEST + _ALLOWANCE:
        return f"{seconds:.1f} s are too long for {letters} letters"
    return None


def trim(samples: NDArray[np.float32], rate: int) -> tuple[NDArray[np.float32], float]:
    """Cut the silence around speech to what belongs to it; also the seconds cut from the start."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    hop = rate // 100
    padded = np.pad(samples, (0, -len(samples) % hop)).reshape(-1, hop)
    loudness = np.sqrt((padded.astype(np.float64) ** 2).mean(axis=1))
    heard = np.flatnonzero(loudness > loudness.max() * 10 ** (_QUIET_DB / 20))
    if not heard.size:
        return samples, 0.0
    start = max(0, int(heard[0]) * hop - round(KEPT_BEFORE * rate))
    end = min(len(samples), (int(heard[-1]) + 1) * hop + round(KEPT_AFTER * rate))
    return samples[start:end], start / rate


def settle(words: tuple[Word, ...], shift: float, seconds: float) -> list[Word]:
    """Word times after cutting `shift` seconds, in order, each at least a millisecond long and inside the sound."""
    last = round(seconds * 1000)
    settled = []
    reached = 0
    for index, word in enumerate(words):
        room = last - (len(words) - 1 - index)  # the words still to come need a millisecond each
        start = min(max(word.start - round(shift * 1000), reached), room - 1)
        reached = min(max(word.end - round(shift * 1000), start + 1), room)
        settled.append(Word(word.text, start, reached, word.source))
    return settled


def sources(engine: Engine) -> tuple[Any, ...]:
    """What of an engine's code decides the sound, for `Step.uses`."""
    return (type(engine), *engine.code)
