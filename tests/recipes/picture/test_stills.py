from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from factory.errors import StepError
from recipes.picture import stills

if TYPE_CHECKING:
    from pathlib import Path

RED = (63, 102, 240)
"""Pure red in 8-bit limited-range BT.709 (ITU-R BT.709-6, 3.2 and 3.4)."""


def shown(path: Path, width: int = 16, height: int = 16) -> tuple[Any, Any, Any]:
    """The planes of the whole picture."""
    photo = stills.look(path)
    frame = stills.scaled(photo, stills.Box(0, 0, photo.width, photo.height), width, height).get_frame(0)
    return tuple(np.asarray(frame[plane]).astype(int) for plane in range(3))  # type: ignore[return-value]  # three planes


def middle(path: Path) -> tuple[int, ...]:
    """The colour in the middle."""
    return tuple(int(plane[plane.shape[0] // 2, plane.shape[1] // 2]) for plane in shown(path))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK"])
def test_shows_the_same_red_from_every_kind_of_file(tmp_path: Path, mode: str) -> None:
    """RGB, alpha, palette and print colours all come out as BT.709 limited range."""
    path = tmp_path / ("red.tif" if mode == "CMYK" else "red.png")
    Image.new("RGB", (32, 32), "red").convert(mode).save(path)

    assert np.abs(np.subtract(middle(path), RED)).max() <= 1


@pytest.mark.parametrize(("value", "luma"), [(0, 16), (65535, 235), (32768, 126)])
def test_reads_sixteen_bits(tmp_path: Path, value: int, luma: int) -> None:
    """A 16-bit grey PNG spans the whole range and is not cut at 255."""
    Image.fromarray(np.full((32, 32), value, np.uint16)).save(tmp_path / "deep.png")

    assert abs(middle(tmp_path / "deep.png")[0] - luma) <= 1


def test_turns_a_photo_as_it_was_held(tmp_path: Path) -> None:
    """EXIF orientation 6 (a phone held upright): what was the left edge in the file is the top for a viewer."""
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:, :20] = 255
    tag = Image.Exif()
    tag[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "phone.jpg", exif=tag, quality=95)

    photo = stills.look(tmp_path / "phone.jpg")
    luma = shown(tmp_path / "phone.jpg", 20, 40)[0]

    assert (photo.width, photo.height) == (20, 40)
    assert luma[5].mean() > 200
    assert luma[35].mean() < 50


def test_puts_transparent_pictures_on_white(tmp_path: Path) -> None:
    """A logo without a ground is drawn as on paper."""
    Image.new("RGBA", (32, 32), (0, 0, 0, 0)).save(tmp_path / "logo.png")

    assert middle(tmp_path / "logo.png") == (235, 128, 128)


def test_follows_an_embedded_profile(tmp_path: Path) -> None:
    """A picture whose numbers mean other colours (here: red and blue change places) is shown as its profile says."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"____").replace(b"bXYZ", b"rXYZ").replace(b"____", b"bXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "xBGR".encode("utf-16-be"))
    Image.new("RGB", (32, 32), "blue").save(tmp_path / "odd.png", icc_profile=swapped)

    assert np.abs(np.subtract(middle(tmp_path / "odd.png"), RED)).max() <= 3


def test_draws_far_larger_photos_than_needed(tmp_path: Path) -> None:
    """A photo forty times too large is averaged down, not sampled: fine stripes come out grey."""
    stripes = np.zeros((2000, 2000, 3), np.uint8)
    stripes[:, ::2] = 255
    Image.fromarray(stripes).save(tmp_path / "large.png")

    luma = shown(tmp_path / "large.png", 48, 48)[0]

    assert np.abs(luma - 126).max() <= 3


def test_a_fitted_photo_is_whole_over_its_own_blur(tmp_path: Path) -> None:
    """fit: blur shows all of a wide photo in an upright frame, with a dimmed copy above and below."""
    Image.new("RGB", (200, 100), (200, 200, 200)).save(tmp_path / "wide.png")

    frame = stills.blurred(stills.look(tmp_path / "wide.png"), 90, 160).get_frame(0)
    luma = np.asarray(frame[0]).astype(int)

    assert luma[80].min() > 180
    assert 60 < luma[10].mean() < luma[80].mean() - 50


def test_says_which_file_is_no_picture(tmp_path: Path) -> None:
    """A broken picture is an error with its name and what to do, never a traceback from a library."""
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a picture")

    with pytest.raises(StepError, match=r"torn\.jpg"):
        stills.look(tmp_path / "torn.jpg")


def test_says_which_file_ends_too_early(tmp_path: Path) -> None:
    """A picture cut off in the middle is an error, too, not a grey half."""
    Image.effect_noise((200, 200), 40).save(tmp_path / "whole.jpg")
    data = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: len(data) // 2])

    with pytest.raises(StepError, match=r"cut\.jpg"):
        shown(tmp_path / "cut.jpg")


def test_keeps_no_more_than_it_may(tmp_path: Path) -> None:
    """The cache of stills lets the least recently used go, and makes again what is asked for again."""
    Image.new("RGB", (16, 16)).save(tmp_path / "x.png")
    photo = stills.look(tmp_path / "x.png")
    cache = stills._Cache(limit=3 * 16 * 16 * 3 // 2)
    made = []

    def make(name: int) -> Any:
        made.append(name)
        return stills.scaled(photo, stills.Box(0, 0, 16, 16), 16, 16)

    for name in (1, 2, 3, 1, 4, 1, 2):
        cache.get(name, partial(make, name))

    assert made == [1, 2, 3, 4, 2]
