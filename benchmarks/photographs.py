"""Photographs made by a program, as hard to encode as real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image


def take(path: Path, seed: int) -> None:
    """2400×3200: detail at every scale as in nature, a few hard edges, colour, and the grain of a good sensor.

    The amplitude of natural pictures falls with frequency as 1/f^1.1 or so (Tolhurst, Tadmor and Chao 1992).
    """
    rng = np.random.default_rng(seed)
    height, width = 3200, 2400
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    radius[0, 0] = 1
    layers = []
    for _ in range(3):
        phase = np.exp(2j * np.pi * rng.random(radius.shape))
        field = np.fft.irfft2(phase / radius**1.1, s=(height, width))
        layers.append(field / field.std())
    light = 118 + 34 * layers[0] + 26 * np.sin(x / 700 + seed) - 20 * y / height
    for _ in range(14):
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(80, 500)
        inside = (x - cx) ** 2 + ((y - cy) * rng.uniform(0.6, 1.6)) ** 2 < r * r
        light[inside] += rng.uniform(-45, 45)
    colour = [light + 22 * layers[1], light, light + 26 * layers[2]]
    pixels = np.stack([plane + rng.normal(0, 3.5, light.shape) for plane in colour], axis=-1)
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path, quality=93)
