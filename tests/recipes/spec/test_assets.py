"""Assets: hostile names, links, and files that are not what they say."""

from __future__ import annotations

import json
import os
import struct
import wave
import zlib
from pathlib import Path

import pytest
from PIL import Image

from recipes.spec.assets import Assets, AssetWrong, Verdicts


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """A project's folder with one picture and one sound, and a secret outside of it."""
    folder = tmp_path / "project"
    (folder / "images").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"secret")
    Image.new("RGB", (64, 64), "red").save(folder / "images" / "moon.jpg")
    with wave.open(str(folder / "tone.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1600))
    return Assets(folder, Verdicts(tmp_path / "cache" / "assets.json"))


def wrong(assets: Assets, name: str) -> AssetWrong:
    """Why the picture called `name` cannot be used."""
    with pytest.raises(AssetWrong) as caught:
        assets.picture(name)
    return caught.value


def test_right_assets_are_found(assets: Assets) -> None:
    """A picture and a sound inside the folder are answered with their files."""
    assert assets.picture("images/moon.jpg") == assets.folder / "images" / "moon.jpg"
    assert assets.picture("./images/moon.jpg") == assets.folder / "images" / "moon.jpg"
    assert assets.sound("tone.wav") == assets.folder / "tone.wav"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../secret.png", "leads out of the project's folder"),
        ("images/../../secret.png", "leads out of the project's folder"),
        ("/etc/passwd", "is not a path inside the project's folder"),
        ("~/x.png", "is not a path inside the project's folder"),
        ("C:/x.png", "is not a path inside the project's folder"),
        ("concat:a.png|b.png", "is not a path inside the project's folder"),
        ("https://example.org/x.png", "addresses are not fetched"),
        ("images\\moon.jpg", "has a backslash in it"),
        ("images/mo\non.jpg", "control character"),
        ("images/\x00.jpg", "control character"),
        ("images/\ud800.jpg", "control character"),
        ("a" * 300 + ".png", "not a file's name"),
        (".", "not a file's name"),
        ("images", "is not a file"),
        ("images/moon.jpg/x", "there is no"),
        ("images/sun.jpg", "there is no 'images/sun.jpg'"),
        ("tone.wav", "is not a picture"),
    ],
)
def test_name_that_is_no_picture_of_the_project_is_refused(assets: Assets, name: str, message: str) -> None:
    """No name reaches outside, and each refusal says why."""
    assert message in str(wrong(assets, name))


def test_capitals_count_on_every_disk(assets: Assets) -> None:
    """A name in the wrong case is refused with the right one, also where the disk would have found it."""
    assert wrong(assets, "images/Moon.JPG").hint == "did you mean 'images/moon.jpg'? capitals count"
    assert wrong(assets, "images/mon.jpg").hint == "did you mean 'images/moon.jpg'?"


def test_links_may_not_leave_the_folder(assets: Assets) -> None:
    """A link to a file outside, through a linked folder, or in a circle is refused; one that stays is followed."""
    for name, to in (
        ("out.png", "../secret.png"),
        ("up", ".."),
        ("circle.png", "circle.png"),
        ("in.jpg", "images/moon.jpg"),
    ):
        (assets.folder / name).symlink_to(to)
    assert "leads out" in str(wrong(assets, "out.png"))
    assert "leads out" in str(wrong(assets, "up/secret.png"))
    assert "is not a file" in str(wrong(assets, "circle.png"))
    assert assets.picture("in.jpg")


def test_pipe_is_not_a_file(assets: Assets) -> None:
    """A named pipe, which would block for ever, is refused unopened."""
    os.mkfifo(assets.folder / "pipe.png")
    assert "is not a file" in str(wrong(assets, "pipe.png"))


def test_damaged_pictures_are_refused(assets: Assets) -> None:
    """Cut short, empty, or another kind of file under a picture's name."""
    whole = (assets.folder / "images" / "moon.jpg").read_bytes()
    for name, data in (("cut.jpg", whole[: len(whole) // 2]), ("text.png", b"hello"), ("empty.png", b"")):
        (assets.folder / name).write_bytes(data)
    assert "cannot be decoded" in str(wrong(assets, "cut.jpg"))
    assert "is not a picture" in str(wrong(assets, "text.png"))
    assert "is empty" in str(wrong(assets, "empty.png"))


def test_picture_bomb_is_refused_undecoded(assets: Assets) -> None:
    """A PNG of a few bytes that claims 60000×60000 pixels is refused by its header."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    (assets.folder / "bomb.png").write_bytes(bomb)
    assert "pixels" in str(wrong(assets, "bomb.png"))


def test_playlist_is_not_a_sound(assets: Assets) -> None:
    """A playlist would read files and addresses of its own choosing, so it is refused."""
    (assets.folder / "list.wav").write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    (assets.folder / "list.mp3").write_text("ffconcat version 1.0\nfile tone.wav\n")
    for name in ("list.wav", "list.mp3", "images/moon.jpg"):
        with pytest.raises(AssetWrong, match=r"sound"):
            assets.sound(name)


def test_asset_is_decoded_once_until_it_changes(
    assets: Assets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verdict is remembered between loads, and forgotten when the file changes."""
    assets.picture("images/moon.jpg")
    assets.verdicts.save()
    monkeypatch.setattr("PIL.Image.open", None)
    again = Assets(assets.folder, Verdicts(tmp_path / "cache" / "assets.json"))
    assert again.picture("images/moon.jpg")
    monkeypatch.undo()
    (assets.folder / "images" / "moon.jpg").write_bytes(b"no longer a picture")
    third = Assets(assets.folder, Verdicts(tmp_path / "cache" / "assets.json"))
    assert "is not a picture" in str(wrong(third, "images/moon.jpg"))


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"x": 1}', "\x00"])
def test_damaged_memory_costs_a_second_look(assets: Assets, tmp_path: Path, damage: str) -> None:
    """Whatever stands in the kept verdicts, the answer is that of the file."""
    kept = tmp_path / "cache" / "assets.json"
    kept.parent.mkdir()
    kept.write_text(damage or json.dumps({str(assets.folder / "images" / "moon.jpg"): 5}))
    assert Assets(assets.folder, Verdicts(kept)).picture("images/moon.jpg")
