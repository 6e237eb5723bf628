"""Pauses and emphasis, as an author marks them in what is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipes.text import marks, prepare


@pytest.mark.parametrize("mark", ["[pause 0.5]", "[пауза 0,5]", "[ Pause: .5 ]".replace(".5", "0.5"), "[PAUSE 0.50]"])
def test_a_pause_cuts_what_is_said(mark: str) -> None:
    """What is before and after it is said apart, with its length between; the voice goes on, and nothing is shown."""
    before, after = prepare(f"Every night {mark} the Moon rises.", "en", {})
    assert (before.text, before.spoken, before.pause) == ("Every night", "Every night,", 0)
    assert (after.text, after.spoken, after.pause) == ("the Moon rises.", "the Moon rises.", 500)


def test_a_pause_between_sentences_changes_neither() -> None:
    """After a full stop the melody ends as it would, and only the silence is another."""
    first, second = prepare("Ночь. [пауза 2] Луна.", "ru", {})
    assert (first.spoken, second.spoken, second.pause) == ("Ночь.", "Луна.", 2000)


def test_a_sound_between_pauses_belongs_to_what_follows() -> None:
    """The silences add up, and the sound is shown with the next words."""
    _, after = prepare("Кто там? [пауза 1] [дверь скрипит] [пауза 0,5] Это я.", "ru", {})
    assert (after.text, after.pause) == ("[дверь скрипит] Это я.", 1500)


def test_a_sound_may_be_called_pause() -> None:
    """Words after `pause` make it a sound like any other."""
    assert not list(marks.faults("Listen. [pause music] Hear?"))
    assert [sentence.pause for sentence in prepare("Listen. [pause music] Hear?", "en", {})] == [0, 0]


@pytest.mark.parametrize(("text", "mark", "message"), [
    ("A [pause] B", "[pause]", "0.1 to 10 seconds"),
    ("A [pause 20] B", "[pause 20]", "not '20'"),
    ("A [пауза две] B [пауза -1] C", "[пауза -1]", "not '-1'"),
    ("[pause 1] B", "[pause 1]", "nothing is said before"),
    ("A [pause 1] […]", "[pause 1]", "nothing is said after"),
])  # fmt: skip
def test_a_pause_that_cannot_be_is_told(text: str, mark: str, message: str) -> None:
    """Without a length, with an impossible one, or at the edge of a block."""
    (fault,) = marks.faults(text)
    assert fault.mark == mark
    assert message in fault.message


def test_emphasis_marks_what_it_touches() -> None:
    """The asterisks are not shown, and every token between them is marked, numbers with all their words."""
    (sentence,) = prepare("Из них *25 % людей* и «*никто*» не знал: 2 * 3 * 4.", "ru", {})
    assert [token.text for token in sentence.tokens if token.emphasised] == ["25 %", "людей", "«никто»"]
    assert sentence.text == "Из них 25 % людей и «никто» не знал: 2 * 3 * 4."


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.text("ab я,.", min_size=1, max_size=6), st.booleans()), max_size=8))
def test_emphasis_changes_no_word(parts: list[tuple[str, bool]]) -> None:
    """Whatever is emphasised, what is shown and spoken is as it is without the marks."""
    plain = " ".join(text.strip() for text, _ in parts)
    marked = " ".join(f"*{text.strip()}*" if loud and text.strip() else text.strip() for text, loud in parts)
    said, expected = prepare(marked, "ru", {}), prepare(plain, "ru", {})
    assert [(sentence.text, sentence.spoken) for sentence in said] == [(each.text, each.spoken) for each in expected]
