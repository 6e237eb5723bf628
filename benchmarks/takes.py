"""Where a recording of a whole video is cut, against where its blocks really part: `python -m benchmarks.takes`.

The corpus is spoken by an offline voice with pauses of 0.2 to 1.4 s and a little noise, and compressed. Then each
sentence in turn is taken out of what was heard, as if nobody had said it.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from factory.errors import StepError
from factory.step import Output, Step
from recipes import ffmpeg, voices
from recipes.recognition.comparing import wording
from recipes.sound import cutting, recording, waves
from recipes.sound.speaking import KEPT_AFTER, KEPT_BEFORE, trim
from recipes.text import prepare
from tests.workbench import BenchJob, Workbench

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPUS = Path(__file__).parent / "corpus"
RUNS = (("ru", "rhvoice", "anna", "mp3", 4), ("en", "piper", "joe", "m4a", 3))


def main() -> None:
    """A line for each language."""
    for language, engine, voice, kind, lines in RUNS:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), language, (engine, voice), kind, lines)


def measure(folder: Path, language: str, voice: tuple[str, str], kind: str, lines: int) -> None:
    """Record, cut and compare."""
    groups = yaml.safe_load((CORPUS / f"{language}.yaml").read_text("utf-8"))
    texts = [line["text"] for group in groups for line in group["lines"]]
    blocks = {
        f"{number:02d}": [sentence.spoken for text in said for sentence in prepare(text, language, {})]
        for number, said in enumerate(batched(texts, lines))
    }
    truth = record(folder / f"take.{kind}", list(blocks.values()), language, voice)
    bench = Workbench(folder / "bench")
    piece = recording.of_video(folder / f"take.{kind}", blocks, language, "auto")["00"].inputs["recording"]
    assert isinstance(piece, Output)
    heard = piece.step.inputs["heard"]
    assert isinstance(heard, Output)
    began = time.monotonic()
    words = json.loads(bench.make(heard).read_text("utf-8"))
    took = time.monotonic() - began
    bench.make(piece)
    job = BenchJob(piece.step, {}, folder)
    decoded = ffmpeg.own(folder / f"take.{kind}").audio.output("pipe:1", f="s16le", ac=1, ar=48_000)
    whole = job.call(ffmpeg.arguments(decoded))
    at, errors = 0, []
    for number, (start, end) in enumerate(truth):
        samples, rate = waves.read(bench.make(piece.step[f"{number:04d}.wav"]))
        head = np.round(samples[:4000] * 32768).astype("<i2").tobytes()
        at = whole.find(head, at)
        spoken, shift = trim(samples, rate)
        begins = at / 2 / rate + shift
        errors += [begins + KEPT_BEFORE - start, begins + spoken.size / rate - KEPT_AFTER - end]
    off = np.abs(errors) * 1000
    noticed = missed(blocks, words, language)
    print(
        f"{language}: {len(whole) / 96_000:.0f} s, {len(blocks)} blocks; boundaries off by {np.median(off):.0f} ms, "
        f"at most {off.max():.0f}; heard in {took:.0f} s; sentences left out and noticed: {noticed}"
    )


def record(
    file: Path, blocks: Sequence[Sequence[str]], language: str, voice: tuple[str, str]
) -> list[tuple[float, float]]:
    """Say the blocks; from when to when each of them sounds, in seconds."""
    rng = random.Random(7)  # noqa: S311  # pauses, not secrets
    job = BenchJob(Step("speak", print, ("speech.wav",)), {}, file.parent)
    engine = voices.find(voice[0])
    pieces: list[Any] = []
    spans = []
    at, rate = 0, 0
    for block in blocks:
        edges = []
        for index, sentence in enumerate(block):
            speech = engine.synthesize(job, sentence, voice[1], language=language, rate=1.0, pitch=0.0)
            samples, rate = trim(speech.samples, speech.rate)[0], speech.rate
            silence = np.zeros(
                int(rate * (rng.uniform(0.2, 0.6) + (0 if index else rng.uniform(0.1, 0.8)))), np.float32
            )
            edges += [at + len(silence), at + len(silence) + len(samples)]
            at = edges[-1]
            pieces += [silence, samples]
        spans.append((edges[0] / rate + KEPT_BEFORE, edges[-1] / rate - KEPT_AFTER))
    whole = np.concatenate([*pieces, np.zeros(rate, np.float32)])
    whole += np.random.default_rng(1).normal(0, 10 ** (-55 / 20), len(whole)).astype(np.float32)
    waves.write(file.with_suffix(".wav"), whole, rate)
    job.call(ffmpeg.arguments(ffmpeg.own(file.with_suffix(".wav")).audio.output(str(file))))
    return spans


def missed(blocks: dict[str, list[str]], words: list[Any], language: str) -> str:
    """How often a sentence that is not in what was heard is named, of all of them."""
    sentences = [
        cutting.Sentence(block, text, wording(text, language)) for block, said in blocks.items() for text in said
    ]
    heard = list(cutting.worded(words, language))
    noticed = 0
    spans = cutting.find(sentences, heard)
    for sentence, (first, last) in zip(sentences, spans, strict=True):
        left = [word for word in heard if word[2] <= first[0] or word[1] >= last[1]]
        try:
            cutting.find(sentences, left)
        except StepError as error:
            noticed += sentence.text[:20] in str(error)
    return f"{noticed} of {len(sentences)}"


if __name__ == "__main__":
    main()
