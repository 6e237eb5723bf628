"""From recognised words to blocks."""

from __future__ import annotations

import yaml

from recipes.transcript import blocks, project

NIGHT = "Bees fan their wings all night long."


def test_a_long_pause_begins_a_block() -> None:
    """Sentences said in one breath share a block; after a pause comes another."""
    words = [("One.", 0.0, 0.4), ("Two.", 0.6, 1.0), ("Three.", 2.5, 3.0)]
    assert blocks(words, "en") == ["One. Two.", "Three."]


def test_blocks_are_not_endless() -> None:
    """A speaker who never pauses still gets a block for every few sentences, none of them lost."""
    words = [(word, n * 0.3, n * 0.3 + 0.3) for n, word in enumerate(NIGHT.split() * 20)]
    found = blocks(words, "en")
    assert max(map(len, found)) <= 220
    assert " ".join(found).split() == [word for word, _, _ in words]


def test_what_is_heard_is_data() -> None:
    """Whatever a recogniser writes, the spec holds it as text."""
    text = "yes: {a: [b]} # 'no' & *c"
    spec = yaml.safe_load(project("my-talk", "ru", [text]))
    assert spec["videos"][0]["blocks"][0]["say"] == text
    assert spec["voice"] == "rhvoice/aleksandr-hq"
