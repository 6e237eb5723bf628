"""Styles: complete, checked, and answering a mistake with what was meant."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from recipes import fonts
from recipes.captions import styles


def test_the_schema_is_a_schema() -> None:
    """Draft 2020-12, which editors and the spec's own schema rely on."""
    Draft202012Validator.check_schema(dict(styles.schema()))


@pytest.mark.parametrize("name", styles.names())
def test_every_style_is_complete_and_its_font_is_here(name: str) -> None:
    """A style that ships leaves nothing to chance: every value, allowed, with a font of the project and a template."""
    style = styles.validate(name, {})
    assert set(style) == set(styles.schema()["properties"])
    assert fonts.resolve(str(style["font"])).parent == fonts.FOLDER
    assert (styles.FOLDER / f"{style['template']}.ass.j2").is_file()


def test_the_styles_of_the_formats_are_here() -> None:
    """Shorts, long videos and advertisements have theirs."""
    assert {"shorts", "longform", "ad", "minimal", "karaoke", "typewriter"} <= set(styles.names())


def test_options_override_a_style() -> None:
    """An option replaces one value and leaves the others."""
    style = styles.validate("shorts", {"color": "#112233"})
    assert style == {**styles.validate("shorts", {}), "color": "#112233"}


def test_every_mistake_is_told_at_once() -> None:
    """An unknown key with its likely meaning, a wrong colour with the right form, a wrong type."""
    with pytest.raises(styles.StyleWrong) as caught:
        styles.validate("shorts", {"colour": "#FFFFFF", "highlight": "red", "size": "big"})
    message = str(caught.value)
    assert "unknown key 'colour', did you mean 'color'?" in message
    assert "highlight: must be a colour, #RRGGBB or #RRGGBBAA" in message
    assert "size: " in message


def test_an_unknown_style_is_answered_with_the_nearest() -> None:
    """A misspelt style names the one that was likely meant."""
    with pytest.raises(styles.StyleWrong, match="did you mean “karaoke”"):
        styles.validate("karaoki", {})
