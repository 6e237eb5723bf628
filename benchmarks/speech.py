"""Is it said right, and do we know when? Voices, text and aligners against our own two hundred lines.

    uv run python -m benchmarks.speech [text | ENGINE/VOICE ...]

Text: lines whose spoken form is not the one expected, by kind; those of `unseen-*.yaml` were written after the rules.
Voices: word error as Whisper base hears them, with the line in mind ("primed") and freely. Aligners: starts of words
against the voice's own times. Costs are seconds of one core's work for a second of speech, one line after the other.
Last, unless voices are named, how long the speech of a ten-minute script takes (`benchmarks.narration`).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soxr
import yaml

from benchmarks import narration
from factory.step import Step
from recipes import alignment, voices
from recipes.alignment import forced, whisper_timestamped
from recipes.recognition import RATE
from recipes.recognition.comparing import Errors, compare
from recipes.recognition.whisper import Clip
from recipes.sound.speaking import trim
from recipes.text import Sentence, prepare
from recipes.text.pieces import plain
from tests.workbench import BenchJob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CORPUS = Path(__file__).parent / "corpus"
VOICES = ("rhvoice/aleksandr-hq", "rhvoice/anna", "piper/joe", "rhvoice/slt", "kokoro/af_heart")


def main(names: Sequence[str]) -> None:
    """Measure and print."""
    for name in ("ru", "en", "unseen-ru", "unseen-en"):
        normalisation(name)
    if names == ["text"]:
        return
    print("\nvoice                 primed WER  plain WER  plain CER   s per s: speech  hearing")
    with tempfile.TemporaryDirectory(prefix="speech-") as folder:
        job = BenchJob(Step("speak", print, ("speech.wav",)), {}, Path(folder))
        starts: dict[tuple[str, str], list[float]] = defaultdict(list)
        costs: dict[str, list[float]] = defaultdict(list)
        for name in names:
            report(job, name, starts, costs)
    print("\nword starts against the voice's own times, ms       words  median    p95    max  >200 ms  s per s")
    for method in dict.fromkeys(method for method, _ in starts):
        for name in (*names, "all"):
            errors = [
                error for (by, of), some in starts.items() if by == method and name in {of, "all"} for error in some
            ]
            sizes = np.abs(errors)
            print(
                f"{method:20} {name:28} {len(errors):7}  {np.median(sizes):6.0f} {np.percentile(sizes, 95):6.0f} "
                f"{sizes.max():6.0f}   {(sizes > 200).mean():6.2%}  {np.mean(costs[method]):11.3f}"
            )
    if names == VOICES:
        narration.main(narration.FAST)


def lines(corpus: str) -> Iterator[tuple[str, str, list[str]]]:
    """Kind, text and accepted spoken forms (none: as written) of every line of a corpus."""
    for group in yaml.safe_load((CORPUS / f"{corpus}.yaml").read_text("utf-8")):
        for line in group["lines"]:
            spoken = line.get("spoken", [])
            yield group["kind"], line["text"], [spoken] if isinstance(spoken, str) else spoken


def normalisation(corpus: str) -> None:
    """Lines read otherwise than expected, by kind, and what they were read as."""
    wrong: dict[str, list[str]] = defaultdict(list)
    totals: dict[str, int] = defaultdict(int)
    language = corpus[-2:]
    for kind, text, accepted in lines(corpus):
        totals[kind] += 1
        said = [word for sentence in prepare(text, language, {}) for token in sentence.tokens for word in token.spoken]
        if accepted and _plain(" ".join(said)) not in map(_plain, accepted):
            wrong[kind].append(f"{text} → {' '.join(said)}")
    told = ", ".join(f"{kind} {len(wrong[kind])} of {total}" for kind, total in totals.items())
    print(f"{corpus}: lines read wrong: {told}")
    for kind in totals:
        for line in wrong[kind]:
            print(f"    {kind}: {line}")


def report(job: BenchJob, name: str, starts: dict[tuple[str, str], list[float]], costs: dict[str, list[float]]) -> None:
    """One voice: a line of the table; the errors and costs of aligners are added to those given."""
    engine, _, voice = name.partition("/")
    language = voices.info(engine, voice).language.partition("-")[0]
    primed, free = Errors(0, 0, 0, 0), Errors(0, 0, 0, 0)
    seconds = speaking = hearing = 0.0
    for sentence in _sentences(language):
        began = time.perf_counter()
        speech = voices.find(engine).synthesize(job, sentence.spoken, voice, language=language, rate=1.0, pitch=0.0)
        speaking += time.perf_counter() - began
        samples, cut = trim(speech.samples, speech.rate)
        seconds += len(samples) / speech.rate
        began = time.perf_counter()
        clip = Clip(job, np.pad(soxr.resample(samples, speech.rate, RATE), RATE // 5), language)
        primed += compare(sentence.spoken, clip.text(sentence.spoken), language)
        free += compare(sentence.spoken, clip.text(), language)
        hearing += time.perf_counter() - began
        for method, align in _aligners().items():
            began = time.perf_counter()
            found = align(job, sentence.spoken, samples, speech.rate, language)
            costs[method].append((time.perf_counter() - began) / (len(samples) / speech.rate))
            truth = [word.start - 1000 * cut for word in speech.words or ()]
            starts[method, name] += [ours.start - known for ours, known in zip(found, truth, strict=True)]
    print(
        f"{name:20} {primed.wer:10.1%} {free.wer:10.1%} {free.cer:10.1%}   "
        f"{speaking / seconds:19.3f} {hearing / seconds:8.3f}"
    )


def _sentences(language: str) -> Iterator[Sentence]:
    for _, text, _ in lines(language):
        yield from prepare(text, language, {})


def _aligners() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {"dtw": alignment.align, "whisper": forced.align}
    if whisper_timestamped.version() != "none":
        found["whisper-timestamped"] = whisper_timestamped.align
    return found


def _plain(text: str) -> str:
    return " ".join(plain(word) for word in text.replace("-", " ").split())


if __name__ == "__main__":
    main(sys.argv[1:] or VOICES)
