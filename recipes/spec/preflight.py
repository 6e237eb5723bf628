"""What would fail later, found before anything is spoken, drawn or paid for.

Is there such a mode, such a voice, does it speak the language, does the style exist, has its font the letters?
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from factory.errors import FactoryError
from factory.spec.document import Part
from factory.spec.problems import Place, Problem, did_you_mean
from factory.spec.schema import Schema
from recipes import fonts, modes, voices
from recipes.captions import styles

if TYPE_CHECKING:
    from recipes.spec.building import Built
    from recipes.spec.model import Voice

_NAMED = 12
"""How many characters a message names before it says “and more”."""


class Preflight:
    """Asks each engine, mode and style once per load, however many videos use it."""

    def __init__(self) -> None:
        self._voices: dict[tuple[str, str, str], tuple[str, str]] = {}

    def problems(self, built: Built) -> Iterator[Problem]:
        """Everything that would make the video fail later."""
        yield from self._caption_problems(built)
        for block, source in zip(built.video.blocks, built.blocks, strict=True):
            message, hint = self._voice_fault(block.voice, built.video.language)
            if message:
                yield source.place(("voice",)).problem(message, hint=hint)
            try:
                mode = modes.find(block.mode)
            except FactoryError as error:
                yield source.place(("mode",)).problem(f"mode: {error}")
                continue
            for fault in mode.validate(block.show):
                yield source.place(("show",)).problem(f"{block.mode}: {fault}")

    def _voice_fault(self, voice: Voice, language: str) -> tuple[str, str]:
        key = (voice.engine, voice.name, language)
        if key not in self._voices:
            self._voices[key] = _voice_fault(*key)
        return self._voices[key]

    @cached_property
    def _options(self) -> Schema:
        return Schema(styles.schema())

    def _caption_problems(self, built: Built) -> Iterator[Problem]:
        captions = built.video.captions
        place = built.settings.place(("captions", "style"))
        if captions.style not in styles.names():
            hint = did_you_mean(captions.style, styles.names()) or f"there are {', '.join(styles.names())}"
            yield place.problem(f"captions: no style is called '{captions.style}'", hint=hint)
            return
        wrong = self._options.problems(captions.options, Part(built.settings, ("captions", "options")))
        yield from wrong
        if wrong or captions.delivery == "none":
            return
        style: Any = styles.load(captions.style, captions.options)
        try:
            font = fonts.resolve(style["font"], built.video.project_folder)
        except FactoryError as error:
            yield built.settings.place(("captions", "options", "font")).problem(str(error))
            return
        for block, source in zip(built.video.blocks, built.blocks, strict=True):
            text = block.say.upper() if style.get("uppercase") else block.say
            if missing := fonts.missing_glyphs(font, text):
                yield _without_glyphs(source.place(("say",)), missing, style["font"])


def _voice_fault(engine: str, name: str, language: str) -> tuple[str, str]:
    """What is wrong with a voice for a language, and what to do; or two empty texts."""
    try:
        known = voices.find(engine).voices()
    except FactoryError as error:
        return f"voice: {error}", ""
    speaking = [f"{engine}/{voice.name}" for voice in known if _speaks(voice.language, language)]
    choice = (
        f"for '{language}' there is {', '.join(speaking[:_NAMED])}"
        if speaking
        else f"'{engine}' speaks no '{language}'"
    )
    voice = next((voice for voice in known if voice.name == name), None)
    if voice is None:
        return f"voice: {engine} has no voice called '{name}'", did_you_mean(name, (v.name for v in known)) or choice
    if not _speaks(voice.language, language):
        return f"voice: {engine}/{name} speaks '{voice.language}', the video is in '{language}'", choice
    return "", ""


def _speaks(voice: str, language: str) -> bool:
    """Whether a voice of one BCP 47 language speaks another: a region or script matters only if both name one."""
    one, other = voice.casefold().split("-"), language.casefold().split("-")
    return one[0] == other[0] and (len(one) == 1 or len(other) == 1 or one[1:] == other[1:])


def _without_glyphs(place: Place, missing: set[str], font: str) -> Problem:
    found = sorted(missing)
    named = ", ".join(f"'{char}' (U+{ord(char):04X})" for char in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    hint = "use another font (captions: {options: {font: …}}) or other characters"
    return place.problem(f"the caption font {font} cannot draw {named}{more}", hint=hint)
