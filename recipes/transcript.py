"""A recording without a script → project.yaml: what is said in it, as blocks to edit.

Heard by whisper-timestamped where the extra [whisper] is installed, else by faster-whisper. A recogniser errs: this is
where a script begins, never what captions show unread.
"""

from __future__ import annotations

import json
import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING

from factory.errors import StepError
from factory.step import File, Job, Json, Output, Step
from factory.target import Target
from recipes import ffmpeg, recognition
from recipes.alignment import whisper_timestamped
from recipes.installed import version
from recipes.text import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

type Heard = tuple[str, float, float]
"""A word and its span in seconds."""

_PAUSE = 0.9  # seconds: a speaker who stops so long begins another thing
_BLOCK = 220  # characters a picture is looked at for
_SENTENCE = 400  # characters: some speech is recognised without a full stop
_KICKER = 5  # words of a block that its picture shows, to begin with
_VOICES = {"ru": "rhvoice/aleksandr-hq", "en": "piper/joe"}
_HEADER = """\
# yaml-language-server: $schema=../../recipes/spec/project.schema.json
#
# Heard in {name} by {by}. Read it and put right what was misheard, then run `doit`.

"""


def target(recording: Path, slug: str, folder: Path) -> Target:
    """The transcript of a sound or video file, as a project called `slug`."""
    return Target(
        kind="transcript",
        name=slug,
        expand=expand,
        folder=folder,
        outputs=("project.yaml",),
        params={"slug": slug, "name": recording.name},
        sources={"recording": recording},
        doc=f"what is said in {recording.name}",
    )


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """One step."""
    step = Step(
        name="transcribe",
        run=transcribe,
        outputs=("project.yaml",),
        params=params,
        inputs={"recording": File(sources["recording"])},
        tools=ffmpeg.tools()
        | {"heard_by": f"{whisper_timestamped.version()}, {recognition.version()}", "pyyaml": version("pyyaml")},
        label=f"listen to {params['name']}",
        kind="script",
    )
    return {"project.yaml": step["project.yaml"]}


def transcribe(job: Job) -> None:
    """Write the project. Raises StepError where neither extra is installed, or nothing is said."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    sound = ffmpeg.media(job.inputs["recording"]).audio
    raw = job.call(ffmpeg.arguments(sound.output("pipe:1", f="f32le", ac=1, ar=recognition.RATE)))
    language, words = _heard(job, np.frombuffer(raw, np.float32))
    if not words:
        raise StepError(f"nobody is heard to speak in {job.params['name']}")
    by = "whisper-timestamped" if whisper_timestamped.version() != "none" else "faster-whisper"
    text = project(str(job.params["slug"]), language, blocks(words, language))
    # Its name is a stranger's, and a comment ends with its line.
    header = _HEADER.format(name=json.dumps(job.params["name"], ensure_ascii=False), by=f"{by} ({recognition.model()})")
    job.output("project.yaml").write_text(header + text, encoding="utf-8")


def blocks(words: Sequence[Heard], language: str) -> list[str]:
    """What is said in each block: whole sentences, as many as a picture is looked at for, up to a long pause."""
    pauses = [0.0, *(after[1] - before[2] for before, after in pairwise(words))]
    said = " ".join(word.strip() for word, _, _ in words)
    found: list[str] = []
    at = 0
    for sentence in (part for whole in sentences.split(said, language) for part in textwrap.wrap(whole, _SENTENCE)):
        first = at
        at += len(sentence.split())
        fresh = not found or pauses[min(first, len(pauses) - 1)] > _PAUSE
        if fresh or len(found[-1]) + 1 + len(sentence) > _BLOCK:
            found.append(sentence)
        else:
            found[-1] += f" {sentence}"
    return found


def project(slug: str, language: str, said: Sequence[str]) -> str:
    """A spec that builds as it is: the words over a moving gradient."""
    import yaml  # noqa: PLC0415  # steps load it when they run

    spec = {
        "extends": "shorts",
        "language": language,
        "voice": _VOICES.get(language, f"edge/{language}"),
        "mode": "minimal_text",
        "videos": [
            {
                "id": "first",
                "title": slug.replace("-", " ").replace("_", " ").capitalize(),
                "blocks": [
                    {"say": text, "show": {"text": " ".join(text.split()[:_KICKER]).rstrip(".,;:—–- ")}}
                    for text in said
                ],
            }
        ],
    }
    written: str = yaml.safe_dump(spec, allow_unicode=True, sort_keys=False, width=100)
    return written


def _heard(job: Job, samples: NDArray[np.float32]) -> tuple[str, list[Heard]]:
    if whisper_timestamped.version() != "none":
        return whisper_timestamped.recognise(job, samples, recognition.RATE, None)
    from recipes.recognition.whisper import dictate  # noqa: PLC0415  # of the extra [qa]

    return dictate(job, samples)
