"""Fonts: found by name, honest about their coverage, measured as they are drawn."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest

from recipes import fonts

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


def draw(folder: Path, font: Path, size: float, text: str) -> npt.NDArray[np.uint8]:
    """One line of white text by libass on a black 900×200 picture, its box's top left corner at 20, 20."""
    title = fonts.face(font).name
    (folder / "one.ass").write_text(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: 900\nPlayResY: 200\nKerning: yes\nWrapStyle: 2\n"
        "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, Outline, Shadow, Alignment, MarginL, MarginV\n"
        f"Style: a,{title},{fonts.ass_size(font, size):.2f},&H00FFFFFF,0,0,7,0,0\n"
        "[Events]\nFormat: Layer, Start, End, Style, Text\n"
        f"Dialogue: 0,0:00:00.00,0:00:01.00,a,{{\\pos(20,20)}}{text}\n",
        encoding="utf-8",
    )
    shutil.copy(font, folder)
    source = "color=black:s=900x200:r=1:d=1,format=gray,ass=one.ass:fontsdir=."
    read = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", source]
    write = ["-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-"]
    done = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *read, *write], cwd=folder, capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(200, 900)


@pytest.mark.parametrize("title", ["Rubik ExtraBold", "Fira Sans Condensed ExtraBold", "Golos Text SemiBold"])
def test_widths_and_sizes_are_those_libass_draws(tmp_path: Path, title: str) -> None:
    """A line is as wide and its capitals as high as `measure` and `ass_size` promise, to a pixel and a half."""
    font = fonts.resolve(title)
    picture = draw(tmp_path, font, 60, "НАТАЛЬЯ AVATAR ГУТА")
    columns = np.flatnonzero(picture.max(axis=0) > 60)
    rows = np.flatnonzero(picture.max(axis=1) > 60)
    width = fonts.measure(font, 60, "НАТАЛЬЯ AVATAR ГУТА")
    bearing = 60 * 0.12  # the sides of the first and last letter are not inked
    assert width - bearing <= columns[-1] - columns[0] + 1 <= width + 1.5
    face = fonts.face(font)
    assert rows[0] == pytest.approx(20 + 60 * (face.ascent - face.cap_height), abs=1.5)


@pytest.mark.parametrize("title", fonts.available())
def test_every_face_has_latin_cyrillic_and_money(title: str) -> None:
    """A face of the project draws any Russian or English script with its punctuation and currency."""
    text = (
        "".join(map(chr, range(0x20, 0x7F))) + "".join(map(chr, range(0x410, 0x450))) + "Ёё«»„“”‘’—–…№₽€$£§°·×−±•\u00a0"
    )
    assert fonts.missing_glyphs(fonts.resolve(title), text, emoji=False) == set()


def test_what_a_font_cannot_draw_is_named() -> None:
    """Missing glyphs are told one by one, so that a spec's line can be shown with them."""
    assert fonts.missing_glyphs(fonts.resolve("Golos Text Bold"), "Луна 🌙 и 月", emoji=False) == {"🌙", "月"}


def test_a_projects_own_font_comes_first(tmp_path: Path) -> None:
    """A font in the project's `fonts/` wins over ours of the same name."""
    (tmp_path / "fonts").mkdir()
    own = tmp_path / "fonts" / "brand.ttf"
    shutil.copy(fonts.resolve("Golos Text Bold"), own)
    assert fonts.resolve("Golos Text Bold", tmp_path) == own
    assert fonts.resolve("brand", tmp_path) == own


def test_a_family_means_its_regular_face() -> None:
    """`Golos Text` alone is a usable name."""
    assert fonts.resolve("golos text").name == "GolosText-Regular.ttf"


def test_a_misspelt_font_is_answered_with_the_nearest() -> None:
    """A wrong name says which names there are, and which was likely meant."""
    with pytest.raises(fonts.FontMissing, match="did you mean “Rubik ExtraBold”"):
        fonts.resolve("Rubik ExtrBold")


def test_a_file_that_is_no_font_is_said_so(tmp_path: Path) -> None:
    """A broken font is an error with its name, never a traceback."""
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"no font at all")
    with pytest.raises(fonts.FontMissing, match=r"broken\.ttf"):
        fonts.resolve("Golos Text", tmp_path)


@pytest.mark.parametrize("emoji", ["🌙", "☀️", "❤️", "👍🏽", "👨‍👩‍👧", "🇷🇺", "1️⃣", "#️⃣"])
def test_emoji_are_drawn_whole_in_their_own_font(emoji: str) -> None:
    """Sequences stay together, and none is missed in captions; a title drawn in one font misses them."""
    font = fonts.resolve("Golos Text Bold")
    before, drawn, after = fonts.runs(font, f"а {emoji}!")
    assert (before, after) == (("а ", font), ("!", font))
    assert drawn[1] == fonts.EMOJI
    assert fonts.letters(f"а{emoji}!") == ["а", emoji, "!"]
    assert fonts.missing_glyphs(font, f"а {emoji}!", emoji=True) == set()
    assert fonts.missing_glyphs(font, f"а {emoji}!", emoji=False)
    assert fonts.measure(font, 100, f"а {emoji}!") == pytest.approx(
        fonts.measure(font, 100, "а ") + fonts.measure(fonts.EMOJI, 100, drawn[0]) + fonts.measure(font, 100, "!")
    )


def test_what_text_fonts_have_is_text() -> None:
    """A sign that the font has is drawn with it, unless the emoji is asked for."""
    font = fonts.resolve("Golos Text Bold")
    assert fonts.runs(font, "© 2026 №") == [("© 2026 №", font)]
    assert [file for _, file in fonts.runs(font, "©️")] == [fonts.EMOJI]
    assert fonts.missing_glyphs(font, "*️⃣", emoji=True) == {"\u20e3"}
