"""Word times for a voice that tells none: the known text is spoken by espeak-ng, and time is warped between the two.

No model and no weights: espeak-ng knows exactly when it says each word, and dynamic time warping (Sakoe and Chiba,
1978) finds where the other voice says the same sounds. Text is never recognised, so it can never be wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recipes.installed import version as package_version
from recipes.text.pieces import STRESS
from recipes.voices import Word, timed
from recipes.voices.espeak import Espeak

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

SOURCE = "dtw"
# Of the wheel's espeak-ng, which has more languages than the engine offers as voices.
_REFERENCES = {"en": "en-us", "pt": "pt-br", "zh": "cmn"}
# Variants of its voice, a man's and a woman's: whichever is more like the voice that is timed is warped against.
_VARIANTS = ("", "+f2")


def version() -> str:
    """What decides the times besides our code, for the step's key."""
    return f"espeakng-loader {package_version('espeakng-loader')}"


def align(job: Job, text: str, samples: NDArray[np.float32], rate: int, language: str) -> tuple[Word, ...]:
    """When each whitespace-separated word of `text` sounds in `samples` (mono, trimmed to the speech).

    Raises StepError where espeak-ng does not know the language.
    """
    from recipes.alignment.sounds import describe  # noqa: PLC0415  # numpy
    from recipes.alignment.warping import carry  # noqa: PLC0415

    primary = language.partition("-")[0]
    name = _REFERENCES.get(primary, primary)
    heard = describe(samples, rate)
    words = text.split()
    breaks = [not word[-1].isalnum() and word[-1] != STRESS for word in words[:-1]]
    carried = []
    for variant in _VARIANTS:
        said = Espeak().synthesize(job, text, name + variant, language=language, rate=1.0, pitch=0.0)
        known = [(word.start / 1000, word.end / 1000) for word in said.words or ()]
        carried.append(carry(describe(said.samples, said.rate), heard, known, breaks))
    return timed(words, min(carried)[1], SOURCE)
