"""The whole video's sound: sentences on their places, music under them, at the loudness the platforms ask for.

Everything that is as long as the video streams through files, so memory does not grow with it. Samples are added here
and not by a graph of ffmpeg filters, whose frames are cut where its threads happen to meet: their last bits differ from
run to run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from recipes import ffmpeg
from recipes.sound import waves
from recipes.sound.loudness import BOTH_SIDES, master, measure, raw
from recipes.sound.timeline import SAMPLE_RATE, lay, sample_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

_VOICE_DB = -20.0
"""Every voice's own level before the mix, so that two speakers are equally loud; the master sets the final one."""
_MOST_GAIN_DB = 24.0
_EMPHASIS_DB, _EMPHASIS_RAMP_MS = 4.0, 30
# Seconds. Music is down before somebody speaks, stays down through a breath, and comes back slowly.
_AHEAD, _DOWN, _HOLD, _UP, _BREATH = 0.25, 0.2, 0.15, 0.5, 1.2
_FADE_MS = 4
_CHUNK = 8 * SAMPLE_RATE


@dataclass(frozen=True)
class _Part:
    """What is said in one go: where it begins in the video, in samples, and how it is made louder."""

    at: int
    path: Path
    gain: float
    emphasised: list[tuple[int, int]]


@dataclass(frozen=True)
class _Bed:
    """The music: 16-bit stereo samples, and what to multiply them by for a full scale of 1 at the wanted level."""

    samples: NDArray[np.int16]
    gain: float


def decode_music(job: Job) -> None:
    """Write the music as `music.wav` (48 kHz stereo, 16 bit), and how loud it is, whole, as `loudness.json`.

    A step of its own, since no edit of words changes either.
    """
    music = job.output("music.wav")
    decoded = ffmpeg.media(job.inputs["music"]).audio.filter("aresample", SAMPLE_RATE)
    stereo = decoded.filter("aformat", sample_fmts="s16", channel_layouts="stereo")
    job.call(ffmpeg.arguments(stereo.output(str(music), f="wav", acodec="pcm_s16le", **ffmpeg.BITEXACT)))
    if not waves.size(music)[0]:
        raise StepError("the music holds no sound", hint="Name another file under 'music'.")
    measured = measure(job, ffmpeg.own(music, f="wav"))
    job.output("loudness.json").write_text(json.dumps({"lufs": None if measured.silent else measured.integrated}))


def mix(job: Job) -> None:
    """Write `audio.wav`: 48 kHz stereo, 16 bit, exactly as many samples as the frames last.

    −14 LUFS integrated and at most −1 dBTP, measured on what was written and told in the run's log.
    """
    params: Any = job.params
    fps = (params["fps"][0], params["fps"][1])
    paths = [job.inputs[role] for block in params["blocks"] for role in block["speech"]]
    lengths, places = lay(job)
    total = sample_of(places[-1].start_frame + places[-1].frames, fps)
    starts = [sample_of(place.start_frame, fps) + offset for place in places for offset in place.offsets]
    speakers, volumes = (
        [block[key] for block in params["blocks"] for _ in block["speech"]] for key in ("voice", "volume")
    )
    gains = _gains(paths, speakers, volumes)
    parts = list(map(_Part, starts, paths, gains, _emphasised(job)))
    spoken = [(at, at + length) for at, length in zip(starts, chain.from_iterable(lengths), strict=True)]
    speech, mixed = job.folder / "speech.f32", job.folder / "mix.f32"
    with speech.open("wb") as file:
        for chunk in _track(job, parts, total):
            file.write(chunk.tobytes())
    bed = _bed(job, speech) if params["music"] else None
    with mixed.open("wb") as file:
        for chunk in _mixed(job, speech, bed, spoken, total):
            file.write(chunk.tobytes())
    loudness = master(job, mixed, job.output("audio.wav"), total)
    job.log("loudness", lufs=loudness.integrated, true_peak=loudness.peak, seconds=total / SAMPLE_RATE)
    for path in (speech, mixed):
        path.unlink()


def _emphasised(job: Job) -> Iterator[list[tuple[int, int]]]:
    """The spans of the words to be emphasised in each file, in milliseconds."""
    params: Any = job.params
    for block in params["blocks"]:
        for role, words in zip(block["speech"], block["emphasised"], strict=True):
            timed = json.loads(job.inputs[role.replace("speech", "words")].read_text("utf-8")) if words else []
            yield [(timed[first]["start"], timed[last - 1]["end"]) for first, last in words]


def _gains(paths: Sequence[Path], speakers: Sequence[str], volumes: Sequence[float]) -> list[float]:
    """The gain of each file: the same for all sentences of one voice, whose dynamics are its own, but for `volumes`."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    energy: dict[str, list[float]] = {}
    for path, speaker in zip(paths, speakers, strict=True):
        samples, rate = waves.read(path)
        hop = rate // 20
        windows = (np.pad(samples, (0, -len(samples) % hop)).reshape(-1, hop).astype(np.float64) ** 2).mean(axis=1)
        # Only what is spoken counts, not the pauses (a gate 20 dB under the loudest, as in ITU-R BS.1770 relative).
        energy.setdefault(speaker, []).extend(windows[windows > windows.max() / 100].tolist())
    level = {speaker: 10 * float(np.log10(np.mean(values))) for speaker, values in energy.items()}
    return [
        10 ** ((min(_VOICE_DB - level[speaker], _MOST_GAIN_DB) + volume) / 20)
        for speaker, volume in zip(speakers, volumes, strict=True)
    ]


def _track(job: Job, parts: Sequence[_Part], total: int) -> Iterator[NDArray[np.float32]]:
    """The speech of the whole video, mono at 48 kHz, piece after piece."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run
    import soxr  # noqa: PLC0415

    reached = 0
    for part in parts:
        job.check()
        samples, rate = waves.read(part.path)
        voice = soxr.resample(samples, rate, SAMPLE_RATE, quality="VHQ")[: total - part.at] * np.float32(part.gain)
        for start, end in part.emphasised:
            edges = [start - _EMPHASIS_RAMP_MS, start, end, end + _EMPHASIS_RAMP_MS]
            louder = np.interp(np.arange(len(voice)) * 1000 / SAMPLE_RATE, edges, [0, _EMPHASIS_DB, _EMPHASIS_DB, 0])
            voice *= (10 ** (louder / 20)).astype(np.float32)
        fade = min(len(voice) // 2, SAMPLE_RATE * _FADE_MS // 1000)
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        voice[:fade] *= ramp
        voice[len(voice) - fade :] *= ramp[::-1]
        yield np.zeros(part.at - reached, np.float32)
        yield voice
        reached = part.at + len(voice)
    yield np.zeros(total - reached, np.float32)


def _bed(job: Job, speech: Path) -> _Bed:
    """The music, as far under the speech as asked for."""
    params: Any = job.params
    music = json.loads(job.inputs["music_loudness"].read_text("utf-8"))["lufs"]
    said = measure(job, raw(speech, 1), peaks=False)
    voice = _VOICE_DB if said.silent else said.integrated + BOTH_SIDES
    gain = 0.0 if music is None else voice + params["music"]["gain"] - music
    return _Bed(waves.mapped(job.inputs["music"]), 10 ** (gain / 20) / 32768)


def _mixed(
    job: Job, speech: Path, bed: _Bed | None, spoken: Sequence[tuple[int, int]], total: int
) -> Iterator[NDArray[np.float32]]:
    """Speech on both sides with the music under it, looped, faded at the ends and ducked: stereo, piece after piece."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    params: Any = job.params
    voice = np.memmap(speech, np.float32, "r")
    if bed is not None:
        fade = min(round(params["music"]["fade"] * SAMPLE_RATE), total // 2)
        times, levels = _ducking(spoken, params["music"]["duck"])
    for at in range(0, total, _CHUNK):
        job.check()
        chunk = voice[at : at + _CHUNK].repeat(2).reshape(-1, 2)
        if bed is not None:
            place = np.arange(at, at + len(chunk))
            # In decibels, as loudness is heard; the fades in amplitude, for they begin in silence.
            gain = 10 ** (np.interp(place, times, levels) / 20) if len(times) else np.ones(len(chunk))
            if fade:
                gain *= np.interp(place, (0, fade, total - fade, total), (0, 1, 1, 0))
            chunk += bed.samples[place % len(bed.samples)] * (bed.gain * gain)[:, None].astype(np.float32)
        yield chunk


def _ducking(spoken: Sequence[tuple[int, int]], depth: float) -> tuple[list[int], list[float]]:
    """The music's level in decibels as points to be joined by lines: down before speech, over breaths, and up again."""
    joined: list[list[float]] = []
    for start, end in spoken:
        begin, stop = start - _AHEAD * SAMPLE_RATE, end + _HOLD * SAMPLE_RATE
        if joined and begin - joined[-1][1] < _BREATH * SAMPLE_RATE:
            joined[-1][1] = stop
        else:
            joined.append([begin, stop])
    times = [
        round(time)
        for begin, stop in joined
        for time in (begin, begin + _DOWN * SAMPLE_RATE, stop, stop + _UP * SAMPLE_RATE)
    ]
    return times, [0.0, -depth, -depth, 0.0] * len(joined)
