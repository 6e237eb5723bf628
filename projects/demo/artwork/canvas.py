"""Brushes: noise, stars, lit spheres, ridges. Pictures are float32 arrays of shape (height, width, 3), linear light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

type Picture = NDArray[np.floating[Any]]
type Field = NDArray[np.floating[Any]]
type Colour = tuple[float, float, float]


def rgb(colour: Colour) -> NDArray[np.float32]:
    """A colour as an array of shape (3,)."""
    return np.asarray(colour, np.float32)


def hash_lattice(x: NDArray[np.int64], y: NDArray[np.int64], z: NDArray[np.int64], seed: int) -> Field:
    """A value in [0, 1) for every lattice point, the same on every machine (integer arithmetic only)."""
    n = (x * 374761393 + y * 668265263 + z * 2147483647 + seed * 144665) & 0xFFFFFFFF
    n = ((n ^ (n >> 13)) * 1274126177) & 0xFFFFFFFF
    return (((n ^ (n >> 16)) & 0xFFFFFF) / float(0x1000000)).astype(np.float32)


def noise(p: NDArray[np.floating[Any]], seed: int) -> Field:
    """Value noise in [0, 1) at points `p` of shape (..., 3), with quintic fading (Perlin 2002) against creases."""
    base = np.floor(p).astype(np.int64)
    f = (p - base).astype(np.float32)
    f = f * f * f * (f * (f * 6 - 15) + 10)
    out = np.zeros(p.shape[:-1], np.float32)
    for corner in range(8):
        bits = (corner & 1, corner >> 1 & 1, corner >> 2)
        weight = np.ones_like(out)
        for axis, bit in enumerate(bits):
            weight *= f[..., axis] if bit else 1 - f[..., axis]
        out += weight * hash_lattice(base[..., 0] + bits[0], base[..., 1] + bits[1], base[..., 2] + bits[2], seed)
    return out


def fbm(p: NDArray[np.floating[Any]], seed: int, octaves: int = 6, gain: float = 0.5) -> Field:
    """Fractal noise, about [0, 1]: each octave twice as fine and `gain` times as strong."""
    total = np.zeros(p.shape[:-1], np.float32)
    strength, norm = 1.0, 0.0
    for octave in range(octaves):
        total += strength * noise(p * np.float32(2**octave), seed + octave)
        norm += strength
        strength *= gain
    return total / np.float32(norm)


def mix(a: Picture, b: Picture, t: Field) -> Picture:
    """Blend by a field of shape (height, width)."""
    return a + (b - a) * t[..., None]


def ramp(t: Field, stops: list[tuple[float, Colour]]) -> Picture:
    """A colour gradient through `stops` at positions `t`."""
    at = [stop for stop, _ in stops]
    return np.stack([np.interp(t, at, [colour[i] for _, colour in stops]) for i in range(3)], -1).astype(np.float32)


def smooth(t: Field, low: float, high: float) -> Field:
    """0 below `low`, 1 above `high`, smooth between."""
    x: Field = np.clip((t - low) / (high - low), 0, 1)
    return x * x * (3 - 2 * x)


def grid(width: int, height: int) -> tuple[Field, Field]:
    """Pixel coordinates in units of the shorter side, origin at the centre, y down."""
    unit = min(width, height)
    x = (np.arange(width, dtype=np.float32) - width / 2 + 0.5) / unit
    y = (np.arange(height, dtype=np.float32) - height / 2 + 0.5) / unit
    return np.broadcast_to(x, (height, width)), np.broadcast_to(y[:, None], (height, width))


def blur(picture: Picture, radius: float) -> Picture:
    """Gaussian of that many pixels, by Fourier transform: exact for any radius. Nothing glows from outside."""
    margin = int(radius * 3) + 1
    padded = np.pad(picture, ((margin, margin), (margin, margin), (0, 0)))
    height, width, _ = padded.shape
    fy, fx = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)
    kernel = np.exp(-2 * (np.pi * radius) ** 2 * (fx * fx + fy * fy))
    spectrum = np.fft.rfft2(padded, axes=(0, 1)) * kernel[..., None]
    soft = np.fft.irfft2(spectrum, s=(height, width), axes=(0, 1)).astype(np.float32)
    return soft[margin:-margin, margin:-margin]


def stars(width: int, height: int, seed: int, count: int = 1500, band: float = 0.5) -> Picture:
    """A night sky: stars with the magnitudes of a real one (many faint, few bright) and a soft galactic band."""
    rng = np.random.default_rng(seed)
    sky = np.zeros((height, width, 3), np.float32)
    x, y = rng.integers(0, width, count), rng.integers(0, height, count)
    power = (rng.pareto(1.6, count) * 0.10).clip(0.03, 6).astype(np.float32)
    warm = rng.random(count).astype(np.float32)
    tint = np.stack([0.8 + 0.3 * warm, np.full(count, 0.92, np.float32), 1.15 - 0.35 * warm], -1)
    np.add.at(sky, (y, x), power[:, None] * tint)
    sky = blur(sky, 0.7) * 2.4 + blur(sky, 3) * 1.6
    gx, gy = grid(width, height)
    tilt = gy * 0.8 + gx * 0.6
    cloud = fbm(np.stack([gx * 3, gy * 3, np.zeros_like(gx)], -1), seed)
    glow = np.exp(-((tilt + (cloud - 0.5) * 0.5) ** 2) / 0.06) * smooth(cloud, 0.3, 0.75)
    haze: Picture = ramp(cloud, [(0, (0.02, 0.03, 0.08)), (0.6, (0.10, 0.09, 0.18)), (1, (0.30, 0.20, 0.22))])
    lit: Picture = sky + haze * (glow * band)[..., None]
    return lit + rgb((0.004, 0.006, 0.014))


@dataclass(frozen=True)
class Sphere:
    """A lit ball. Position and radius as in `grid`; `light` points at the sun (x right, y down, z to the viewer)."""

    x: float
    y: float
    radius: float
    light: Colour = (-0.7, -0.35, 0.6)
    air: Colour | None = None
    ambient: float = 0.006
    relief: float = 0.0


def paint_sphere(
    picture: Picture, ball: Sphere, surface: Callable[[NDArray[np.floating[Any]]], tuple[Picture, Field]]
) -> None:
    """Paint onto `picture` in place. `surface` answers for unit vectors (n, 3): albedo (n, 3) and height (n,)."""
    height, width, _ = picture.shape
    gx, gy = grid(width, height)
    dx, dy = (gx - ball.x) / ball.radius, (gy - ball.y) / ball.radius
    distance = np.sqrt(dx * dx + dy * dy)
    light = rgb(ball.light) / np.linalg.norm(ball.light)
    edge = 1.5 / (ball.radius * min(width, height))
    if ball.air is not None:
        # Light scattered by the air outside the disc falls off quickly and only on the day side.
        side = np.clip((dx * light[0] + dy * light[1]) / np.maximum(distance, 1e-3) * 0.6 + 0.5, 0, 1)
        halo = np.exp(-np.clip(distance - 1, 0, None) / 0.035) * (distance > 1 - edge) * side
        picture += halo[..., None] * rgb(ball.air) * 0.55
    inside = distance < 1 + edge
    px, py = dx[inside], dy[inside]
    pz = np.sqrt(np.clip(1 - px * px - py * py, 0, 1))
    normal = np.stack([px, py, pz], -1).astype(np.float32)
    albedo, tall = surface(normal)
    shade: NDArray[np.floating[Any]] = normal
    if ball.relief:
        step = np.float32(2.0 / (ball.radius * min(width, height)))
        slope = []
        for axis in range(2):
            moved = normal.copy()
            moved[:, axis] += step
            slope.append((surface(moved / np.linalg.norm(moved, axis=-1, keepdims=True))[1] - tall) / step)
        shade = normal - ball.relief * np.stack([slope[0], slope[1], np.zeros_like(tall)], -1)
        shade /= np.linalg.norm(shade, axis=-1, keepdims=True)
    day = np.clip(shade @ light, 0, None) * smooth(normal @ light, -0.08, 0.15)
    colour = albedo * (day * 1.25 + ball.ambient)[:, None]
    if ball.air is not None:
        rim = (1 - pz) ** 3 * smooth(normal @ light, -0.25, 0.5)
        colour += rim[:, None] * rgb(ball.air) * 0.9
    cover = np.clip((1 + edge / 2 - distance[inside]) / edge, 0, 1)[:, None]
    picture[inside] = picture[inside] * (1 - cover) + colour.astype(np.float32) * cover


def turn(p: NDArray[np.floating[Any]], yaw: float, tilt: float) -> NDArray[np.floating[Any]]:
    """Rotate unit vectors about the vertical axis, then lean them: shows another side of a ball."""
    c, s = np.cos(tilt), np.sin(tilt)
    x, y, z = p[..., 0] * c - p[..., 1] * s, p[..., 0] * s + p[..., 1] * c, p[..., 2]
    c, s = np.cos(yaw), np.sin(yaw)
    return np.stack([x * c + z * s, y, -x * s + z * c], -1).astype(np.float32)


def ridge(width: int, seed: int, roughness: float) -> Field:
    """The height of a mountain line over the picture's width, about [0, 1]."""
    x = np.linspace(0, 1, width, dtype=np.float32) * roughness
    line = fbm(np.stack([x, np.zeros_like(x), np.zeros_like(x)], -1), seed, octaves=8, gain=0.52)
    return (1 - np.abs(line * 2 - 1)) * 0.6 + line * 0.4


def develop(picture: Picture, exposure: float = 1.0, grain: float = 0.006, seed: int = 7) -> Image.Image:
    """Linear light → an sRGB image: filmic shoulder, bloom on what is bright, a vignette, a breath of grain."""
    bright = np.clip(picture - 0.8, 0, 4)
    picture = picture + blur(bright, 18) * 0.35 + blur(bright, 60) * 0.25
    x, y = grid(picture.shape[1], picture.shape[0])
    picture = picture * (1 - 0.28 * np.clip((x * x + y * y) * 0.7, 0, 1))[..., None] * exposure
    # Narkowicz's fit of the ACES curve keeps colour in highlights that a plain clip would burn out.
    toned = picture * (2.51 * picture + 0.03) / (picture * (2.43 * picture + 0.59) + 0.14)
    toned = np.clip(toned, 0, 1) ** (1 / 2.2)
    rng = np.random.default_rng(seed)
    toned += rng.normal(0, grain, toned.shape[:2]).astype(np.float32)[..., None]
    return Image.fromarray((np.clip(toned, 0, 1) * 255 + 0.5).astype(np.uint8))
