"""Layout: places in pixels, inside the safe area whatever the words."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipes import fonts
from recipes.captions import layout, styles
from recipes.captions.cues import Cue, Word

SAFE = {"top": 150, "right": 180, "bottom": 250, "left": 60}
FRAMES = [(1080, 1920), (1920, 1080), (1080, 1080), (108, 192)]


def look(name: str, frame: tuple[int, int] = (1080, 1920), language: str = "ru") -> layout.Look:
    """A style on a frame."""
    style = styles.load(name, {})
    return layout.look(style, frame, SAFE, fonts.resolve(str(style["font"])), language=language)


def cue(*lines: str) -> Cue:
    """A cue of these lines."""
    return Cue(0, 1000, tuple(tuple(Word(word, 0, 1000, 0) for word in line.split()) for line in lines))


@settings(deadline=None)
@given(
    st.sampled_from(styles.names()),
    st.sampled_from(FRAMES),
    st.lists(st.text("абвгЩЖ1", min_size=1, max_size=60), min_size=1, max_size=2),
    st.one_of(st.sampled_from(["bottom", "center", "top"]), st.integers(0, 1000)),
    st.booleans(),
)
def test_no_caption_leaves_the_safe_area(
    name: str, frame: tuple[int, int], lines: list[str], position: layout.Position, boxed: bool
) -> None:
    """Text stays inside the margins at any position, in any geometry; a word too long for the frame is set smaller."""
    made = look(name, frame)
    placed = layout.place(cue(*lines), made, position, boxed=boxed)
    for line in placed.lines:
        assert line.ink.left >= made.safe.left - 0.01
        assert line.ink.right <= made.safe.right + 0.01
    for part in (*(line.ink for line in placed.lines), *placed.boxes):
        assert part.top >= made.safe.top - 0.01
        assert part.bottom <= made.safe.bottom + 0.01


def test_a_margin_is_kept_inside_the_safe_area() -> None:
    """`margin` narrows what captions may fill by as much on every side, and moves the ones at the foot up."""
    own = styles.load("longform", {"margin": 50})
    font = fonts.resolve(str(own["font"]))
    safe = {"top": 50, "right": 50, "bottom": 80, "left": 50}
    wide = layout.look(styles.load("longform", {}), (1920, 1080), safe, font, language="ru")
    narrow = layout.look(own, (1920, 1080), safe, font, language="ru")
    for side in ("left", "top"):
        assert getattr(narrow.safe, side) - getattr(wide.safe, side) == pytest.approx(54)
    for side in ("right", "bottom"):
        assert getattr(wide.safe, side) - getattr(narrow.safe, side) == pytest.approx(54)


def test_lines_are_centred_on_the_frame() -> None:
    """Margins of unequal width do not push captions off the middle of the picture."""
    made = look("longform")
    (line,) = layout.place(cue("Каждую ночь Луна"), made, "bottom", boxed=False).lines
    assert line.x == made.width / 2
    assert (line.ink.left + line.ink.right) / 2 == pytest.approx(made.width / 2)


def test_words_stand_where_the_whole_line_would_have_them() -> None:
    """Words placed one by one read as one line: kerned, evenly spaced, from its left edge to its right."""
    made = dataclasses.replace(look("shorts"), gap=0)
    (line,) = layout.place(cue("ГОД ТАМ"), made, "center", boxed=False).lines
    first, second = line.words
    assert second.x - first.x == pytest.approx(
        made.measure("ГОД ТАМ") - made.measure("ГОД") / 2 - made.measure("ТАМ") / 2, abs=0.5
    )


def test_a_bottom_caption_grows_upwards() -> None:
    """The last line of one and of two lines is at the same height."""
    made = look("longform")
    one = layout.place(cue("Луна"), made, "bottom", boxed=False)
    two = layout.place(cue("Каждую ночь", "Луна"), made, "bottom", boxed=False)
    assert one.lines[-1].y == pytest.approx(two.lines[-1].y)


def test_a_number_is_the_captions_middle() -> None:
    """Position 500 centres one line and two lines on half the height."""
    made = look("shorts")
    for lines in (("Луна",), ("Каждую ночь", "Луна")):
        placed = layout.place(cue(*lines), made, 500, boxed=False)
        cap = made.face.cap_height * placed.em
        top, last = placed.lines[0].ink.top, placed.lines[-1].ink.top + cap
        assert (top + last) / 2 == pytest.approx(made.height / 2)


def test_a_style_keeps_its_proportions_in_any_frame() -> None:
    """Half the frame, half of everything: a style is made once for every size."""
    small, large = look("shorts", (540, 960)), look("shorts", (1080, 1920))
    for key in ("em", "pitch", "outline", "shadow", "padding", "radius", "room"):
        assert getattr(large, key) == pytest.approx(2 * getattr(small, key))


def test_right_to_left_words_stand_from_the_right() -> None:
    """Hebrew words run leftwards, and Latin words among them keep their own order."""
    made = dataclasses.replace(look("ad", language="he"), room=1e9)
    (line,) = layout.place(cue("Apollo Eleven נחת ירח"), made, "center", boxed=False).lines
    apollo, eleven, landed, moon = (word.x for word in line.words)
    assert moon < landed < apollo < eleven
