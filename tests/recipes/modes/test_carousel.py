from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recipes import modes
from recipes.modes.carousel import MOTIONS
from recipes.modes.mode import Shot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from factory.step import Json

WIDTH, HEIGHT = 108, 192


def luma(path: Path, frames: int = 1, size: tuple[int, int] = (WIDTH, HEIGHT), **show: Json) -> list[Any]:
    """The luma of every frame of a shot."""
    shot = Shot(*size, (30, 1), frames, {"motion": "none", **show}, {"image": path})
    return [np.asarray(frame[0]).astype(float) for frame in modes.find("carousel").render(shot).frames()]


def dots(path: Path, size: tuple[int, int] = (400, 700)) -> Path:
    """White discs on black, wherever one looks."""
    image = Image.new("L", (size[0] * 4, size[1] * 4))
    draw = ImageDraw.Draw(image)
    for x in range(160, size[0] * 4, 320):
        for y in range(160, size[1] * 4, 320):
            draw.ellipse((x - 60, y - 60, x + 60, y + 60), fill=255)
    image.resize(size, Image.Resampling.LANCZOS).save(path)
    return path


def centre(frame: Any, near: tuple[float, float]) -> tuple[float, float]:
    """Where the disc near a point is, to a fraction of a pixel: the centre of its light."""
    x, y = near
    left, top = max(0, int(x) - 14), max(0, int(y) - 14)
    patch = frame[top : top + 29, left : left + 29] - 16
    rows, columns = np.indices(patch.shape)
    return float((patch * columns).sum() / patch.sum()) + left, float((patch * rows).sum() / patch.sum()) + top


@pytest.mark.parametrize("motion", ["zoom_in", "zoom_out", "pan_left", "pan_up"])
def test_moves_without_judder(tmp_path: Path, motion: str) -> None:
    """A disc followed over a whole block never jumps: its speed changes by a small part of a pixel from frame to frame.

    Whole-pixel positions, as zoompan has them, would change it by one.
    """
    frames = luma(dots(tmp_path / "dots.png"), 90, motion=motion, focus=[0.3, 0.3])
    bright = np.argwhere(frames[0] > 200)
    y, x = bright[np.abs(bright - (HEIGHT * 0.62, WIDTH * 0.62)).sum(axis=1).argmin()]
    places = [centre(frames[0], (x, y))]
    for frame in frames[1:]:
        places.append(centre(frame, places[-1]))

    track = np.array(places)
    speed = np.diff(track, axis=0)
    assert np.abs(np.diff(speed, axis=0)).max() < 0.06
    assert np.linalg.norm(track[-1] - track[0]) > 4
    assert np.abs(speed[[0, -1]]).max() < 0.06


@pytest.mark.parametrize("motion", [*MOTIONS, "auto"])
@pytest.mark.parametrize("size", [(300, 200), (200, 300), (40, 40), (1000, 30)])
def test_fills_the_frame_whatever_the_picture(tmp_path: Path, motion: str, size: tuple[int, int]) -> None:
    """No motion over a picture of any shape, even one smaller than the frame, ever shows an edge of it."""
    Image.new("L", size, 200).save(tmp_path / "grey.png")

    for frame in luma(tmp_path / "grey.png", 5, motion=motion, focus=[0.0, 1.0]):
        assert (frame.min(), frame.max()) in {(187, 187), (187, 188), (188, 188)}


@pytest.mark.parametrize("motion", MOTIONS)
def test_rests_where_its_last_frame_is(tmp_path: Path, motion: str) -> None:
    """The picture held for the next block's transition is exactly the last frame, however long the block was."""
    path = dots(tmp_path / "dots.png")

    assert (luma(path, 1, motion=motion)[0] == luma(path, 7, motion=motion)[-1]).all()
    assert (luma(path, 1, motion=motion)[0] == luma(path, 12, motion=motion)[-1]).all()


def test_keeps_the_subject_when_it_crops(tmp_path: Path) -> None:
    """A wide picture in an upright frame is cropped around the box it was told to keep."""
    image = Image.new("L", (900, 400))
    image.paste(255, (700, 100, 800, 300))
    image.save(tmp_path / "wide.png")

    kept = luma(tmp_path / "wide.png", subject=[700 / 900, 0.25, 800 / 900, 0.75])[0]
    middle = luma(tmp_path / "wide.png")[0]

    columns = np.flatnonzero((kept > 200).any(axis=0))
    assert columns.min() > 10
    assert columns.max() < WIDTH - 10
    assert columns.max() - columns.min() == pytest.approx(100 * HEIGHT / 400, abs=2)
    assert middle.max() < 30


def test_moves_towards_the_focus(tmp_path: Path) -> None:
    """Zooming in, the point of interest comes nearer to the middle."""
    image = Image.new("L", (400, 700))
    ImageDraw.Draw(image).ellipse((110, 160, 130, 180), fill=255)
    image.save(tmp_path / "star.png")

    frames = luma(tmp_path / "star.png", 20, motion="zoom_in", focus=[0.3, 170 / 700])

    def away(frame: Any) -> float:
        y, x = np.argwhere(frame > 150).mean(axis=0)
        return float(np.hypot((x - WIDTH / 2) / WIDTH, (y - HEIGHT / 2) / HEIGHT))

    assert away(frames[-1]) < away(frames[0]) - 0.02


def test_is_as_sharp_as_the_photo(tmp_path: Path) -> None:
    """At rest in its tightest view the picture differs little from one good scaling of the photo (PSNR ≥ 38 dB)."""
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 256, (96, 54), dtype=np.uint8)).resize((432, 768), Image.Resampling.BICUBIC)
    noise.save(tmp_path / "photo.png")

    shown = luma(tmp_path / "photo.png", motion="zoom_in", focus=[0.5, 0.5])[0]

    width, height = 432 / 1.16, 768 / 1.16
    box = ((432 - width) / 2, (768 - height) / 2, (432 + width) / 2, (768 + height) / 2)
    best = np.asarray(noise.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=box)).astype(float)
    error = (shown - (16 + best * 219 / 255)) ** 2
    assert 10 * np.log10(219**2 / error.mean()) >= 38


def test_a_proof_is_the_final_seen_small(tmp_path: Path) -> None:
    """The proof's frame is the final's frame reduced, so that captions measured on it are right."""
    path = dots(tmp_path / "dots.png")
    show: Mapping[str, Json] = {"motion": "zoom_in", "focus": [0.2, 0.7]}
    carousel = modes.find("carousel")
    large = carousel.render(Shot(324, 576, (30, 1), 9, show, {"image": path}, full=(324, 576)))
    small = carousel.render(Shot(108, 192, (30, 1), 9, show, {"image": path}, quality="proof", full=(324, 576)))

    for whole, little in zip(large.frames(), small.frames(), strict=True):
        reduced = np.asarray(whole[0]).reshape(192, 3, 108, 3).mean(axis=(1, 3))
        assert np.abs(reduced - np.asarray(little[0])).mean() < 3


def test_draws_alike_in_many_threads(tmp_path: Path) -> None:
    """Blocks drawn at once in one process share stills and the core, and are what they are when drawn alone."""
    path = dots(tmp_path / "dots.png")
    with ThreadPoolExecutor(6) as pool:
        drawn = list(pool.map(lambda motion: luma(path, 6, motion=motion), MOTIONS))

    for motion, frames in zip(MOTIONS, drawn, strict=True):
        assert all((one == other).all() for one, other in zip(frames, luma(path, 6, motion=motion), strict=True))


def test_refuses_a_subject_inside_out() -> None:
    """The corners of a box have an order, and the spec writer is told the key."""
    faults = modes.find("carousel").validate({"image": "a.jpg", "subject": [0.5, 0.1, 0.2, 0.9]})

    assert [fault.path for fault in faults] == [("subject",)]
