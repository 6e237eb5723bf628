"""ASS: what is written is drawn, and nothing a person wrote is obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipes import fonts
from recipes.captions import ass, layout, styles
from recipes.captions.cues import Cue, Word
from tests.recipes.captions.drawing import TEMPLATES, draw

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (480, 270)
SAFE = {"top": 50, "right": 60, "bottom": 100, "left": 40}
STYLES = styles.names()


def words(text: str) -> tuple[Word, ...]:
    """Each word half a second long."""
    return tuple(Word(word, 500 * n, 500 * n + 400, 0) for n, word in enumerate(text.split(" ")))


def document(lines: tuple[str, ...], style: dict[str, Any], *, boxed: bool = False) -> tuple[str, layout.Look]:
    """A document of one cue, four seconds long."""
    flat = words(" ".join(lines))
    cut, parts = 0, []
    for line in lines:
        parts.append(flat[cut : cut + len(line.split(" "))])
        cut += len(parts[-1])
    look = layout.look(style, SIZE, SAFE, fonts.resolve(str(style["font"])), language="ru")
    placed = layout.place(Cue(0, 4000, tuple(parts)), look, style["position"], boxed=boxed)
    return ass.Writer(look, style, TEMPLATES).document([(0, placed)]), look


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("boxed", [False, True])
def test_every_style_stays_inside_the_safe_area(tmp_path: Path, name: str, boxed: bool) -> None:
    """Nothing a style draws, its box included, leaves the margins; and it draws something."""
    made, look = document(("Расстояние до Луны", "измерили"), styles.validate(name, {}), boxed=boxed)
    picture = draw(tmp_path, made, look.font, size=SIZE, at=3.95, ground="0x0000FF")
    inked = np.abs(picture.astype(int) - [0, 0, 255]).max(axis=2) > 40
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    beyond = look.padding if boxed and styles.load(name, {})["box"] != "always" else look.shadow
    assert rows[0] >= look.safe.top - 1
    assert rows[-1] <= look.safe.bottom + 1 + look.shadow
    assert columns[0] >= look.safe.left - 1 - beyond
    assert columns[-1] <= look.safe.right + 1 + beyond


HOSTILE = [
    r"{\fs200}",
    r"{\p1}m0",
    r"\N\N",
    r"\h{",
    "}{",
    "a{b}c",
    "\\",
    r"\{",
    r"{\1a&HFF&}x",
    r"{=0}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_drawn_as_letters(tmp_path: Path, text: str) -> None:
    """Tags, drawings and line breaks in a word come out as wide, and where, their letters measure."""
    style = styles.validate("minimal", {"outline": 0, "shadow": 0, "size": 90})
    made, look = document((f"A{text}A",), style)
    picture = draw(tmp_path, made, look.font, size=SIZE, at=1, ground="black")
    columns = np.flatnonzero(picture.max(axis=(0, 2)) > 60)
    assert columns[-1] - columns[0] == pytest.approx(look.measure(f"A{text}A"), abs=4)
    rows = np.flatnonzero(picture.max(axis=(1, 2)) > 60)
    assert rows[-1] - rows[0] < 1.3 * look.em


@given(st.text(max_size=30))
def test_no_text_can_begin_another_event(text: str) -> None:
    """Whatever the words, the document has the events it should, each on one line."""
    style = styles.load("longform", {})
    look = layout.look(style, SIZE, SAFE, fonts.resolve(str(style["font"])), language="ru")
    placed = layout.place(Cue(0, 900, ((Word(f"x{text}", 0, 900, 0),),)), look, "bottom", boxed=False)
    made = ass.Writer(look, style, TEMPLATES).document([(0, placed)])
    events = made.split("[Events]\n")[1].strip("\n").split("\n")
    assert len(events) == 2
    assert len(pysubs2.SSAFile.from_string(made)) == 1
    assert "{" not in ass.escape(text).replace("\\{", "")


def test_the_spoken_word_lights_up_and_its_neighbours_stand_still(tmp_path: Path) -> None:
    """In `pop` the highlight follows the voice, and a swelling word moves no other."""
    style = styles.validate("shorts", {"position": "center", "outline": 0, "shadow": 0, "size": 80})
    made, look = document(("раз два",), style)
    first, second = (draw(tmp_path, made, look.font, size=SIZE, at=at, ground="black").astype(int) for at in (0.3, 0.8))
    middle = SIZE[0] // 2
    yellow = [(picture[..., 0] - picture[..., 2] > 120) for picture in (first, second)]
    assert yellow[0][:, :middle].any()
    assert not yellow[0][:, middle + 5 :].any()
    assert yellow[1][:, middle:].any()
    assert not yellow[1][:, : middle - 5].any()

    def left_edge(picture: np.ndarray[Any, Any], start: int) -> int:
        return start + int(np.flatnonzero(picture[:, start:].max(axis=(0, 2)) > 60)[0])

    grown = left_edge(first, 0)
    plain = left_edge(second, 0)
    assert 0 < plain - grown <= 4


def test_karaoke_colours_what_was_said(tmp_path: Path) -> None:
    """In `karaoke` the words behind are coloured and those ahead are not."""
    style = styles.validate("karaoke", {"outline": 0, "shadow": 0})
    made, look = document(("раз два", "три четыре"), style)
    picture = draw(tmp_path, made, look.font, size=SIZE, at=1.0, ground="black").astype(int)
    blue = picture[..., 2] - picture[..., 0] > 120
    rows = np.flatnonzero(picture.max(axis=(1, 2)) > 60)
    middle = (rows[0] + rows[-1]) // 2
    assert blue[:middle].any()
    assert not blue[middle + 3 :].any()


def test_a_typewriter_has_written_only_what_was_said(tmp_path: Path) -> None:
    """In `typewriter` the second half appears with its voice, and the first does not move meanwhile."""
    made, look = document(("раз два три четыре",), styles.validate("typewriter", {}))
    early, late = (draw(tmp_path, made, look.font, size=SIZE, at=at, ground="black").max(axis=2) for at in (0.9, 3.9))
    edge = np.flatnonzero(early.max(axis=0) > 60)[-1]
    assert edge < np.flatnonzero(late.max(axis=0) > 60)[-1] - 20
    assert np.array_equal(early[:, : edge - 4], late[:, : edge - 4])


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [(0, "0:00:00.00"), (61_239, "0:01:01.23"), (3_600_000, "1:00:00.00"), (36_610_990, "10:10:10.99")],
)
def test_times_pass_the_minute_and_the_hour(milliseconds: int, written: str) -> None:
    """Hundredths, minutes and hours are carried."""
    assert ass.time(milliseconds) == written


def test_colours_turn_round_and_alpha_turns_over() -> None:
    """`#RRGGBBAA` becomes `&HAABBGGRR` with transparency for opacity."""
    assert ass.color("#FFE23480") == "&H7F34E2FF"
    assert ass.color("#0a0b0c") == "&H000C0B0A"
