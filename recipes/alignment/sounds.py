"""What a voice sounds like, frame by frame, in a way that forgets whose voice it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import soxr

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000
HOP = 0.005
"""Seconds between frames."""
_WINDOW, _POINTS = 400, 512  # 25 ms
_BANDS, _CEPSTRA = 40, 13
_DELTA = 4  # frames on either side: 20 ms
_SILENCE_DB, _FLOOR_DB = -38.0, -70.0
_SHORTEST = 12  # frames: a closed lip before `p` is no pause


@dataclass(frozen=True)
class Sound:
    """Features of every frame, and which frames are speech."""

    features: NDArray[np.float64]
    speech: NDArray[np.bool_]
    """False in pauses of 60 ms and more."""


def describe(samples: NDArray[np.float32], rate: int) -> Sound:
    """Mel cepstra (Davis and Mermelstein, 1980) with deltas, mean and variance normalised over speech."""
    wave = soxr.resample(samples, rate, RATE) if rate != RATE else samples
    hop = round(HOP * RATE)
    wave = np.pad(wave.astype(np.float64), _WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(wave, _WINDOW)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), _POINTS)) ** 2
    energy = 10 * np.log10(power.sum(axis=1) + 1e-10)
    speech = _without_blips(energy > max(energy.max() + _SILENCE_DB, _FLOOR_DB))
    mel = np.log(power @ _mel_bands() + 1e-8 * power.max())
    cepstra = mel @ _cosines()
    chosen = cepstra[speech] if speech.any() else cepstra
    cepstra = (cepstra - chosen.mean(axis=0)) / (chosen.std(axis=0) + 1e-6)
    return Sound(np.hstack([cepstra, 2 * _slopes(cepstra)]), speech)


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where flags are set: spans [first, last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _without_blips(speech: NDArray[np.bool_]) -> NDArray[np.bool_]:
    speech = speech.copy()
    for first, last in runs(~speech):
        # Before the first word and after the last there is no lip to be closed.
        if last - first < _SHORTEST and first > 0 and last < len(speech):
            speech[first:last] = True
    for first, last in runs(speech):
        if last - first < _SHORTEST // 3:
            speech[first:last] = False
    return speech


def _slopes(cepstra: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(cepstra, ((_DELTA, _DELTA), (0, 0)), mode="edge")
    steps = np.arange(-_DELTA, _DELTA + 1)
    slopes = np.zeros_like(cepstra)
    for step in steps.tolist():
        slopes += step * padded[_DELTA + step : len(padded) - _DELTA + step]
    return slopes / float((steps**2).sum())


@lru_cache(maxsize=1)
def _mel_bands() -> NDArray[np.float64]:
    top = 2595 * np.log10(1 + RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, _BANDS + 2) / 2595) - 1)
    frequencies = np.fft.rfftfreq(_POINTS, 1 / RATE)[:, None]
    rising = (frequencies - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - frequencies) / (edges[2:] - edges[1:-1])
    result: NDArray[np.float64] = np.clip(np.minimum(rising, falling), 0, None)
    return result


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float64]:
    # The loudness itself (cepstrum 0) is kept: where syllables are loud both voices are.
    result: NDArray[np.float64] = np.cos(np.pi / _BANDS * (np.arange(_BANDS)[:, None] + 0.5) * np.arange(_CEPSTRA))
    return result
