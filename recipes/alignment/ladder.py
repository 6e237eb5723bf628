"""Who says when a word sounds: the voice itself, else the best method there is for its language, else an estimate.

`auto` climbs down: the engine's own times (at most 50 ms off), warping against espeak-ng (p95 under 100 ms), Whisper
held to the text (p95 about 150 ms), and last a share of the length by letters, marked so that QA fails it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from recipes import alignment, recognition
from recipes.alignment import estimate, forced, whisper_timestamped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job
    from recipes.voices import Word

METHODS = ("auto", "dtw", "whisper", "whisper-timestamped")
"""As a spec's `align` names them; all but `auto` are used even where the voice knows its own times."""

_ALIGNERS: dict[str, Any] = {
    "dtw": alignment.align,
    "whisper": forced.align,
    "whisper-timestamped": whisper_timestamped.align,
}


def align(
    job: Job, text: str, samples: NDArray[np.float32], rate: int, language: str, *, method: str
) -> tuple[Word, ...]:
    """When each whitespace-separated word of `text` sounds in `samples` (mono, trimmed), by a method of `METHODS`.

    Raises StepError where a method was asked for by name and cannot do it.
    """
    if method != "auto":
        found: tuple[Word, ...] = _ALIGNERS[method](job, text, samples, rate, language)
        return found
    for rung in (alignment.align, forced.align) if referenced(language) else (forced.align,):
        try:
            return rung(job, text, samples, rate, language)
        except StepError as error:
            job.log("not_aligned", by=rung.__module__, why=str(error))
    return estimate.spread(text, len(samples) / rate)


def version(method: str, language: str) -> str:
    """What decides the times besides our code, for the key of a step that may need a method."""
    if method == "whisper":
        return recognition.version()
    if method == "whisper-timestamped":
        return whisper_timestamped.version()
    # A language espeak-ng has is never timed by Whisper, so installing Whisper must not speak it all again.
    known = method == "dtw" or referenced(language)
    return alignment.version() if known else f"{alignment.version()}, {recognition.version()}"


@cache
def referenced(language: str) -> bool:
    """Whether espeak-ng speaks the language, so that its speech can be warped against."""
    import espeakng_loader  # noqa: PLC0415  # loads nothing, but finds its data

    primary = language.partition("-")[0].lower()
    names = (path.name.lower() for path in Path(espeakng_loader.get_data_path(), "lang").rglob("*") if path.is_file())
    return any(name.partition("-")[0] in {primary, "cmn" if primary == "zh" else primary} for name in names)
