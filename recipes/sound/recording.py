"""A person's own recording of a block, in the place of a voice: kept whole, with its breaths and its pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from recipes import ffmpeg
from recipes.sound.speaking import deliver, implausible, trim
from recipes.sound.timeline import SAMPLE_RATE
from recipes.voices import Speech

if TYPE_CHECKING:
    from factory.step import Job

VOICE = "recording"
"""What words.json calls the voice of a recorded block."""
LONGEST_SECONDS = 30
"""Alignment compares every moment of the recording with every moment of the text; a minute would take a gigabyte."""


def take(job: Job) -> None:
    """Write `speech.wav` (mono, 48 kHz, trimmed) and `words.json`, one entry per spoken word of the block.

    Raises StepError where the recording cannot be of that text.
    """
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    from recipes.alignment.ladder import align  # noqa: PLC0415

    params: Any = job.params
    text = params["text"]
    raw = job.folder / "recording.f32"
    heard = ffmpeg.media(job.inputs["recording"], t=LONGEST_SECONDS + 1).audio
    job.call(ffmpeg.arguments(heard.output(str(raw), f="f32le", ac=1, ar=SAMPLE_RATE)))
    samples = np.fromfile(raw, np.float32)
    raw.unlink()
    if samples.size > LONGEST_SECONDS * SAMPLE_RATE:
        raise StepError(
            f"a recording may last {LONGEST_SECONDS} s, and this one lasts longer",
            hint="cut it in two, and the block with it",
        )
    if reason := implausible(Speech(samples, SAMPLE_RATE, None), text, 1.0):
        raise StepError(f"the recording is not of “{text[:60]}”: {reason}", hint="is it the right file for the block?")
    samples, _ = trim(samples, SAMPLE_RATE)
    words = align(job, text, samples, SAMPLE_RATE, params["language"], method=params["align"])
    deliver(job, samples, SAMPLE_RATE, words, 0.0)
