"""espeak-ng: small, exact, and a robot. The reference that other voices are timed by, and the last resort for English.

It has no Russian voice here: seven of ten Russian words it says are not understood (70 % word error measured with
Whisper base), which no video should be made with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory.errors import StepError
from recipes.installed import version
from recipes.voices import Engine, Speech, VoiceInfo, espeak_worker, timed, workers

if TYPE_CHECKING:
    from factory.step import Job

_GPL_VOICE = "GPL-3.0-or-later (the program; what it says is yours)"


class Espeak(Engine):
    """Entry point `espeak`."""

    name = "espeak"
    pool = "cpu"
    attempts = 1
    pitched = False
    code = (espeak_worker.main,)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """English, in its two accents."""
        return (
            VoiceInfo("en-us", "en-US", "male", _GPL_VOICE, commercial=True),
            VoiceInfo("en-gb", "en-GB", "male", _GPL_VOICE, commercial=True),
        )

    def version(self, voice: str) -> str:
        """Of the wheel that holds espeak-ng and its data."""
        return f"espeakng-loader {version('espeakng-loader')} {voice}"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak; any voice espeak-ng has is spoken with, so that alignment may ask for any language."""
        del language, pitch  # of the voice, and refused
        import numpy as np  # noqa: PLC0415  # not needed to list voices

        out = job.folder / "espeak.raw"
        # What espeak-ng says depends a little on what it said before: its filters and its dice are never reset.
        reply = workers.ask_once(
            job, espeak_worker.__name__, {"text": text, "voice": voice, "rate": rate, "out": str(out)}
        )
        samples = np.fromfile(out, np.int16).astype(np.float32) / np.float32(32768)
        out.unlink()
        if not samples.size:
            raise StepError(f"espeak-ng said nothing for {text!r}")
        return Speech(samples, int(reply["rate"]), timed(text.split(), reply["words"], self.name))
