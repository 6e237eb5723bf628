"""From a draft to a `Video`: settings merged and filled in, texts and assets checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from factory.errors import SpecError
from factory.spec.document import UNSEEN, Part, Source
from factory.spec.layers import Layer, Layers, value_at
from factory.spec.schema import first_sentence
from recipes.spec import settings
from recipes.spec.assets import Assets, AssetWrong
from recipes.spec.model import RECORDED, Block, Music, Video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from factory.spec.problems import Problem
    from factory.step import Json
    from recipes.spec.drafts import Draft
    from recipes.spec.shelf import Shelf

_PER_BLOCK = ("voice", "mode", "transition", "pause")
_FIRST: Json = {"kind": "cut", "seconds": 0}
"""The first block comes in over nothing."""
_SPEAKER: Json = {"engine": RECORDED, "name": "recording", "otherwise": []}
"""Who speaks in a video that somebody recorded, but for blocks that name a voice."""


class Building:
    """Builds the videos of one project."""

    def __init__(self, project: str, assets: Assets, shelf: Shelf) -> None:
        self._project = project
        self._assets = assets
        self._shelf = shelf

    def build(self, base: Sequence[Layer], draft: Draft) -> Video:
        """The video of a draft over the settings below it. Raises `SpecError` with all of its mistakes."""
        problems: list[Problem] = []
        layers = Layers((*base, self._shelf.layer(draft.source, draft.data)))
        merged: Any = self._shelf.format.filled(layers.data)
        if missing := self._missing(merged, draft):
            raise SpecError(missing)
        narrow = [
            Layer(layer.source, {key: layer.data[key] for key in _PER_BLOCK if key in layer.data})
            for layer in layers.layers
        ]
        if "recording" in draft.data:
            narrow.append(Layer(draft.source, {"voice": _SPEAKER}))
        parts = tuple(
            Layers((*narrow, Layer(Part(draft.blocks_source, (index,)), settings.spelled_out(block))))
            for index, block in enumerate(draft.blocks)
        )
        blocks = [self._block(part, index, problems) for index, part in enumerate(parts)]
        problems.extend(_same_ids(blocks, parts))
        problems.extend(_untranslated(blocks, parts, merged["language"]))
        title = _text(draft.data["title"], draft.source, ("title",), problems)
        description = _text(merged["description"], layers, ("description",), problems)
        video = Video(
            project=self._project,
            id=draft.data["id"],
            title=" ".join(title.split()),
            language=merged["language"],
            frame=settings.frame(merged),
            safe_area=settings.safe_area(merged),
            encoding=settings.encoding(merged),
            captions=settings.captions(merged),
            music=self._music(merged.get("music"), layers, problems),
            blocks=tuple(blocks),
            recording=self._recording(draft.data, draft.source, problems),
            lexicon=merged["lexicon"],
            allow_noncommercial=merged["allow_noncommercial"],
            align=merged["align"],
            must_pass=merged["qa"]["fail"],
            description=description,
            tags=tuple(merged["tags"]),
            folder=self._shelf.root / "build" / self._project / draft.data["id"],
            project_folder=self._assets.folder,
        )
        problems.extend(dict.fromkeys(self._shelf.preflight.problems(video, layers, parts)))
        if problems:
            raise SpecError(problems)
        return video

    def _missing(self, merged: Mapping[str, Any], draft: Draft) -> list[Problem]:
        known = self._shelf.format.whole["properties"]
        problems = []
        for route in settings.NEEDED:
            if value_at(merged, route) is None and not (route[0] == "voice" and "recording" in draft.data):
                what = first_sentence(known[route[0]]["description"])
                message = f"video '{draft.data['id']}' has no {' '.join(route)}"
                hint = f"add '{route[0]}:' to the project or the video, or extend a format ({what})"
                problems.append(draft.source.place(("id",)).problem(message, hint=hint))
        return problems

    def _block(self, part: Layers, index: int, problems: list[Problem]) -> Block:
        data: Any = self._shelf.block.filled({**part.data, **({"transition": _FIRST} if not index else {})})
        show: Mapping[str, Any] = data.get("show", {})
        preflight = self._shelf.preflight
        wrong = preflight.show_problems(data["mode"], show, part)
        problems.extend(wrong)
        files: dict[str, Path] = {}
        for role in () if wrong else preflight.pictures(data["mode"]):
            if role in show:
                path = _asset(self._assets.picture, str(show[role]), part, ("show", role), problems)
                if path is not None:
                    files[role] = path
        return Block(
            id=data.get("id", f"{index + 1:02}"),
            say=_text(data["say"], part, ("say",), problems),
            speaker=" ".join(_text(data["speaker"], part, ("speaker",), problems).split()),
            translations={
                language: _text(said, part, ("translations", language), problems)
                for language, said in sorted(data["translations"].items())
            },
            show=show,
            files=files,
            mode=data["mode"],
            voice=settings.voice(data),
            pause=float(data["pause"]),
            transition=settings.transition(data),
            recording=self._recording(data, part, problems),
        )

    def _recording(self, data: Mapping[str, Any], source: Source, problems: list[Problem]) -> Path | None:
        if "recording" not in data:
            return None
        return _asset(self._assets.sound, data["recording"], source, ("recording",), problems)

    def _music(self, music: Mapping[str, Any] | None, layers: Layers, problems: list[Problem]) -> Music | None:
        if music is None:
            return None
        if "file" not in music:
            problems.append(layers.place(("music",)).problem("music: 'file' is missing", hint="add 'file:'"))
            return None
        path = _asset(self._assets.sound, music["file"], layers, ("music", "file"), problems)
        if path is None:
            return None
        return Music(path, float(music["gain"]), float(music["duck"]), float(music["fade"]))


def _asset(
    look: Callable[[str], Path], name: str, source: Source, route: tuple[str, ...], problems: list[Problem]
) -> Path | None:
    try:
        return look(name)
    except AssetWrong as error:
        problems.append(source.place(route).problem(f"{'.'.join(route)}: {error}", hint=error.hint))
        return None


def _text(text: str, source: Source, route: tuple[str, ...], problems: list[Problem]) -> str:
    """The text in Unicode's composed form, as fonts and voices know it."""
    if odd := UNSEEN.search(text):
        message = f"{route[-1]}: the character U+{ord(odd[0]):04X} can be neither spoken nor shown"
        problems.append(source.place(route).problem(message, hint="remove it"))
    return unicodedata.normalize("NFC", text).strip()


def _untranslated(blocks: Sequence[Block], parts: Sequence[Layers], spoken: str) -> list[Problem]:
    """A subtitle track is whole or it is not there: what one block is translated into, all are."""
    first: dict[str, Layers] = {}
    for block, part in zip(blocks, parts, strict=True):
        for language in block.translations:
            first.setdefault(language, part)
    problems = []
    for language, other in first.items():
        if language.casefold() == spoken.casefold():
            message = f"translations: '{language}' is the language of the video itself"
            problems.append(
                other.place(("translations", language), key=True).problem(message, hint="write it in 'say'")
            )
            continue
        for block, part in zip(blocks, parts, strict=True):
            if language not in block.translations:
                hint = f"add 'translations: {{{language}: …}}', or take it away at {other.place(('translations',))}"
                message = f"block '{block.id}' is not translated into '{language}', as another block is"
                problems.append(part.place(("say",), key=True).problem(message, hint=hint))
    return problems


def _same_ids(blocks: Sequence[Block], parts: Sequence[Layers]) -> list[Problem]:
    first: dict[str, Layers] = {}
    problems = []
    for block, part in zip(blocks, parts, strict=True):
        if (other := first.setdefault(block.id.casefold(), part)) is not part:
            hint = f"it is at {other.place(('id',))}"
            message = f"id: another block is called '{block.id}'"
            problems.append(part.place(("id",)).problem(message, hint=hint))
    return problems
