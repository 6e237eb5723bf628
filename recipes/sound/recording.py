"""A person's own recording, of a block or of a whole video, in the place of a voice: kept with its breaths and pace."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from factory.step import File, Input, Step
from recipes import ffmpeg, recognition
from recipes.alignment import ladder
from recipes.sound.cutting import cut, hear
from recipes.sound.speaking import deliver, implausible, trim
from recipes.sound.timeline import SAMPLE_RATE
from recipes.voices import Speech, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

VOICE = "recording"
"""What words.json calls the voice of a recorded block."""
LONGEST_SECONDS = 30
"""Alignment compares every moment of the recording with every moment of the text; a minute would take a gigabyte."""


def of_block(file: Path, block: str, sentences: Sequence[str], language: str, align: str) -> Step:
    """The step that takes a block from a file in which somebody says it, and nothing else."""
    return _take({"recording": File(file)}, block, sentences, language, align)


def of_video(file: Path, blocks: Mapping[str, Sequence[str]], language: str, align: str) -> dict[str, Step]:
    """The steps that take each block (id → its sentences) from a file in which somebody says them all in this order.

    Each depends on its own piece of the recording alone: another text or another take of one block moves no other.
    """
    heard = Step(
        name="hear_recording",
        run=hear,
        outputs=("heard.json",),
        params={"language": language},
        inputs={"recording": File(file)},
        tools=ffmpeg.tools() | {"whisper": recognition.version()},
        label="listen to the recording",
        kind="speech",
    )
    pieces = Step(
        name="cut_recording",
        run=cut,
        outputs=tuple(f"{number:04d}.{kind}" for number in range(len(blocks)) for kind in ("wav", "json")),
        params={
            "language": language,
            "blocks": [{"id": block, "sentences": list(sentences)} for block, sentences in blocks.items()],
        },
        inputs={"recording": File(file), "heard": heard["heard.json"]},
        tools=ffmpeg.tools(),
        label="the recording, block by block",
        kind="speech",
    )
    return {
        block: _take(
            {"recording": pieces[f"{number:04d}.wav"], "cuts": pieces[f"{number:04d}.json"]},
            block,
            sentences,
            language,
            align,
        )
        for number, (block, sentences) in enumerate(blocks.items())
    }


def _take(inputs: Mapping[str, Input], block: str, sentences: Sequence[str], language: str, align: str) -> Step:
    return Step(
        name="take_recording",
        run=take,
        outputs=("speech.wav", "words.json"),
        params={"sentences": list(sentences), "language": language, "align": align},
        inputs=inputs,
        tools=ffmpeg.tools() | {"alignment": ladder.version(align, language)},
        label=f"the recording of block {block}",
        kind="speech",
    )


def take(job: Job) -> None:
    """Write `speech.wav` (mono, 48 kHz, trimmed) and `words.json`, one entry per spoken word of the block.

    Raises StepError where the recording cannot be of that text.
    """
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    params: Any = job.params
    text = " ".join(params["sentences"])
    whole = "cuts" not in job.inputs
    raw = job.folder / "recording.f32"
    heard = ffmpeg.media(job.inputs["recording"], **({"t": LONGEST_SECONDS + 1} if whole else {})).audio
    job.call(ffmpeg.arguments(heard.output(str(raw), f="f32le", ac=1, ar=SAMPLE_RATE)))
    samples = np.fromfile(raw, np.float32)
    raw.unlink()
    if whole and samples.size > LONGEST_SECONDS * SAMPLE_RATE:
        raise StepError(
            f"a block's recording may last {LONGEST_SECONDS} s, and this one lasts longer",
            hint="cut it in two, and the block with it; or give the video one recording of all its blocks",
        )
    if reason := implausible(Speech(samples, SAMPLE_RATE, None), text, 1.0):
        raise StepError(f"the recording is not of “{text[:60]}”: {reason}", hint="is it the right file for the block?")
    samples, shift = trim(samples, SAMPLE_RATE)
    cuts = [] if whole else json.loads(job.inputs["cuts"].read_text("utf-8"))
    words = _timed(job, samples, [cut / 1000 - shift for cut in cuts])
    deliver(job, samples, SAMPLE_RATE, words, 0.0)


def _timed(job: Job, samples: NDArray[np.float32], cuts: Sequence[float]) -> tuple[Word, ...]:
    """The words of all sentences, each aligned in its own stretch of the sound, between two of the `cuts` (seconds)."""
    params: Any = job.params
    texts = params["sentences"] if cuts else [" ".join(params["sentences"])]
    edges = [0, *(min(max(0, round(cut * SAMPLE_RATE)), samples.size) for cut in cuts), samples.size]
    words: list[Word] = []
    for text, (start, end) in zip(texts, pairwise(edges), strict=True):
        own, shift = trim(samples[start:end], SAMPLE_RATE)
        late = round(start * 1000 / SAMPLE_RATE + shift * 1000)
        found = ladder.align(job, text, own, SAMPLE_RATE, params["language"], method=params["align"])
        words += [replace(word, start=word.start + late, end=word.end + late) for word in found]
    return tuple(words)
