"""Voices by measure: what a second of speech costs, how exact alignment is, and how loud the master comes out.

    uv run python -m benchmarks.voice

Wall seconds of one sentence after the other on this machine, once each engine is warm; the first sentence of each,
which loads its voice, is told apart. Alignment (dynamic time warping on espeak-ng) is held against the voices' own word
times.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import numpy as np

from factory.step import Step
from recipes import ffmpeg, voices
from recipes.alignment import align
from recipes.audio import music_inputs
from recipes.sound.loudness import measure
from recipes.sound.mixing import mix
from recipes.sound.speaking import speak, trim
from recipes.text import prepare
from tests.workbench import BenchJob, Workbench

CORPUS = Path(__file__).parent / "speech"
CASES = [
    ("rhvoice", "aleksandr-hq", "ru"), ("rhvoice", "anna", "ru"), ("rhvoice", "irina", "ru"),
    ("rhvoice", "elena", "ru"), ("rhvoice", "slt", "en"), ("rhvoice", "bdl", "en"), ("piper", "joe", "en"),
    ("espeak", "en-us", "en"),
]  # fmt: skip


def main() -> None:
    """Measure and print."""
    print("voice                  load s  s per s  words/min  DTW starts: median    p95    max ms  >200 ms")
    with tempfile.TemporaryDirectory(prefix="voice-") as name:
        folder = Path(name)
        job = BenchJob(Step("speak", speak, ("speech.wav",)), {}, folder)
        everything: dict[str, list[float]] = {"ru": [], "en": []}
        for engine, voice, language in CASES:
            everything[language] += report(job, engine, voice, language)
        for language, errors in everything.items():
            print(f"all {language:19}" + " " * 27 + told(errors))
        master(folder)


def report(job: BenchJob, engine: str, voice: str, language: str) -> list[float]:
    """One line of the table; the errors of alignment in milliseconds (none for espeak-ng, which is its reference)."""
    sentences = prepare((CORPUS / f"{language}.txt").read_text("utf-8"), language, {})
    errors: list[float] = []
    took = seconds = warping = 0.0
    words = 0
    began = time.monotonic()
    say(job, engine, voice, language, sentences[0].spoken)
    load = time.monotonic() - began
    for sentence in sentences:
        began = time.monotonic()
        speech = say(job, engine, voice, language, sentence.spoken)
        took += time.monotonic() - began
        samples, cut = trim(speech.samples, speech.rate)
        seconds += samples.size / speech.rate
        words += len(sentence.spoken.split())
        if engine != "espeak":
            began = time.monotonic()
            found = align(job, sentence.spoken, samples, speech.rate, language)
            warping += time.monotonic() - began
            known = speech.words or ()
            errors += [abs(a.start - (b.start - 1000 * cut)) for a, b in zip(found, known, strict=True)]
    line = f"{engine + '/' + voice:22} {load:6.2f}  {took / seconds:7.3f}  {words / seconds * 60:9.0f}"
    print(line + (f"            {told(errors)}  ({warping / seconds:.3f} s per s)" if errors else ""))
    return errors


def say(job: BenchJob, engine: str, voice: str, language: str, text: str) -> voices.Speech:
    """One sentence at the voice's own pace."""
    return voices.find(engine).synthesize(job, text, voice, language=language, rate=1.0, pitch=0.0)


def told(errors: list[float]) -> str:
    """Median, 95th percentile, maximum and the share past 200 ms."""
    share = np.mean(np.array(errors) > 200) * 100
    return f"{np.median(errors):8.0f} {np.percentile(errors, 95):6.0f} {max(errors):6.0f}     {share:4.2f} %"


def master(folder: Path) -> None:
    """The Russian corpus as one block under music: seconds of mixing, and what was reached."""
    bench = Workbench(folder / "bench")
    roles, inputs = [], {}
    for number, sentence in enumerate(prepare((CORPUS / "ru.txt").read_text("utf-8"), "ru", {})):
        params = {"text": sentence.spoken, "engine": "rhvoice", "voice": "aleksandr-hq", "language": "ru"}
        step = Step("speak", speak, ("speech.wav", "words.json"), params | {"rate": 1.0, "pitch": 0.0, "align": "auto"})
        roles.append(f"speech-{number:02d}")
        inputs[roles[-1]] = step["speech.wav"]
        bench.make(step["speech.wav"])
    music = next(Path("projects/demo/music").glob("*.ogg"))
    for bed in (None, {"gain": -16.0, "duck": 8.0, "fade": 1.5}):
        block = {"speech": roles, "voice": "rhvoice/aleksandr-hq", "volume": 0, "pause_ms": 300}
        block |= {"silences_ms": [0] * len(roles), "emphasised": [[]] * len(roles)}
        step = Step(
            "mix", mix, ("audio.wav",), {"fps": [30, 1], "music": bed, "blocks": [json.loads(json.dumps(block))]},
            inputs=inputs | (music_inputs(music) if bed else {}),
        )  # fmt: skip
        began = time.monotonic()
        made = bench.make(step["audio.wav"])
        took = time.monotonic() - began
        loudness = measure(BenchJob(step, {}, folder), ffmpeg.own(made))
        seconds = made.stat().st_size / 4 / 48000
        print(
            f"mix {'with music' if bed else 'of speech'}: {took:.2f} s for {seconds:.0f} s of sound, "
            f"{loudness.integrated:.2f} LUFS, {loudness.peak:.2f} dBTP"
        )


if __name__ == "__main__":
    main()
