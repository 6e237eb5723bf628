"""whisper-timestamped (Louradour, 2023): free recognition with a time for every word, laid over the known text.

Chosen by `align: whisper-timestamped`, with the extra [whisper]. Its text is used for times alone and never shown.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from recipes import recognition
from recipes.alignment.mapping import lay
from recipes.installed import version as package_version
from recipes.text.pieces import STRESS
from recipes.voices import Word, timed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

SOURCE = "whisper-timestamped"

_one_at_a_time = threading.Lock()  # torch uses all cores for one, and its model is not made for two


def version() -> str:
    """What decides the times, for the step's key; `none` where the extra [whisper] is not installed."""
    try:
        return f"whisper-timestamped {package_version('whisper-timestamped')} {recognition.model()}"
    except PackageNotFoundError:
        return "none"


def align(job: Job, text: str, samples: NDArray[np.float32], rate: int, language: str) -> tuple[Word, ...]:
    """When each whitespace-separated word of `text` sounds in `samples` (mono).

    Raises StepError where the extra is missing.
    """
    words = text.split()
    plain = text.replace(STRESS, "")
    _, heard = recognise(job, samples, rate, language, prompt=plain)
    return timed(words, lay(words, heard, len(samples) / rate), SOURCE)


def recognise(
    job: Job, samples: NDArray[np.float32], rate: int, language: str | None, *, prompt: str | None = None
) -> tuple[str, list[tuple[str, float, float]]]:
    """The language and the words of a sound of any length, with their spans in seconds; None finds the language out.

    Raises StepError where the extra [whisper] is missing.
    """
    import soxr  # noqa: PLC0415  # steps load it when they run

    if version() == "none":
        raise StepError(
            "whisper-timestamped is not installed",
            hint="install the extra [whisper] (5.8 GB with torch): uv run --extra whisper doit …",
        )
    import whisper_timestamped  # noqa: PLC0415  # of the extra [whisper]

    sound = soxr.resample(samples, rate, recognition.RATE) if rate != recognition.RATE else samples
    with _one_at_a_time:
        result = whisper_timestamped.transcribe(
            _model(job),
            sound,
            language=language.partition("-")[0] if language else None,
            initial_prompt=prompt,
            condition_on_previous_text=False,
            beam_size=5,
            best_of=5,
            temperature=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
            verbose=None,
        )
    words = [word for segment in result["segments"] for word in segment["words"]]
    return str(result["language"]), [(word["text"], float(word["start"]), float(word["end"])) for word in words]


def _model(job: Job) -> Any:
    from recipes.recognition.checkpoint import base  # noqa: PLC0415  # numpy

    name = recognition.model()
    return _loaded(str(base(job)) if name == "base" and recognition.installed() else name)


@cache
def _loaded(name: str) -> Any:
    import whisper_timestamped  # noqa: PLC0415  # of the extra [whisper]

    return whisper_timestamped.load_model(name, device="cpu")
