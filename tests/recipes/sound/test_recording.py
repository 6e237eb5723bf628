"""A recording of a whole video, made of a real voice so that every boundary in it is known, cut into its blocks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from factory.errors import StepError
from factory.step import File, Output, Step
from factory.target import Target
from recipes import audio, ffmpeg, voices
from recipes.sound import recording, waves
from recipes.sound.speaking import trim
from tests.recipes.sound.test_audio import script
from tests.workbench import BenchJob, Workbench

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ENGLISH = [
    ["Honey can outlast an empire.", "Here is why nothing grows in it."],
    ["It holds about seventeen percent water, so microbes dry out."],
    ["Archaeologists opened a jar in Egypt.", "It was three thousand years old."],
]
RUSSIAN = [
    ["Луна всегда смотрит на нас одной стороной.", "Обратную сторону люди увидели только из космоса."],
    ["Один оборот вокруг оси длится двадцать семь суток."],
    ["Столько же длится и оборот вокруг Земли."],
]
VOICES = {"en": ("piper", "joe"), "ru": ("rhvoice", "anna")}


def record(
    folder: Path, blocks: Sequence[Sequence[str]], language: str, name: str = "take.m4a"
) -> list[tuple[float, float]]:
    """Somebody says the blocks with pauses between; from when to when each of them sounds, in seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    job = BenchJob(Step("speak", print, ("speech.wav",)), {}, folder)
    engine, voice = VOICES[language]
    pieces: list[Any] = []
    spans = []
    at, rate = 0, 0
    for number, block in enumerate(blocks):
        start = 0
        for index, sentence in enumerate(block):
            speech = voices.find(engine).synthesize(job, sentence, voice, language=language, rate=1.0, pitch=0.0)
            rate = speech.rate
            silence = np.zeros(int(rate * ((0.6 + 0.2 * number) if not index else 0.2)), np.float32)
            samples = trim(speech.samples, rate)[0]
            pieces += [silence, samples]
            start = start or at + len(silence)
            at += len(silence) + len(samples)
        spans.append((start / rate + 0.03, at / rate - 0.08))
    waves.write(folder / "take.wav", np.concatenate([*pieces, np.zeros(rate, np.float32)]), rate)
    if name != "take.wav":
        job.call(ffmpeg.arguments(ffmpeg.own(folder / "take.wav").audio.output(str(folder / name))))
    return spans


def recorded(folder: Path, blocks: Sequence[Sequence[str]], language: str, name: str = "take.m4a") -> Target:
    """The sound of a video whose blocks are all in the recording."""
    content = script([" ".join(block) for block in blocks], "file", "recording") | {"language": language}
    (folder / "script.json").write_text(json.dumps(content), "utf-8")
    sources = {"script": folder / "script.json", "recording": folder / name}
    params: dict[str, Any] = {"fps": [30, 1], "music": None, "align": "auto"}
    return Target("audio", "p/v", audio.expand, folder, ("audio.wav", "words.json"), params, sources)


@pytest.mark.parametrize(("language", "blocks", "name"), [
    ("en", ENGLISH, "take.m4a"), ("ru", RUSSIAN, "take.mp3"),
])  # fmt: skip
def test_a_recording_is_cut_where_its_blocks_part(
    tmp_path: Path, language: str, blocks: Sequence[Sequence[str]], name: str
) -> None:
    """Each block's piece begins and ends within 100 ms of where the block does, and its words are timed in it."""
    truth = record(tmp_path, blocks, language, name)
    target = recorded(tmp_path, blocks, language, name)
    bench = Workbench(tmp_path / "bench")
    made = bench.deliver(target)
    assert bench.ran.count("take_recording") == len(blocks)
    timed = json.loads(made["words.json"].read_text("utf-8"))["blocks"]
    whole, rate = waves.read(tmp_path / "take.wav")
    pieces = sorted((tmp_path / "bench").glob("*cut_recording/????.wav"))
    for piece, block, said, (start, end) in zip(pieces, timed, blocks, truth, strict=True):
        own = trim(*waves.read(piece))[0].size / 48_000 - 0.11
        assert own == pytest.approx(end - start, abs=0.1)
        assert own == pytest.approx((block["words"][-1]["end"] - block["words"][0]["start"]) / 1000, abs=0.15)
        assert " ".join(word["text"] for word in block["words"]) == " ".join(said)
        assert _found(piece, whole, rate) == pytest.approx(start, abs=0.1)


def _found(piece: Path, whole: Any, rate: int) -> float:
    """The second of the whole recording at which a piece's speech begins, by correlation."""
    import soxr  # noqa: PLC0415  # for this alone

    samples, own_rate = waves.read(piece)
    speech, _ = trim(samples, own_rate)
    clip = soxr.resample(speech, own_rate, rate)[: 2 * rate]
    size = 1 << (len(whole) + len(clip)).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(clip, size)), size)
    return float(likeness.argmax()) / rate + 0.03


def test_a_missing_sentence_is_named_with_its_block(tmp_path: Path) -> None:
    """A sentence that is not in the recording is an error that names its block and says it."""
    record(tmp_path, [ENGLISH[0], ENGLISH[1], ENGLISH[2][:1]], "en")
    with pytest.raises(StepError, match=r"block 03: “It was three thousand years old.” is not said"):
        Workbench(tmp_path / "bench").deliver(recorded(tmp_path, ENGLISH, "en"))


def test_too_much_is_named_with_its_block(tmp_path: Path) -> None:
    """What is said and is not in the script is an error that says after which sentence it comes, and when."""
    record(tmp_path, [[*ENGLISH[0], "Sorry, the telephone was ringing, I will say that again."], *ENGLISH[1:]], "en")
    with pytest.raises(StepError, match=r"block 01: “Here is why nothing grows in it.” is followed by “sorry"):
        Workbench(tmp_path / "bench").deliver(recorded(tmp_path, ENGLISH, "en"))


def test_another_recording_is_refused(tmp_path: Path) -> None:
    """A recording of something else is told with what is heard in it."""
    record(tmp_path, ENGLISH[1:2], "en")
    with pytest.raises(StepError, match="not of this script: it is heard as “it holds about seventeen") as caught:
        Workbench(tmp_path / "bench").deliver(recorded(tmp_path, [ENGLISH[0], ENGLISH[2]], "en"))
    assert "right file" in caught.value.hint


def test_a_changed_block_is_the_only_one_taken_again(tmp_path: Path) -> None:
    """Other words for one block cut the same recording anew, and every piece stays the same to the byte."""
    record(tmp_path, ENGLISH, "en")
    changed = [["Honey can out last an empire.", ENGLISH[0][1]], *ENGLISH[1:]]
    one, two = (
        recording.of_video(
            tmp_path / "take.m4a", {str(n): block for n, block in enumerate(blocks)}, "en", "auto"
        )["0"].inputs["recording"]
        for blocks in (ENGLISH, changed)
    )  # fmt: skip
    assert isinstance(one, Output)
    assert isinstance(two, Output)
    bench = Workbench(tmp_path / "bench")
    heard = one.step.inputs["heard"]
    assert isinstance(heard, Output)
    known = File(bench.make(heard))
    pieces = []
    for step in (one.step, two.step):
        again = replace(step, inputs={**step.inputs, "heard": known})
        pieces.append([bench.make(again[name]).read_bytes() for name in step.outputs])
    assert pieces[0] == pieces[1]
