"""Loudness by ITU-R BS.1770-4 and EBU R 128, and the master that reaches it: measured, set, measured again."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from recipes import ffmpeg
from recipes.sound.timeline import SAMPLE_RATE

if TYPE_CHECKING:
    from pathlib import Path

    from factory.step import Job

TARGET = -14.0
"""LUFS: what YouTube and TikTok play at; louder is turned down by them, quieter stays quieter than its neighbours."""
CEILING = -1.0
"""dBTP: the room lossy coding needs (EBU R 128 s2, AES TD1008)."""
TOLERANCE = 0.5
"""LU the result may be off."""

BOTH_SIDES = 10 * math.log10(2)
"""LU that one and the same sound has on two channels over one: BS.1770 adds the channels' powers."""

_CLOSE = 0.2
_ROUNDS = 6
_LIMITED, _LEAST = 0.7, 0.2  # LU that a limited mix gains per decibel: as seen with speech, and at the very least
_SILENCE, _NOTHING = -60.0, -70.0
_OVERSAMPLED = 4 * SAMPLE_RATE  # BS.1770-4 annex 2 reads true peak at four times 48 kHz; so does the limiter here
_MARGIN = 0.2  # dB the limiter stays under the ceiling: going back to 48 kHz raises peaks a little


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP."""

    integrated: float
    peak: float
    momentary: tuple[float, ...] = ()
    """LUFS of the 400 ms before every tenth of a second."""

    @property
    def silent(self) -> bool:
        """Whether there is nothing to bring to a loudness."""
        return self.integrated < _SILENCE


def measure(job: Job, source: Any, *, peaks: bool = True, momentary: bool = False) -> Loudness:
    """Measure the sound of an ffmpeg input; the true peak, which is most of the work, only if asked for."""
    meter = _metered(source.audio, peaks=peaks, momentary=momentary)
    return _read(job.call(ffmpeg.arguments(meter)), peaks=peaks)


def raw(path: Path, channels: int = 2) -> Any:
    """A file of bare 32-bit float samples at 48 kHz, as an ffmpeg input."""
    return ffmpeg.own(path, f="f32le", ar=SAMPLE_RATE, ac=channels)


def master(job: Job, mixed: Path, out: Path, total: int) -> Loudness:
    """Bring a stereo mix (raw 32-bit float) to the target and write `total` samples of it as 16-bit WAV.

    Limiting takes some loudness away, so the gain is corrected by what the result still lacks.

    Raises StepError where it cannot be reached, which no speech was seen to do.
    """
    import ffmpeg as graphs  # noqa: PLC0415  # see recipes.ffmpeg

    before = measure(job, raw(mixed), peaks=False)
    if before.silent:
        job.call(ffmpeg.arguments(_written(_exact(raw(mixed).audio, total), out)))
        return Loudness(_NOTHING, _NOTHING)
    gain, limit = _rehearsed(job, mixed, TARGET - before.integrated), CEILING - _MARGIN
    tried: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        limited = _limited(mixed, gain, limit, _OVERSAMPLED).filter("aresample", SAMPLE_RATE)
        # What is written is what is measured, to the bit, in one go.
        both = _exact(limited, total).filter_multi_output("asplit")
        said = job.call(ffmpeg.arguments(graphs.merge_outputs(_written(both[0], out), _metered(both[1]))))
        result = _read(said)
        if abs(result.integrated - TARGET) <= _CLOSE and result.peak <= CEILING:
            break
        tried.append((gain, result.integrated))
        gain = _next_gain(tried)
        limit -= max(0.0, result.peak - CEILING)
    if abs(result.integrated - TARGET) > TOLERANCE or result.peak > CEILING:
        raise StepError(
            f"the mix stays at {result.integrated:.1f} LUFS, {result.peak:.1f} dBTP, not {TARGET:g}, {CEILING:g}",
            hint="is the music one short loud sound, or the speech mostly silence?",
        )
    return result


def _rehearsed(job: Job, mixed: Path, gain: float) -> float:
    """The gain that reaches the target under a limiter that does not oversample, which is as loud to 0.01 LU.

    Without true peaks a round takes a quarter of the time, and the real one is then right at once.
    """
    tried: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        meter = _metered(_limited(mixed, gain, CEILING - _MARGIN, SAMPLE_RATE), peaks=False)
        reached = _read(job.call(ffmpeg.arguments(meter)), peaks=False).integrated
        if abs(reached - TARGET) <= _CLOSE / 2:
            break
        tried.append((gain, reached))
        gain = _next_gain(tried)
    return gain


def _limited(mixed: Path, gain: float, limit: float, rate: int) -> Any:
    """The mix so much louder, its peaks at `rate` samples a second held under `limit` dB."""
    louder = raw(mixed).audio.filter("volume", f"{gain:.3f}dB")
    at_rate = louder if rate == SAMPLE_RATE else louder.filter("aresample", rate)
    return at_rate.filter("alimiter", limit=f"{10 ** (limit / 20):.6f}", attack=4, release=60, level=0, latency=1)


def _next_gain(tried: list[tuple[float, float]]) -> float:
    """The gain that would have been right if loudness grew as it did between the last two (regula falsi)."""
    gain, reached = tried[-1]
    slope = _LIMITED
    if len(tried) > 1 and tried[-2][0] != gain:
        slope = min(1.0, max(_LEAST, (reached - tried[-2][1]) / (gain - tried[-2][0])))
    return gain + (TARGET - reached) / slope


def _exact(audio: Any, total: int) -> Any:
    """Exactly `total` samples of 16 bits on two sides."""
    whole = audio.filter("apad", whole_len=total).filter("atrim", end_sample=total)
    return whole.filter("aformat", sample_fmts="s16", channel_layouts="stereo", sample_rates=SAMPLE_RATE)


def _written(audio: Any, out: Path) -> Any:
    return audio.output(str(out), f="wav", acodec="pcm_s16le", **ffmpeg.BITEXACT)


def _metered(audio: Any, *, peaks: bool = True, momentary: bool = False) -> Any:
    meter = audio.filter("ebur128", metadata=1, peak="true" if peaks else "none")
    for key in ("I", *["true_peak"] * peaks, *["M"] * momentary):
        meter = meter.filter("ametadata", mode="print", key=f"lavfi.r128.{key}", file="pipe:1", direct=1)
    return meter.output("pipe:1", f="null")


def _read(said: bytes, *, peaks: bool = True) -> Loudness:
    text = said.decode(errors="replace")
    integrated = re.findall(r"r128\.I=(\S+)", text)
    peak = max((float(value) for value in re.findall(r"true_peak=(\S+)", text)), default=0.0)
    momentary = tuple(max(_NOTHING, float(value)) for value in re.findall(r"r128\.M=(\S+)", text))
    if not integrated or (peaks and not peak):
        return Loudness(_NOTHING, _NOTHING, momentary)
    return Loudness(float(integrated[-1]), 20 * math.log10(peak) if peak else _NOTHING, momentary)
