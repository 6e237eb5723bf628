"""Paints every picture of the demo: `uv run python projects/demo/artwork/paint.py`.

The pictures are committed; this is their source, so that they belong to nobody else and can be made again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from canvas import (
    Colour,
    Field,
    Picture,
    Sphere,
    develop,
    fbm,
    grid,
    mix,
    noise,
    paint_sphere,
    ramp,
    rgb,
    ridge,
    smooth,
    stars,
    turn,
)
from numpy.typing import NDArray

type Surface = Callable[[NDArray[np.floating[Any]]], tuple[Picture, Field]]

FOLDER = Path(__file__).parent.parent / "images"
TALL = (1296, 2304)
WIDE = (2240, 1260)


def cratered(seed: int, dark: Colour, light: Colour, seas: float = 0.5, yaw: float = 0.0) -> Surface:
    """An airless world: dark plains, bright highlands, craters with raised rims, rays around the youngest."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(900, 3))
    centres = (centres / np.linalg.norm(centres, axis=1, keepdims=True)).astype(np.float32)
    sizes = np.clip(rng.pareto(1.7, 900) * 0.012 + 0.008, 0.008, 0.16).astype(np.float32)

    def surface(normal: NDArray[np.floating[Any]]) -> tuple[Picture, Field]:
        p = turn(normal, yaw, 0.25)
        plain = smooth(fbm(p * 1.6 + 5, seed, octaves=5), 0.60 - 0.22 * seas, 0.68 - 0.18 * seas)
        rough = fbm(p * 14, seed + 3, octaves=5)
        tall = rough * 0.030
        bright = np.zeros_like(rough)
        for centre, size in zip(centres, sizes, strict=True):
            near = np.nonzero(p @ centre > np.cos(size * 2.6))[0]
            if not len(near):
                continue
            t = np.linalg.norm(p[near] - centre, axis=-1) / size
            bowl = np.where(t < 1, (t * t - 1) * 0.55, 0) + np.exp(-((t - 1.0) ** 2) / 0.03) * 0.28
            tall[near] += bowl * size * (0.55 - 0.25 * plain[near])
            if size > 0.05:
                bright[near] += np.exp(-t / 0.9) * 0.22
        tone = np.clip(0.04 + 0.96 * (1 - plain) * (0.45 + 0.9 * rough) + plain * rough * 0.25 + bright * 0.5, 0, 1.2)
        return rgb(dark) + (rgb(light) - rgb(dark)) * tone[:, None], tall

    return surface


def earth(yaw: float) -> Surface:
    """Oceans, green and dry land, ice, and clouds in bands."""

    def surface(normal: NDArray[np.floating[Any]]) -> tuple[Picture, Field]:
        p = turn(normal, yaw, 0.41)
        land = fbm(p * 1.9 + 11, 21, octaves=7)
        dry = fbm(p * 2.6 + 3, 22)
        sea = ramp(land, [(0.3, (0.006, 0.03, 0.12)), (0.52, (0.02, 0.13, 0.27))])
        soil = ramp(dry, [(0.35, (0.05, 0.13, 0.03)), (0.52, (0.20, 0.20, 0.07)), (0.65, (0.42, 0.30, 0.15))])
        ground = mix(sea, soil, smooth(land, 0.525, 0.535))
        ice = smooth(np.abs(p[:, 1]) + (land - 0.5) * 0.4, 0.80, 0.88)
        ground = mix(ground, np.broadcast_to(rgb((0.8, 0.85, 0.9)), ground.shape), ice)
        swirl = fbm(p * 2.2, 30, octaves=4)[:, None] * rgb((1.4, 0.3, 1.4))
        cloud = fbm(p * rgb((2.4, 4.2, 2.4)) + swirl, 31, octaves=7)
        cover = smooth(cloud, 0.50, 0.68) * 0.95
        return mix(ground, np.broadcast_to(rgb((0.92, 0.94, 0.97)), ground.shape), cover), cover * 0.01

    return surface


def banded(seed: int, stops: list[tuple[float, Colour]], turbulence: float, storm: float = 0.0) -> Surface:
    """A gas giant: bands by latitude, stirred by noise, and perhaps one great storm."""

    def surface(normal: NDArray[np.floating[Any]]) -> tuple[Picture, Field]:
        p = turn(normal, 0.4, 0.12)
        stir = fbm(p * rgb((2.0, 9.0, 2.0)), seed, octaves=6) - 0.5
        fine = fbm(p * rgb((5.0, 26.0, 5.0)) + stir[:, None] * 2, seed + 9, octaves=5) - 0.5
        latitude = p[:, 1] + stir * turbulence
        belts = noise(np.stack([latitude * 15, np.zeros_like(latitude), np.zeros_like(latitude)], -1) + 40, seed)
        colour = ramp(np.clip(belts + fine * 0.9, 0, 1), stops) ** 1.7
        if storm:
            d = np.sqrt(((p[:, 0] - 0.30) / 0.19) ** 2 + ((p[:, 1] - 0.33) / 0.09) ** 2)
            red = np.broadcast_to(rgb((0.45, 0.09, 0.03)), colour.shape)
            colour = mix(colour, red, (1 - smooth(d + fine * 0.8, 0.65, 1.1)) * storm)
        return colour, np.zeros_like(latitude)

    return surface


def mottled(seed: int, stops: list[tuple[float, Colour]], scale: float, cap: Colour | None = None) -> Surface:
    """A world of one material in many shades, with an ice cap where `cap` gives its colour."""

    def surface(normal: NDArray[np.floating[Any]]) -> tuple[Picture, Field]:
        p = turn(normal, 0.9, 0.3)
        warp = fbm(p * scale, seed, octaves=4)[:, None]
        tone = fbm(p * scale * 1.3 + warp * 1.6, seed + 5, octaves=7)
        colour = ramp(tone, stops) ** 1.25
        if cap is not None:
            ice = smooth(np.abs(p[:, 1]) + (tone - 0.5) * 0.3, 0.86, 0.9)
            colour = mix(colour, np.broadcast_to(rgb(cap), colour.shape), ice)
        return colour, tone * 0.05

    return surface


def add_rings(picture: Picture, ball: Sphere, tilt: float, lean: float, *, front: bool) -> None:
    """Saturn's rings as a tilted disc: the far half goes behind the ball, so call it once before and once after."""
    gx, gy = grid(picture.shape[1], picture.shape[0])
    c, s = np.cos(lean), np.sin(lean)
    dx, dy = (gx - ball.x) / ball.radius, (gy - ball.y) / ball.radius
    u, v = dx * c + dy * s, (-dx * s + dy * c) / tilt
    r = np.sqrt(u * u + v * v)
    zeros = np.zeros_like(r)
    density = (
        fbm(np.stack([r * 26, zeros, zeros], -1), 77, octaves=4) * smooth(r, 1.25, 1.45) * (1 - smooth(r, 2.25, 2.32))
    )
    density *= 1 - 0.9 * np.exp(-((r - 1.96) ** 2) / 0.0008)
    shadow = 1 - 0.85 * ((np.abs(v + 0.15 * u) < 0.9) & (u > 0.2) & (v < 0)).astype(np.float32)
    half = (v > 0) if front else (v <= 0)
    colour = (
        ramp(density, [(0, (0.25, 0.20, 0.15)), (0.5, (0.72, 0.60, 0.44)), (1, (0.95, 0.86, 0.70))]) * shadow[..., None]
    )
    cover = np.clip(density * 1.9, 0, 0.95) * half
    picture[:] = mix(picture, colour, cover)


def add_sun(picture: Picture, x: float, y: float, radius: float, colour: Colour, spread: float) -> None:
    """A disc too bright to look at, with its glow."""
    gx, gy = grid(picture.shape[1], picture.shape[0])
    d = np.sqrt((gx - x) ** 2 + (gy - y) ** 2)
    picture += (np.exp(-d / spread) * 0.9 + (d < radius) * 6 + np.exp(-d / (spread * 4)) * 0.25)[..., None] * rgb(
        colour
    )


def planet(size: tuple[int, int], seed: int, ball: Sphere, surface: Surface, band: float = 0.35) -> Picture:
    """One world before the stars."""
    picture = stars(*size, seed, band=band)
    paint_sphere(picture, ball, surface)
    return picture


def moonlit_sea() -> Picture:
    """A full moon over the water, its path broken by waves."""
    width, height = TALL
    gx, gy = grid(width, height)
    horizon = 0.30
    t = np.clip((gy + 0.9) / (horizon + 0.9), 0, 1)
    sky = ramp(t, [(0, (0.004, 0.008, 0.03)), (0.6, (0.012, 0.03, 0.09)), (1, (0.06, 0.10, 0.20))])
    cloud = fbm(np.stack([gx * 2.2, gy * 5.5, np.zeros_like(gx)], -1), 51)
    moon_x, moon_y = 0.02, -0.33
    d = np.sqrt((gx - moon_x) ** 2 + (gy - moon_y) ** 2)
    picture = sky + stars(width, height, 52, count=700, band=0.1) * (1 - t * 0.8)[..., None]
    picture += (np.exp(-d / 0.10) * 0.35 + np.exp(-d / 0.45) * 0.14)[..., None] * rgb((0.8, 0.9, 1.0))
    paint_sphere(
        picture,
        Sphere(moon_x, moon_y, 0.205, light=(-0.15, -0.2, 1), ambient=0.02, relief=0.6),
        cratered(5, (0.16, 0.17, 0.19), (0.95, 0.92, 0.86), seas=0.75),
    )
    lit = smooth(cloud, 0.5, 0.75) * smooth(gy, -0.35, 0.25)
    picture = mix(picture, rgb((0.10, 0.15, 0.25)) * (1 + 1.6 * np.exp(-d / 0.3))[..., None], lit * 0.6)
    depth = np.clip(gy - horizon, 1e-4, None)
    far = 1 / (depth + 0.03)
    wave = fbm(np.stack([gx * far * 5, far * 16, np.zeros_like(gx)], -1), 53, octaves=5, gain=0.6)
    glitter = smooth(wave, 0.52, 0.66) * np.exp(-(((gx - moon_x) / (0.045 + depth * 0.22)) ** 2))
    water = ramp(
        np.clip(depth / 0.7, 0, 1), [(0, (0.05, 0.085, 0.17)), (0.3, (0.014, 0.03, 0.075)), (1, (0.003, 0.008, 0.02))]
    )
    water = (
        water * (0.55 + 0.9 * wave)[..., None]
        + glitter[..., None] * rgb((1.3, 1.32, 1.25)) * (0.9 - 0.6 * depth)[..., None]
    )
    return mix(picture, water, smooth(gy, horizon - 0.001, horizon + 0.001))


def mountains(size: tuple[int, int], seed: int, sky: list[tuple[float, Colour]], near: Colour, far: Colour) -> Picture:
    """Five ridges in the haze."""
    width, height = size
    _, gy = grid(width, height)
    low, high = gy.min(), gy.max()
    picture: Picture = (
        ramp((gy - low) / (high - low), sky)
        + stars(width, height, seed, count=500, band=0.15) * smooth(-gy, -0.1, 0.5)[..., None]
    )
    for layer in range(5):
        t = layer / 4
        top = low + (0.66 + 0.24 * t) * (high - low) - ridge(width, seed + layer * 7, 1.6 + 2.4 * t) * (0.34 - 0.12 * t)
        inside = smooth(gy - top[None, :], -0.0012, 0.0012)
        colour = rgb(far) * (1 - t) + rgb(near) * t
        haze = np.clip((gy - top[None, :]) / 0.42, 0, 1)
        lifted = colour * (0.75 - haze[..., None] * 0.35) + rgb(far) * haze[..., None] * 0.9 * (1 - t)
        picture = mix(picture, lifted.astype(np.float32), inside)
    return picture


def crescent() -> Picture:
    """A young moon over mountains before dawn."""
    picture = mountains(
        TALL, 61, [(0, (0.006, 0.012, 0.05)), (0.45, (0.05, 0.06, 0.20)), (0.68, (0.45, 0.22, 0.22)), (1, (0.9, 0.5, 0.28))],
        (0.004, 0.006, 0.014), (0.13, 0.085, 0.15),
    )  # fmt: skip
    ball = Sphere(0.10, -0.42, 0.13, light=(-0.75, 0.45, -0.42), ambient=0.02, relief=0.3)
    gx, gy = grid(*TALL)
    picture += np.exp(-np.sqrt((gx - 0.06) ** 2 + (gy + 0.40) ** 2) / 0.16)[..., None] * rgb((0.10, 0.10, 0.12))
    lit: Picture = np.zeros_like(picture)
    paint_sphere(lit, ball, cratered(5, (0.35, 0.35, 0.36), (1.0, 0.97, 0.9), seas=0.7))
    return picture + lit * 1.6


def earthrise() -> Picture:
    """The Earth above the Moon's horizon."""
    width, height = TALL
    picture = stars(width, height, 71, count=900, band=0.1)
    paint_sphere(picture, Sphere(0.03, -0.22, 0.30, light=(0.75, -0.5, 0.35), air=(0.25, 0.5, 1.0)), earth(1.9))
    ball = Sphere(0.25, 2.05, 1.62, light=(0.62, -0.72, 0.25), relief=0.9)
    paint_sphere(picture, ball, cratered(9, (0.10, 0.10, 0.10), (0.48, 0.46, 0.44), seas=0.3, yaw=0.7))
    return picture


def locked_pair() -> Picture:
    """Earth and Moon together: the Moon turns one face to us."""
    picture = stars(*TALL, 81, count=1300, band=0.6)
    paint_sphere(picture, Sphere(-0.16, 0.20, 0.40, light=(-0.8, -0.3, 0.5), air=(0.25, 0.5, 1.0)), earth(0.2))
    paint_sphere(
        picture, Sphere(0.27, -0.44, 0.13, light=(-0.8, -0.3, 0.5), relief=0.5),
        GREY,
    )  # fmt: skip
    return picture


def saturn(size: tuple[int, int]) -> Picture:
    """Rings behind, ball, rings in front."""
    picture = stars(*size, 99, band=0.3)
    ball = Sphere(0.0, 0.0, 0.24, light=(-0.75, -0.3, 0.6))
    sand: list[tuple[float, Colour]] = [(0, (0.55, 0.42, 0.26)), (0.5, (0.80, 0.66, 0.44)), (1, (0.92, 0.83, 0.64))]
    add_rings(picture, ball, 0.30, -0.28, front=False)
    paint_sphere(picture, ball, banded(91, sand, 0.03))
    add_rings(picture, ball, 0.30, -0.28, front=True)
    return picture


def sun(size: tuple[int, int]) -> Picture:
    """A star close up: granules, spots, a corona."""
    picture = stars(*size, 101, count=500, band=0.1)
    fire: list[tuple[float, Colour]] = [(0.3, (0.7, 0.10, 0.01)), (0.5, (1.7, 0.55, 0.06)), (0.7, (2.6, 1.5, 0.4))]
    gx, gy = grid(*size)
    d = np.sqrt((gx + 0.25) ** 2 + (gy - 0.05) ** 2)
    angle = np.arctan2(gy - 0.05, gx + 0.25)
    rays = fbm(np.stack([np.cos(angle) * 3, np.sin(angle) * 3, d * 1.5], -1), 103, octaves=5)
    corona = np.exp(-np.clip(d - 0.42, 0, None) / (0.05 + 0.16 * rays))
    picture += corona[..., None] * rgb((1.3, 0.45, 0.10))
    ball = Sphere(-0.25, 0.05, 0.42, light=(0, 0, 1), ambient=0.4)
    paint_sphere(picture, ball, mottled(102, fire, 15.0))
    return picture


def asteroids(size: tuple[int, int]) -> Picture:
    """Rocks near and far, the sun behind."""
    picture = stars(*size, 111, band=0.5)
    add_sun(picture, -0.62, -0.30, 0.012, (1.0, 0.93, 0.8), 0.05)
    rng = np.random.default_rng(112)
    for i in range(70):
        radius = float(np.clip(rng.pareto(1.3) * 0.006 + 0.003, 0.003, 0.16))
        x, y = float(rng.uniform(-0.9, 0.95)), float(rng.normal(0.10, 0.13) + rng.uniform(-0.1, 0.1))
        tone = float(rng.uniform(0.25, 0.5))
        rock: list[tuple[float, Colour]] = [
            (0.3, (tone * 0.4, tone * 0.36, tone * 0.32)),
            (0.7, (tone, tone * 0.92, tone * 0.83)),
        ]
        ball = Sphere(x, y, radius, light=(-0.8, -0.5, 0.35), relief=6.0 if radius > 0.02 else 2.0)
        paint_sphere(picture, ball, mottled(200 + i, rock, 2.5))
    return picture


def distant_home(size: tuple[int, int]) -> Picture:
    """One pale blue dot in a beam of light."""
    picture = stars(*size, 121, count=2600, band=1.1)
    gx, gy = grid(*size)
    beam = np.exp(-((gx * 0.94 + gy * 0.34 - 0.12) ** 2) / 0.004)
    picture += beam[..., None] * rgb((0.10, 0.075, 0.05))
    d = np.sqrt((gx - 0.155) ** 2 + (gy + 0.07) ** 2)
    picture += (np.exp(-((d / 0.0035) ** 2)) * 3 + np.exp(-d / 0.016) * 0.5)[..., None] * rgb((0.45, 0.7, 1.2))
    return picture


def solar_system(size: tuple[int, int]) -> Picture:
    """The whole family in a row, not to scale."""
    picture = stars(*size, 131, band=0.8)
    add_sun(picture, -1.02, 0.0, 0.22, (1.3, 0.85, 0.42), 0.13)
    gold: list[tuple[float, Colour]] = [(0, (0.40, 0.24, 0.12)), (0.5, (0.75, 0.56, 0.38)), (1, (0.9, 0.82, 0.7))]
    light = (-1.0, 0.0, 0.35)
    row: list[tuple[float, float, Surface, Colour | None]] = [
        (-0.60, 0.018, cratered(141, (0.2, 0.18, 0.16), (0.6, 0.56, 0.5)), None),
        (-0.50, 0.034, mottled(142, [(0.3, (0.6, 0.42, 0.2)), (0.7, (0.95, 0.8, 0.5))], 2.0), (0.9, 0.7, 0.4)),
        (-0.38, 0.038, earth(0.2), (0.25, 0.5, 1.0)),
        (-0.27, 0.024, mottled(144, [(0.3, (0.30, 0.09, 0.03)), (0.7, (0.72, 0.33, 0.15))], 2.2), None),
        (-0.06, 0.125, banded(145, gold, 0.06, storm=0.9), None),
        (0.62, 0.060, banded(147, [(0, (0.35, 0.62, 0.68)), (1, (0.55, 0.80, 0.84))], 0.02), None),
        (0.79, 0.057, banded(148, [(0, (0.05, 0.14, 0.50)), (1, (0.15, 0.34, 0.85))], 0.05), None),
    ]
    for x, radius, surface, air in row:
        paint_sphere(picture, Sphere(x, 0.02, radius, light=light, air=air), surface)
    ball = Sphere(0.31, 0.02, 0.085, light=light)
    add_rings(picture, ball, 0.26, -0.3, front=False)
    paint_sphere(picture, ball, banded(146, gold, 0.03))
    add_rings(picture, ball, 0.26, -0.3, front=True)
    return picture


GREY = cratered(5, (0.10, 0.10, 0.11), (0.62, 0.60, 0.57), seas=0.75)
PICTURES: dict[str, Callable[[], Picture]] = {
    "moonlit-sea": moonlit_sea,
    "near-side": lambda: planet(TALL, 41, Sphere(0.0, -0.12, 0.43, light=(-0.5, -0.3, 0.75), relief=0.7), GREY),
    "locked-pair": locked_pair,
    "far-side": lambda: planet(
        TALL, 43, Sphere(-0.05, -0.10, 0.46, light=(0.75, -0.35, 0.5), relief=0.9),
        cratered(15, (0.16, 0.155, 0.15), (0.56, 0.54, 0.51), seas=0.15, yaw=2.0),
    ),
    "earthrise": earthrise,
    "crescent": crescent,
    "family": lambda: solar_system(WIDE),
    "sun": lambda: sun(WIDE),
    "mercury": lambda: planet(
        WIDE, 151, Sphere(0.22, 0.05, 0.36, light=(-0.9, -0.2, 0.35), relief=0.9),
        cratered(152, (0.22, 0.19, 0.16), (0.72, 0.66, 0.58), seas=0.2),
    ),
    "venus": lambda: planet(
        WIDE, 153, Sphere(-0.22, 0.0, 0.38, light=(0.6, -0.4, 0.6), air=(0.95, 0.70, 0.35)),
        mottled(154, [(0.3, (0.55, 0.34, 0.14)), (0.5, (0.86, 0.66, 0.36)), (0.7, (0.97, 0.88, 0.66))], 1.7),
    ),
    "earth": lambda: planet(WIDE, 155, Sphere(0.18, 0.02, 0.40, light=(-0.75, -0.25, 0.55), air=(0.25, 0.5, 1.0)), earth(0.9)),
    "mars": lambda: planet(
        WIDE, 157, Sphere(-0.2, 0.04, 0.38, light=(0.7, -0.35, 0.55), air=(0.55, 0.30, 0.18), relief=0.5),
        mottled(158, [(0.32, (0.16, 0.05, 0.02)), (0.5, (0.52, 0.20, 0.08)), (0.68, (0.86, 0.50, 0.26))], 1.8, cap=(0.9, 0.9, 0.92)),
    ),
    "asteroids": lambda: asteroids(WIDE),
    "jupiter": lambda: planet(
        WIDE, 159, Sphere(0.15, 0.03, 0.47, light=(-0.65, -0.2, 0.72)),
        banded(160, [(0, (0.36, 0.19, 0.09)), (0.35, (0.66, 0.44, 0.27)), (0.6, (0.88, 0.78, 0.64)), (1, (0.97, 0.93, 0.86))], 0.07, storm=1.0),
    ),
    "saturn": lambda: saturn(WIDE),
    "uranus": lambda: planet(
        WIDE, 161, Sphere(-0.2, 0.0, 0.34, light=(0.65, -0.35, 0.6), air=(0.4, 0.8, 0.85)),
        banded(162, [(0, (0.36, 0.64, 0.70)), (1, (0.58, 0.84, 0.87))], 0.015),
    ),
    "neptune": lambda: planet(
        WIDE, 163, Sphere(0.2, 0.02, 0.36, light=(-0.7, -0.3, 0.6), air=(0.2, 0.4, 1.0)),
        banded(164, [(0, (0.03, 0.09, 0.40)), (0.6, (0.10, 0.25, 0.75)), (1, (0.45, 0.62, 0.95))], 0.05),
    ),
    "distant-home": lambda: distant_home(WIDE),
}  # fmt: skip


def main(names: list[str]) -> None:
    """Paint the named pictures, or all of them, as JPEG."""
    for name in names or PICTURES:
        develop(PICTURES[name]()).save(FOLDER / f"{name}.jpg", quality=86, optimize=True, progressive=True)


if __name__ == "__main__":
    main(sys.argv[1:])
