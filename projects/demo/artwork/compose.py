"""Composes the demo's music: `uv run python projects/demo/artwork/compose.py`.

Slow pads and a soft plucked line over a four-chord progression, made of sine partials: ours to give away, and quiet
in the 1–4 kHz band where speech needs to be understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

type Sound = NDArray[np.floating[Any]]

RATE = 48_000
FOLDER = Path(__file__).parent.parent / "music"


@dataclass(frozen=True)
class Piece:
    """Chords as MIDI notes, one a bar; `beat` in seconds; `bright` is how fast the partials die away."""

    name: str
    chords: tuple[tuple[int, ...], ...]
    beat: float
    bright: float
    pluck: bool


PIECES = (
    Piece("moonrise", ((45, 52, 57, 60, 64), (41, 48, 57, 60, 65), (48, 55, 60, 64, 67), (43, 50, 59, 62, 67)), 0.9, 0.5, True),
    Piece("pulse", ((50, 57, 62, 65, 69), (46, 53, 58, 62, 65), (53, 60, 65, 69, 72), (48, 55, 60, 64, 67)), 0.52, 0.62, True),
    Piece("orbit", ((43, 50, 57, 59, 66), (40, 47, 55, 59, 62), (48, 55, 59, 64, 67), (50, 57, 62, 64, 69)), 1.15, 0.45, False),
)  # fmt: skip


def tone(note: float, seconds: float, attack: float, release: float, bright: float, detune: float) -> Sound:
    """One voice: six partials, each weaker than the last by `bright`, under a raised-cosine envelope."""
    t = np.arange(int(seconds * RATE), dtype=np.float64) / RATE
    frequency = 440 * 2 ** ((note + detune - 69) / 12)
    wave = sum(bright**k * np.sin(2 * np.pi * frequency * k * t + k * note) for k in range(1, 7))
    rise = np.clip(t / attack, 0, 1)
    fall = np.clip((seconds - t) / release, 0, 1)
    shape = (0.5 - 0.5 * np.cos(np.pi * rise)) * (0.5 - 0.5 * np.cos(np.pi * fall))
    return (wave * shape).astype(np.float32)


def add(track: NDArray[np.floating[Any]], sound: Sound, at: float, gain: float, pan: float) -> None:
    """Mix into a stereo track of shape (2, n), wrapping past the end so that the piece loops without a seam."""
    index = (int(at * RATE) + np.arange(len(sound))) % track.shape[1]
    angle = (pan + 1) * np.pi / 4
    track[0, index] += sound * gain * np.float32(np.cos(angle))
    track[1, index] += sound * gain * np.float32(np.sin(angle))


def compose(piece: Piece) -> NDArray[np.floating[Any]]:
    """Two rounds of the progression, as a loop of shape (2, n), peaking at −6 dBFS."""
    bar = piece.beat * 4
    rng = np.random.default_rng(len(piece.name))
    track = np.zeros((2, int(bar * len(piece.chords) * 2 * RATE)), np.float32)
    for round_ in range(2):
        for i, chord in enumerate(piece.chords):
            start = (round_ * len(piece.chords) + i) * bar
            for j, note in enumerate(chord):
                for side in (-1, 1):
                    sound = tone(note, bar * 1.45, bar * 0.35, bar * 0.6, piece.bright * 0.8, side * 0.06)
                    add(track, sound, start, 0.16 if j else 0.26, side * 0.55)
            if piece.pluck:
                for step in range(8):
                    note = chord[1 + (step * (2 + round_)) % (len(chord) - 1)] + 12
                    sound = tone(note, 1.6, 0.006, 1.5, piece.bright * 0.55, 0)
                    decay = np.exp(-np.arange(len(sound), dtype=np.float32) / (RATE * 0.32))
                    add(
                        track,
                        sound * decay,
                        start + step * piece.beat / 2,
                        float(rng.uniform(0.10, 0.20)),
                        float(rng.uniform(-0.5, 0.5)),
                    )
    # An echo a beat and a half later, crossing sides, is the cheapest room there is.
    for k in range(1, 4):
        track += np.roll(track[::-1], int(piece.beat * 1.5 * k * RATE), axis=1) * np.float32(0.22**k)
    peak = float(np.abs(track).max())
    return track * np.float32(0.5 / peak)


def save(track: NDArray[np.floating[Any]], path: Path) -> None:
    """Write Opus at 96 kbit/s in Ogg: a third of a megabyte a piece."""
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE)
        stream.bit_rate = 96_000
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(track), format="fltp", layout="stereo")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for piece in PIECES:
        save(compose(piece), FOLDER / f"{piece.name}.ogg")
