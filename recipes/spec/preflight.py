"""What would fail later, found before anything is spoken, drawn or paid for.

Is there such a mode and does it take what is shown, is there such a voice and does it speak the language, does the
style exist, have the fonts the letters?
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from factory.spec.document import Part, Source
from factory.spec.problems import Place, Problem, did_you_mean
from factory.spec.schema import Schema
from recipes import fonts, modes, voices
from recipes.captions import styles
from recipes.spec.model import RECORDED
from recipes.text import marks
from recipes.text.pieces import STRESS

if TYPE_CHECKING:
    from pathlib import Path

    from factory.spec.layers import Layers
    from factory.step import Json
    from recipes.modes.mode import ContentMode, Metadata
    from recipes.spec.model import Block, Captions, Video, Voice

_NAMED = 12
"""How many characters a message names before it says “and more”."""


@dataclass(frozen=True)
class _Mode:
    itself: ContentMode
    about: Metadata
    schema: Schema


class Preflight:
    """Asks each mode, engine and style once per load, however many videos use it."""

    def __init__(self) -> None:
        self._modes: dict[str, _Mode | StepError] = {}
        self._refusals: dict[tuple[Voice, str, bool], str | None] = {}
        self._fonts: dict[tuple[str, str, Path], tuple[Path, bool]] = {}

    def show_problems(self, mode: str, show: Mapping[str, Json], block: Source) -> list[Problem]:
        """What the mode has against what a block shows."""
        found = self._mode(mode)
        if isinstance(found, StepError):
            return [block.place(("mode",)).problem(f"mode: {found}", hint=found.hint)]
        shown = Part(block, ("show",))
        return found.schema.problems(show, shown) or [
            shown.place(fault.path).problem(f"{'.'.join(map(str, fault.path))}: {fault.message}", hint=fault.hint)
            for fault in found.itself.validate(show)
        ]

    def pictures(self, mode: str) -> tuple[str, ...]:
        """The keys of `show` that name pictures."""
        found = self._mode(mode)
        return () if isinstance(found, StepError) else found.about.files

    def problems(self, video: Video, settings: Source, blocks: tuple[Layers, ...]) -> Iterator[Problem]:
        """Everything that would make the video fail later. `blocks` know where each block's values stand."""
        for block, source in zip(video.blocks, blocks, strict=True):
            recorded = block.recording is not None or (video.recording is not None and block.voice.engine == RECORDED)
            for voice in () if recorded else (block.voice, *block.voice.otherwise):
                yield from self._voice_problems(voice, video, source)
            yield from _mark_problems(block, source, recorded=recorded)
            if not recorded:
                yield from _stress_problems(block, video, source, settings)
            yield from self._title_problems(block, source)
        yield from self._caption_problems(video, settings, blocks)

    def _mode(self, name: str) -> _Mode | StepError:
        if name not in self._modes:
            try:
                itself = modes.find(name)
            except StepError as error:
                self._modes[name] = error
            else:
                about = itself.metadata()
                self._modes[name] = _Mode(itself, about, Schema(about.schema))
        return self._modes[name]

    def _voice_problems(self, voice: Voice, video: Video, source: Source) -> Iterator[Problem]:
        key = (voice, video.language, video.allow_noncommercial)
        if key not in self._refusals:
            self._refusals[key] = voices.refusal(
                voice.engine,
                voice.name,
                language=video.language,
                rate=voice.rate,
                pitch=voice.pitch,
                noncommercial=video.allow_noncommercial,
            )
        refusal = self._refusals[key]
        if refusal is None:
            return
        engines = voices.engines()
        if voice.engine == RECORDED:
            yield source.place(("voice", "engine")).problem(refusal, hint="a recording is named by 'recording: FILE'")
        elif voice.engine not in engines:
            yield source.place(("voice", "engine")).problem(refusal, hint=did_you_mean(voice.engine, engines))
        else:
            names = [known.name for known in voices.find(voice.engine).voices()]
            hint = "" if voice.name in names else did_you_mean(voice.name, names)
            yield source.place(("voice", "name")).problem(refusal, hint=hint)

    def _title_problems(self, block: Block, source: Source) -> Iterator[Problem]:
        """Text that the mode itself draws."""
        mode = self._mode(block.mode)
        if isinstance(mode, StepError):
            return
        for key in mode.about.text:
            text = block.show.get(key)
            for font in mode.about.resources.values() if isinstance(text, str) else ():
                if missing := fonts.missing_glyphs(font, str(text), emoji=False):
                    yield _without_glyphs(source.place(("show", key)), missing, font.stem, "another text")

    @cached_property
    def _options(self) -> Schema:
        return Schema(styles.schema())

    def _caption_problems(self, video: Video, settings: Source, blocks: tuple[Layers, ...]) -> Iterator[Problem]:
        captions = video.captions
        key = (captions.style, json.dumps(captions.options, sort_keys=True), video.project_folder)
        if key not in self._fonts:
            found = list(self._style_problems(captions, settings))
            yield from found
            if found:
                return
            style: Any = styles.load(captions.style, captions.options)
            try:
                self._fonts[key] = (fonts.resolve(style["font"], video.project_folder), bool(style.get("uppercase")))
            except fonts.FontMissing as error:
                yield settings.place(("captions", "options", "font")).problem(f"captions: {error}")
                return
        font, uppercase = self._fonts[key]
        for block, source in zip(video.blocks, blocks, strict=True) if captions.delivery != "none" else ():
            shown = {"say": block.say.upper() if uppercase else block.say, "speaker": block.speaker.upper()}
            for said, text in shown.items():
                if missing := fonts.missing_glyphs(font, text, emoji=True):
                    remedy = "another font (captions: {options: {font: …}})"
                    yield _without_glyphs(source.place((said,)), missing, font.stem, remedy)

    def _style_problems(self, captions: Captions, settings: Source) -> Iterator[Problem]:
        known = styles.names()
        if captions.style in known:
            yield from self._options.problems(captions.options, Part(settings, ("captions", "options")))
        else:
            hint = did_you_mean(captions.style, known) or f"there are {', '.join(known)}"
            place = settings.place(("captions", "style"))
            yield place.problem(f"captions: no style is called '{captions.style}'", hint=hint)


def _mark_problems(block: Block, source: Source, *, recorded: bool) -> Iterator[Problem]:
    """Pauses that cannot be, shown where they stand in the text."""
    texts = [(("say",), block.say), *((("translations", tag), text) for tag, text in block.translations.items())]
    for route, text in texts:
        faults = list(marks.faults(text))
        if recorded and route == ("say",) and not faults:
            hint = "take the mark out of the text"
            faults = [marks.Fault(mark, "a recording has its own pauses", hint) for mark in marks.pauses(text)]
        for fault in faults:
            place = source.place(route)
            column = place.source.find(fault.mark)
            if column >= 0:
                place = replace(place, column=column + 1, length=len(fault.mark))
            yield place.problem(f"{route[0]}: {fault.message}", hint=fault.hint)


def _stress_problems(block: Block, video: Video, source: Source, settings: Source) -> Iterator[Problem]:
    """Stress that a voice of the block would not hear."""
    said = block.say.casefold()
    places = [source.place(("say",))] if STRESS in block.say else []
    places += [
        settings.place(("lexicon", word))
        for word, spoken in video.lexicon.items()
        if STRESS in spoken and word.casefold() in said
    ]
    known = voices.engines()
    for voice in (block.voice, *block.voice.otherwise) if places else ():
        if voice.engine in known and not voices.find(voice.engine).stressed:
            able = ", ".join(engine for engine in known if voices.find(engine).stressed)
            message = f"{voice.title} would not hear the stress (U+0301)"
            yield from (place.problem(message, hint=f"take it out, or let {able} speak") for place in places)


def _without_glyphs(place: Place, missing: set[str], font: str, remedy: str) -> Problem:
    found = sorted(missing)
    named = ", ".join(f"'{char}' (U+{ord(char):04X})" for char in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return place.problem(f"the font {font} cannot draw {named}{more}", hint=f"use {remedy} or other characters")
