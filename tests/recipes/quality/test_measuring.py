"""Defects in real files: what the steps measure, and what the checks then say."""

from __future__ import annotations

import json
import subprocess
import wave
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soxr

from factory.errors import StepError
from factory.step import File, Json, Step
from recipes import ffmpeg, qa, voices
from recipes.quality import hearing, picture, sound
from recipes.text import prepare
from tests.recipes.quality.test_checks import facts, heard
from tests.workbench import BenchJob, Workbench

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 48_000


def _save(path: Path, samples: NDArray[np.float64]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        both = np.repeat(np.clip(samples, -1, 1)[:, None], 2, axis=1)
        file.writeframes((both * 32767).astype("<i2").tobytes())
    return path


def _hum(seconds: float = 4.0, size: float = 0.2) -> NDArray[np.float64]:
    """A voice-like sound: a few harmonics that come and go, never silent."""
    time = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 140 * k * time) / k for k in range(1, 9))
    return np.asarray(size * tone * (1.2 + np.sin(2 * np.pi * 3 * time)) / 2)


def _measured(folder: Path, samples: NDArray[np.float64], joins: list[float]) -> dict[str, Any]:
    path = _save(folder / "made.wav", samples)
    step = Step("measure_sound", sound.measure_sound, ("sound.json",), {"joins": joins}, {"sound": File(path)})
    video = facts()
    video["sound"] = json.loads(Workbench(folder / "bench").make(step["sound.json"]).read_text("utf-8"))
    return video


def test_clean_sound_has_no_faults(tmp_path: Path) -> None:
    """Nothing is found in a clean hum, and its length and level are right."""
    video = _measured(tmp_path, _hum(), [1.0, 2.0])
    assert video["sound"]["seconds"] == 4.0
    assert -25 < video["sound"]["integrated"] < -8
    for check in (sound.not_clipped, sound.no_holes, sound.no_clicks):
        assert check(video).status == "pass"


def test_clipping_is_heard(tmp_path: Path) -> None:
    """A hum driven past full scale is clipped, and its true peak above the ceiling."""
    video = _measured(tmp_path, _hum(size=2.0), [])
    assert sound.not_clipped(video).status == "fail"
    assert sound.peaks_below_ceiling(video).status != "pass"
    assert sound.loud_enough(video).status == "fail"


def test_a_hole_is_found(tmp_path: Path) -> None:
    """A fifth of a second cut out of a word is a hole; the same silence between sentences is not."""
    samples = _hum()
    samples[round(1.15 * RATE) : round(1.35 * RATE)] = 0
    assert sound.no_holes(_measured(tmp_path, samples, [])).status == "fail"
    (tmp_path / "between").mkdir()
    samples = _hum()
    samples[round(1.86 * RATE) : round(2.06 * RATE)] = 0
    assert sound.no_holes(_measured(tmp_path / "between", samples, [])).status == "pass"


def test_a_click_at_a_join_is_found(tmp_path: Path) -> None:
    """A jump of a tenth of full scale where blocks meet is a click, at its time."""
    samples = _hum(size=0.05)
    samples[2 * RATE :] += 0.1
    assert sound.no_clicks(_measured(tmp_path, samples, [1.0, 2.0])).faults == ("at 0:02.00 the sound jumps",)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds at 30 fps: moving noise, black from 0.4 to 1.0 s, stuck from 1 to 3 s; sound 0.3 s late."""
    folder = tmp_path_factory.mktemp("film")
    _save(folder / "hum.wav", _hum(3.7))
    graph = (
        "color=gray:s=108x192:r=30:d=4,noise=alls=60:allf=t,loop=loop=62:size=1:start=28,trim=end_frame=120,"
        "setpts=N/30/TB,drawbox=color=black:t=fill:enable='between(t,0.4,0.95)'"
    )
    call = [ffmpeg.binary(), "-v", "error", "-f", "lavfi", "-i", graph, "-itsoffset", "0.3", "-i", folder / "hum.wav"]
    call += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", folder / "final.mp4"]
    subprocess.run([str(part) for part in call], check=True)
    return folder / "final.mp4"


def _looked(folder: Path, film: Path) -> dict[str, Any]:
    params: dict[str, Json] = {"middles": [30, 90], "frames": 120}
    step = Step("look", picture.look, ("picture.json",), params, {"final": File(film)})
    video = facts()
    video["picture"] = json.loads(Workbench(folder).make(step["picture.json"]).read_text("utf-8"))
    return video


def test_black_and_stuck_pictures_are_seen(tmp_path: Path, film: Path) -> None:
    """Half a second of black and a picture that stays across a seam both fail, at their times."""
    video = _looked(tmp_path, film)
    assert video["picture"]["frames"] == 120
    assert picture.never_black(video).status == "fail"
    assert picture.never_black(video).faults[0].startswith("at 0:00.40")
    assert picture.never_frozen(video).status == "fail"
    assert all(url.startswith("data:image/jpeg;base64,") for url in video["picture"]["thumbnails"])


def test_sound_that_comes_late_in_the_file_is_late_when_taken_out(tmp_path: Path, film: Path) -> None:
    """What is extracted has the silence a player plays before a sound track that begins later than the picture."""
    params: dict[str, Json] = {"names": ["block-0000.wav"], "spans": [[0.0, 1.0]]}
    step = Step("extract_sound", hearing.extract_sound, ("sound.wav", "block-0000.wav"), params, {"final": File(film)})
    with wave.open(str(Workbench(tmp_path / "bench").make(step["block-0000.wav"]))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (16_000, 1, 16_000)
        samples = np.abs(np.frombuffer(file.readframes(16_000), "<i2").astype(np.int32))
    assert np.flatnonzero(samples > 300)[0] == pytest.approx(0.3 * 16_000, abs=0.03 * 16_000)


def _listened(folder: Path, said: str, written: str, delay: float = 0.0) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is heard of `said` under a script of `written`; and the block of words.json with the voice's own times."""
    folder.mkdir()
    job = BenchJob(Step("speak", print, ("speech.wav",)), {}, folder)
    speech = voices.find("rhvoice").synthesize(job, said, "aleksandr-hq", language="ru", rate=1.0, pitch=0.0)
    lead = 0.3
    start = lead + (speech.words or ())[0].start / 1000
    timed = [
        {
            "text": w.text,
            "start": round(lead * 1000) + w.start,
            "end": round(lead * 1000) + w.end,
            "sentence": 0,
            "source": "rhvoice",
        }
        for w in speech.words or ()
    ]
    block = {"id": "01", "start_frame": 0, "frames": 120, "words": timed}
    samples = soxr.resample(speech.samples, speech.rate, 16_000)
    track = np.concatenate([np.zeros(round((lead + delay) * 16_000)), samples, np.zeros(8_000)])
    first, last = hearing.span(block, [30, 1])
    assert first == pytest.approx(start - hearing.MARGIN, abs=0.01)
    with wave.open(str(folder / "block.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((track[int(first * 16_000) : int(last * 16_000)] * 32767).astype("<i2").tobytes())
    sentence = prepare(written, "ru", {})[0]
    script = {
        "id": "01",
        "sentences": [
            {
                "text": sentence.text,
                "spoken": sentence.spoken,
                "tokens": [{"text": token.text, "spoken": list(token.spoken)} for token in sentence.tokens],
            }
        ],
    }
    params: dict[str, Any] = {
        "language": "ru",
        "sentences": hearing.described(script, block, [30, 1]),
        "methods": ["whisper", "dtw"],
    }
    step = Step("listen", hearing.listen, ("heard.json",), params, {"sound": File(folder / "block.wav")})
    result = json.loads(Workbench(folder / "bench").make(step["heard.json"]).read_text("utf-8"))
    cues = {
        "id": "01",
        "start_frame": 0,
        "frames": 120,
        "cues": [{"start": w["start"], "end": w["end"], "lines": [w["text"]], "words": [w]} for w in timed],
        "placement": {"position": "bottom", "boxed": False, "tried": []},
    }
    video = facts()
    video["script"]["blocks"], video["words"]["blocks"] = [script], [block]
    video["cues"]["blocks"], video["heard"] = [cues], [result]
    return result, video


SAID = "Пчёлы машут крыльями, чтобы влага испарилась."


def test_right_speech_passes_everything(tmp_path: Path) -> None:
    """A sentence said as written is heard without an error, likely, and its captions are on time."""
    result, video = _listened(tmp_path / "right", SAID, SAID)
    assert result["sentences"][0]["primed"]["words"] == 0
    for check in qa.CHECKS[:4]:
        assert check(video).status == "pass", check(video)


def test_a_wrong_word_in_the_sound_fails(tmp_path: Path) -> None:
    """One word of six replaced in the sound is found, although Whisper was told what to expect."""
    _, video = _listened(tmp_path / "wrong", SAID.replace("крыльями", "топорами"), SAID)
    assert qa.CHECKS[0](video).status == "fail"


def test_captions_that_come_early_fail(tmp_path: Path) -> None:
    """Sound that comes 300 ms after its captions fails, as a mistake in muxing would."""
    _, video = _listened(tmp_path / "late", SAID, SAID, delay=0.3)
    found = qa.CHECKS[3](video)
    assert found.status == "fail"
    assert "early" in found.faults[0]


def _required(folder: Path, result: Mapping[str, Any]) -> Path:
    folder.mkdir()
    (folder / "qa.json").write_text(json.dumps(result), "utf-8")
    outputs = qa.expand_gate({}, {"qa": folder / "qa.json"})
    return Workbench(folder / "bench").make(outputs["qa.passed.txt"])


def test_the_gate_opens_for_warnings_and_closes_for_failures(tmp_path: Path) -> None:
    """A warning lets the build go on; a failure stops it, and says which checks and where to look."""
    warned = {"title": "Loudness", "value": "-13", "limit": "-14", "status": "warn"}
    made = _required(tmp_path / "open", {"name": "demo/moon", "checks": [warned]})
    assert made.read_text("utf-8") == "demo/moon passed 1 checks\n"
    with pytest.raises(StepError, match="loudness: -13") as refused:
        _required(tmp_path / "shut", {"name": "demo/moon", "checks": [{**warned, "status": "fail"}]})
    assert "build/demo/moon/qa.html" in refused.value.hint


def test_the_page_shows_everything_and_obeys_nobody(tmp_path: Path) -> None:
    """qa.html holds every check and what was heard; markup in a title or a script stays text."""
    video = facts()
    hostile = "<script>alert(1)</script>"
    video["script"]["blocks"][0]["sentences"][0]["text"] = hostile
    video["heard"][0]["sentences"] = [heard("{{ 7 * 7 }} <b>", words=5, characters=20)]
    inputs = {"page": File(qa.PAGE)}
    for role, name in [(role, f"{role}.json") for role in ("script", "words", "cues", "sound", "picture")] + [
        ("srt", "s.srt")
    ]:
        text = video[role] if role == "srt" else json.dumps(video[role])
        (tmp_path / name).write_text(text, "utf-8")
        inputs[role] = File(tmp_path / name)
    for number, block in enumerate(video["heard"]):
        (tmp_path / f"h{number}.json").write_text(json.dumps(block), "utf-8")
        inputs[f"heard-{number:04d}"] = File(tmp_path / f"h{number}.json")
    params: dict[str, Json] = {"title": hostile, "name": "demo/moon", "delivery": "none", "languages": ["ru"]}
    step = Step("judge", qa.judge, ("qa.json", "qa.html"), params, inputs)
    bench = Workbench(tmp_path / "bench")
    page = bench.make(step["qa.html"]).read_text("utf-8")
    result = json.loads(bench.make(step["qa.json"]).read_text("utf-8"))
    assert hostile not in page
    assert "<b>" not in page
    assert "{{ 7 * 7 }}" in page
    assert all(check["title"] in page for check in result["checks"])
    assert result["status"] == "fail"
    assert not {"contrast", "in_the_file"} & {check["name"] for check in result["checks"]}  # no captions in the video
