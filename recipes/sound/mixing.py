"""The whole video's sound: sentences on their places, music under them, at the loudness the platforms ask for.

Everything that is as long as the video streams through files, so memory does not grow with it.
"""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipes import ffmpeg
from recipes.sound.loudness import master, measure, raw
from recipes.sound.timeline import SAMPLE_RATE, arrange, resampled, sample_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

_VOICE_DB = -20.0
"""Every voice's own level before the mix, so that two speakers are equally loud; the master sets the final one."""
_MOST_GAIN_DB = 24.0
# Music goes down before somebody speaks, and stays down through a breath.
_AHEAD, _HOLD, _BREATH = 0.25, 0.15, 1.2
_ATTACK_MS, _RELEASE_MS = 80, 400
_RATIO = 20
_FADE_MS = 4


def mix(job: Job) -> None:
    """Write `audio.wav`: 48 kHz stereo, 16 bit, exactly as many samples as the frames last.

    −14 LUFS integrated and at most −1 dBTP, measured on what was written and told in the run's log.
    """
    params: Any = job.params
    fps = (params["fps"][0], params["fps"][1])
    speeches = [[job.inputs[role] for role in block["speech"]] for block in params["blocks"]]
    lengths = [[resampled(*_size(path)) for path in block] for block in speeches]
    places = arrange(list(zip(lengths, (block["pause_ms"] for block in params["blocks"]), strict=True)), fps)
    total = sample_of(places[-1].start_frame + places[-1].frames, fps)
    starts = [[sample_of(place.start_frame, fps) + offset for offset in place.offsets] for place in places]
    gains = _gains(
        [path for block in speeches for path in block],
        [voice for block in params["blocks"] for voice in block["voices"]],
    )
    parts = [
        (at, path) for block, ats in zip(speeches, starts, strict=True) for at, path in zip(ats, block, strict=True)
    ]

    speech = job.folder / "speech.f32"
    with speech.open("wb") as file:
        for chunk in _track(job, parts, gains, total):
            file.write(chunk.repeat(2).tobytes())  # both sides
    spoken = [
        (at, at + length)
        for ats, block in zip(starts, lengths, strict=True)
        for at, length in zip(ats, block, strict=True)
    ]
    mixed = job.folder / "mix.f32"
    job.call(ffmpeg.arguments(_graph(job, speech, mixed, spoken, total)))
    loudness = master(job, mixed, job.output("audio.wav"), total)
    job.log("loudness", lufs=loudness.integrated, true_peak=loudness.peak, seconds=total / SAMPLE_RATE)
    for path in (speech, mixed):
        path.unlink()


def _size(path: Path) -> tuple[int, int]:
    with wave.open(str(path), "rb") as file:
        return file.getnframes(), file.getframerate()


def _load(path: Path) -> tuple[NDArray[np.float32], int]:
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    with wave.open(str(path), "rb") as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return data.astype(np.float32) / np.float32(32768), file.getframerate()


def _gains(paths: Sequence[Path], speakers: Sequence[str]) -> dict[Path, float]:
    """The gain of each file, the same for all sentences of one voice: its dynamics are its own."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    energy: dict[str, list[float]] = {}
    for path, speaker in zip(paths, speakers, strict=True):
        samples, rate = _load(path)
        hop = rate // 20
        windows = (np.pad(samples, (0, -len(samples) % hop)).reshape(-1, hop).astype(np.float64) ** 2).mean(axis=1)
        # Only what is spoken counts, not the pauses (a gate 20 dB under the loudest, as in ITU-R BS.1770 relative).
        energy.setdefault(speaker, []).extend(windows[windows > windows.max() / 100].tolist())
    level = {speaker: 10 * float(np.log10(np.mean(values))) for speaker, values in energy.items()}
    return {
        path: 10 ** (min(_VOICE_DB - level[speaker], _MOST_GAIN_DB) / 20)
        for path, speaker in zip(paths, speakers, strict=True)
    }


def _track(
    job: Job, parts: Sequence[tuple[int, Path]], gains: dict[Path, float], total: int
) -> Iterator[NDArray[np.float32]]:
    """The speech of the whole video, mono at 48 kHz, piece after piece."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run
    import soxr  # noqa: PLC0415

    reached = 0
    for at, path in parts:
        job.check()
        samples, rate = _load(path)
        voice = soxr.resample(samples, rate, SAMPLE_RATE, quality="VHQ")[: total - at] * np.float32(gains[path])
        fade = min(len(voice) // 2, SAMPLE_RATE * _FADE_MS // 1000)
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        voice[:fade] *= ramp
        voice[len(voice) - fade :] *= ramp[::-1]
        yield np.zeros(at - reached, np.float32)
        yield voice
        reached = at + len(voice)
    yield np.zeros(total - reached, np.float32)


def _graph(job: Job, speech: Path, out: Path, spoken: Sequence[tuple[int, int]], total: int) -> Any:
    """Speech, and the music under it: looped, faded and ducked."""
    params: Any = job.params
    stereo = raw(speech).audio
    if (music := params["music"]) is not None:
        import ffmpeg as graphs  # noqa: PLC0415  # only with music

        control = job.folder / "control.f32"
        _write_control(control, spoken, total)
        seconds = total / SAMPLE_RATE
        fade = min(music["fade"], seconds / 2)
        bed = (
            ffmpeg.media(job.inputs["music"], stream_loop=-1)
            .audio.filter("aresample", SAMPLE_RATE)
            .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
            .filter("atrim", end_sample=total)
            .filter("volume", f"{_bed_gain(job, speech, music['gain']):.3f}dB")
        )
        if fade:
            bed = bed.filter("afade", type="in", duration=fade).filter(
                "afade", type="out", start_time=seconds - fade, duration=fade
            )
        if music["duck"]:
            # The key is 1 while somebody speaks, so the reduction is exactly `duck`, and it can begin before the word.
            threshold = 10 ** (-music["duck"] / (1 - 1 / _RATIO) / 20)
            bed = graphs.filter(
                [bed, raw(control, 1).audio],
                "sidechaincompress",
                threshold=f"{threshold:.6f}",
                ratio=_RATIO,
                attack=_ATTACK_MS,
                release=_RELEASE_MS,
                knee=1,
                detection="peak",
            )
        stereo = graphs.filter([stereo, bed], "amix", inputs=2, duration="first", normalize=0)
    return stereo.output(str(out), f="f32le", ac=2, ar=SAMPLE_RATE)


def _bed_gain(job: Job, speech: Path, below: float) -> float:
    """What brings the music `-below` LU under the speech, both measured whole."""
    voice = measure(job, raw(speech))
    music = measure(job, ffmpeg.media(job.inputs["music"]))
    if music.silent:
        return 0.0
    return (_VOICE_DB if voice.silent else voice.integrated) + below - music.integrated


def _write_control(path: Path, spoken: Sequence[tuple[int, int]], total: int) -> None:
    """The key of the ducking: 1 from a little before speech until a little after, over breaths too, else 0."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    joined: list[list[int]] = []
    for start, end in spoken:
        begin, stop = max(0, start - round(_AHEAD * SAMPLE_RATE)), min(total, end + round(_HOLD * SAMPLE_RATE))
        if joined and begin - joined[-1][1] < _BREATH * SAMPLE_RATE:
            joined[-1][1] = stop
        else:
            joined.append([begin, stop])
    with path.open("wb") as file:
        reached = 0
        for begin, stop in [*joined, [total, total]]:
            file.write(np.zeros(begin - reached, np.float32).tobytes())
            for at in range(begin, stop, SAMPLE_RATE):
                file.write(np.ones(min(SAMPLE_RATE, stop - at), np.float32).tobytes())
            reached = stop
