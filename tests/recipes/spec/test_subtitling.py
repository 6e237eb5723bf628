"""Speakers, translations, emoji and sounds in a spec, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.recipes.spec.conftest import Root

SHOW = "show: images/moon.jpg"


def spec(*blocks: str) -> str:
    """A spec of one video of these blocks, a line each, the first on line 8."""
    return "videos:\n  - id: moon\n    title: T\n    blocks:\n" + "".join(
        f"      - {{{block}, {SHOW}}}\n" for block in blocks
    )


def test_speakers_and_translations_end_up_in_the_video(video: Callable[[str], Root]) -> None:
    """Who says it is in the block, and the languages are those of all blocks; both survive being kept for later."""
    root = video(
        spec(
            'say: One., speaker: " Anna  Lee ", translations: {ru: Раз., pt-BR: Um.}',
            "say: Two., translations: {pt-BR: Dois., ru: Два.}",
        )
    )
    for _ in range(2):
        (moon,) = root.videos()
        assert moon.translations == ("pt-BR", "ru")
        assert [block.speaker for block in moon.blocks] == ["Anna Lee", ""]
        assert moon.blocks[1].translations == {"pt-BR": "Dois.", "ru": "Два."}


@pytest.mark.parametrize(
    ("blocks", "place", "message"),
    [
        (
            ("say: One., translations: {ru: Раз.}", "say: Two."),
            "9:10",
            "block '02' is not translated into 'ru', as another block is",
        ),
        (
            ("say: One., translations: {en: One.}",),
            "8:36",
            "translations: 'en' is the language of the video itself",
        ),
        (
            ("say: One., translations: {russian-language-please: Раз.}",),
            "8:35",
            "must be a language tag such as ru, en or pt-BR (BCP 47), not 'russian-language-please'",
        ),
        (("say: One., translations: {ru: ''}",), "8:40", "must have words in it"),
        (("say: '月 One.'",), "8:15", "cannot draw '月' (U+6708)"),
        (("say: One., speaker: 月",), "8:30", "cannot draw '月' (U+6708)"),
    ],
)
def test_mistakes_are_told_at_their_line(
    video: Callable[[str], Root], blocks: tuple[str, ...], place: str, message: str
) -> None:
    """A track is whole or not there, tags are tags, and what no font can draw is told before anything is built."""
    (told,) = video(spec(*blocks)).told()
    assert told[0] == f"project.yaml:{place}"
    assert message in told[1]


def test_emoji_and_sounds_are_welcome_in_captions(video: Callable[[str], Root]) -> None:
    """Emoji are drawn by a font that ships, so no mistake; nor is a block of a sound alone."""
    assert video(spec("say: 'Wow 🌙👍🏽 1️⃣!'", "say: '[waves]'")).videos()


def test_a_title_cannot_hold_emoji(video: Callable[[str], Root]) -> None:
    """What a mode draws itself is drawn in one font, so an emoji there is a mistake, told with its code."""
    root = video(
        "mode: minimal_text\nvideos:\n  - id: a\n    title: T\n    blocks: [{say: One., show: {text: Moon 🌙}}]\n"
    )
    assert all("U+1F319" in message for _, message, _ in root.told())
