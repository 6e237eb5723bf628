"""audio.wav and words.json of whole small videos, with real voices."""

from __future__ import annotations

import json
import wave
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from factory.errors import StepError
from factory.step import Step
from factory.target import Target
from recipes import audio, ffmpeg, voices
from recipes.sound import waves
from recipes.sound.loudness import CEILING, TARGET, measure
from recipes.sound.timeline import SAMPLE_RATE, arrange, sample_of
from recipes.text import prepare
from tests.workbench import BenchJob, Workbench

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

SAY = ["Honey can outlast an empire. Here is why.", "— It holds about 17% water, so microbes dry out."]


def script(texts: list[str], engine: str = "espeak", voice: str = "en-us") -> dict[str, Any]:
    """A script of blocks that say these texts."""
    return {
        "version": 1,
        "language": "en",
        "blocks": [
            {
                "id": f"{number:02d}",
                "voice": {"engine": engine, "name": voice, "rate": 1.0, "pitch": 0.0, "volume": 0.0, "otherwise": []},
                "pause_ms": 300,
                "sentences": [
                    {
                        "text": sentence.text,
                        "spoken": sentence.spoken,
                        "pause_ms": sentence.pause,
                        "tokens": [
                            {"text": token.text, "spoken": list(token.spoken), "emphasised": token.emphasised}
                            for token in sentence.tokens
                        ],
                    }
                    for sentence in prepare(text, "en", {})
                ],
            }
            for number, text in enumerate(texts, 1)
        ],
    }


def deliver(
    folder: Path, content: Mapping[str, Any], music: Path | None = None, fps: tuple[int, int] = (30, 1)
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Make the target; words.json and the samples."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "script.json").write_text(json.dumps(content), "utf-8")
    sources = {"script": folder / "script.json"} | ({"music": music} if music else {})
    wish = {"gain": -16.0, "duck": 9.0, "fade": 0.5} if music else None
    params: dict[str, Any] = {"fps": list(fps), "align": "auto", "music": wish}
    target = Target("audio", "p/v", audio.expand, folder, ("audio.wav", "words.json"), params, sources)
    made = Workbench(folder / "bench").deliver(target)
    with wave.open(str(made["audio.wav"])) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, SAMPLE_RATE, 2)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32768
    return json.loads(made["words.json"].read_text("utf-8")), samples


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Three seconds of music, of a kind: two notes, so that looping and ducking can be heard."""
    time = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    sound = 0.2 * np.sin(2 * np.pi * 3000 * time) + 0.1 * np.sin(2 * np.pi * 3600 * time)
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.round(sound * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("fps", [(30, 1), (24000, 1001)])
def test_sound_is_as_long_as_the_picture(tmp_path: Path, fps: tuple[int, int]) -> None:
    """Blocks last whole frames, follow each other without a gap, and the sound lasts exactly all of them."""
    words, samples = deliver(tmp_path, script(SAY), fps=fps)
    at = 0
    for block in words["blocks"]:
        assert block["start_frame"] == at
        at += block["frames"]
        last = block["words"][-1]["end"]
        assert last <= block["frames"] * 1000 * fps[1] / fps[0] - 250
    assert words["frames"] == at
    assert len(samples) == sample_of(at, fps)


def test_every_shown_word_has_its_time(tmp_path: Path) -> None:
    """The words of a block are its shown text, in order; a dash belongs to a neighbour, `17%` sounds as three words."""
    words, _ = deliver(tmp_path, script(SAY))
    for block, say in zip(words["blocks"], SAY, strict=True):
        assert " ".join(word["text"] for word in block["words"]) == say
        edges = [edge for word in block["words"] for edge in (word["start"], word["end"])]
        assert edges == sorted(edges)
    texts = [word["text"] for word in words["blocks"][1]["words"]]
    assert texts[0] == "— It"
    percent = words["blocks"][1]["words"][texts.index("17%")]
    assert percent["end"] - percent["start"] > 400
    assert [word["sentence"] for word in words["blocks"][0]["words"]] == [0] * 5 + [1] * 3


def test_words_sound_when_they_are_said_to(tmp_path: Path) -> None:
    """In audio.wav there is sound within every word, and silence between blocks."""
    words, samples = deliver(tmp_path, script(SAY))
    for block in words["blocks"]:
        start = sample_of(block["start_frame"], (30, 1))
        for word in block["words"]:
            span = samples[start + word["start"] * 48 : start + word["end"] * 48]
            assert np.abs(span).max() > 0.05, word
        tail = samples[
            start + (block["words"][-1]["end"] + 150) * 48 : sample_of(block["start_frame"] + block["frames"], (30, 1))
        ]
        assert np.abs(tail).max() < 0.003


@pytest.mark.parametrize("with_music", [False, True])
def test_loudness_is_what_platforms_ask_for(job: BenchJob, tmp_path: Path, tone: Path, *, with_music: bool) -> None:
    """−14 LUFS within half a unit and at most −1 dBTP, measured on the file."""
    deliver(tmp_path / "v", script(SAY), tone if with_music else None)
    loudness = measure(job, ffmpeg.own(tmp_path / "v" / "audio.wav"))
    assert loudness.integrated == pytest.approx(TARGET, abs=0.5)
    assert loudness.peak <= CEILING


def test_music_goes_down_under_speech(tmp_path: Path, tone: Path) -> None:
    """The bed is looped to the end, faded at both ends, and 9 dB quieter while somebody speaks."""
    content = script(SAY)
    content["blocks"][0]["pause_ms"] = 3500
    words, samples = deliver(tmp_path / "v", content, tone)
    first = words["blocks"][0]

    def level(start: float, end: float) -> float:
        """Of the tone alone, far above what the voice has at 3 kHz: dB in its own band."""
        piece = samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE), 0]
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) / len(piece)
        near = np.abs(np.fft.rfftfreq(len(piece), 1 / SAMPLE_RATE) - 3000) < 15
        return float(20 * np.log10(spectrum[near].max()))

    quiet_from = first["words"][-1]["end"] / 1000
    between = level(quiet_from + 1.2, quiet_from + 2.8)
    speaking = level(first["words"][0]["start"] / 1000 + 0.4, quiet_from - 0.2)
    assert between - speaking == pytest.approx(9, abs=1.5)
    assert np.abs(samples[:48]).max() < 0.01
    assert np.abs(samples[-48:]).max() < 0.01


def test_the_same_sound_is_the_same_bytes(tmp_path: Path, tone: Path) -> None:
    """Mixed twice from the same sentences and music, every sample is the same."""
    one, two = (deliver(tmp_path / name, script(SAY), tone)[1] for name in ("one", "two"))
    assert np.array_equal(one, two)


def test_a_changed_word_moves_nothing_but_its_own_block(tmp_path: Path) -> None:
    """One sentence is spoken again, and every other block keeps its length and its words."""
    one, _ = deliver(tmp_path / "a", script([SAY[0], "It never spoils.", SAY[1]]))
    two, _ = deliver(tmp_path / "b", script([SAY[0], "It hardly ever spoils at all.", SAY[1]]))
    for index in (0, 2):
        left, right = one["blocks"][index], two["blocks"][index]
        assert (left["frames"], left["words"]) == (right["frames"], right["words"])
    assert one["blocks"][1] != two["blocks"][1]


@pytest.mark.parametrize(("engine", "voice"), [("espeak", "en-us"), ("piper", "joe")])
def test_a_pause_lasts_what_it_says(tmp_path: Path, engine: str, voice: str) -> None:
    """Between the words around `[pause 1.2]` it is silent for 1.2 s, whoever speaks, and no caption shows it."""
    words, samples = deliver(tmp_path, script(["Every night [pause 1.2] the Moon rises."], engine, voice))
    (block,) = words["blocks"]
    assert [word["text"] for word in block["words"]] == ["Every", "night", "the", "Moon", "rises."]
    assert block["words"][2]["start"] - block["words"][1]["end"] == pytest.approx(1200, abs=130)
    loud = np.flatnonzero(np.abs(samples[:, 0]) > 0.01)
    gaps = np.diff(loud)
    assert gaps.max() / SAMPLE_RATE == pytest.approx(1.2, abs=0.1)


def test_emphasis_is_four_decibels(tmp_path: Path) -> None:
    """A word between asterisks is 4 dB louder, and no other word, where the limiter has nothing to do."""
    text = "Каждую ночь луна восходит над тихими холмами."
    (plain, before), (words, after) = (
        deliver(tmp_path / name, script([said], "rhvoice", "anna"))
        for name, said in (("plain", text), ("loud", text.replace("ночь", "*ночь*")))
    )
    assert [word["text"] for word in words["blocks"][0]["words"]] == text.split()
    assert words == plain
    change = [
        10 * np.log10((after[span] ** 2).mean() / (before[span] ** 2).mean())
        for span in (slice(word["start"] * 48, word["end"] * 48) for word in words["blocks"][0]["words"])
    ]
    others = float(np.median(change))
    assert change[1] - others == pytest.approx(4, abs=0.5)
    assert max(abs(one - others) for one in (*change[3:],)) < 0.5


def test_volume_is_against_the_other_voices(tmp_path: Path) -> None:
    """A block at −6 LU is 6 dB below another of the same voice, where the limiter has nothing to do."""
    content = script(["Луна восходит."] * 2, "rhvoice", "anna")
    content["blocks"][1]["voice"]["volume"] = -6.0
    words, samples = deliver(tmp_path, content)
    first, second = (
        samples[sample_of(block["start_frame"], (30, 1)) :][: block["words"][-1]["end"] * 48]
        for block in words["blocks"]
    )
    assert 10 * np.log10((first**2).mean() / (second**2).mean()) == pytest.approx(6, abs=0.5)


def recorded(folder: Path, say: str, shown: str, name: str = "taken.ogg") -> tuple[Target, Path]:
    """A video of two blocks: one that somebody recorded, saying `say` between silences, and one for a voice."""
    job = BenchJob(Step("speak", print, ("speech.wav",)), {}, folder)
    first = voices.find("piper").synthesize(job, say, "joe", language="en", rate=0.9, pitch=0.0)
    silence = np.zeros(first.rate // 2, np.float32)
    waves.write(folder / "taken.wav", np.concatenate([silence, first.samples, silence]), first.rate)
    job.call(ffmpeg.arguments(ffmpeg.own(folder / "taken.wav").audio.output(str(folder / name))))
    (folder / "script.json").write_text(json.dumps(script([shown, "A voice says this."])), "utf-8")
    sources = {"script": folder / "script.json", "recording-0000": folder / name}
    params: dict[str, Any] = {"fps": [30, 1], "music": None, "align": "auto"}
    return Target("audio", "p/v", audio.expand, folder, ("audio.wav", "words.json"), params, sources), folder / "bench"


def test_a_recording_is_timed_against_its_block(tmp_path: Path) -> None:
    """Somebody's own recording takes the place of a voice: every shown word of its sentences has its time in it."""
    target, bench = recorded(tmp_path, SAY[0], SAY[0])
    made = Workbench(bench).deliver(target)
    first, second = json.loads(made["words.json"].read_text("utf-8"))["blocks"]
    assert (first["voice"], second["voice"]) == ("recording", "espeak/en-us")
    assert " ".join(word["text"] for word in first["words"]) == SAY[0]
    assert [word["sentence"] for word in first["words"]] == [0] * 5 + [1] * 3
    assert {word["source"] for word in first["words"]} == {"dtw"}
    edges = [edge for word in first["words"] for edge in (word["start"], word["end"])]
    assert edges == sorted(edges)


def test_a_recording_of_something_else_is_refused(tmp_path: Path) -> None:
    """A recording much too short for its text is an error that asks for the right file."""
    target, bench = recorded(tmp_path, "Yes.", " ".join(SAY))
    with pytest.raises(StepError, match="not of") as caught:
        Workbench(bench).deliver(target)
    assert "right file" in caught.value.hint


def test_a_block_without_words_still_lasts() -> None:
    """A pause alone is a block of that length, and no block is shorter than a frame."""
    pause, nothing = arrange([((), (), 1000), ((), (), 0)], (30, 1))
    assert pause.frames == 33  # a second, and the lead of every block
    assert nothing.frames >= 1
