"""What every project of one load shares: the schemas, the formats, what is known of assets, and the preflight."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import SpecError
from factory.spec.document import Document, Source
from factory.spec.layers import Layer
from factory.spec.problems import did_you_mean
from factory.spec.schema import Schema
from recipes.spec import settings
from recipes.spec.assets import Assets, AssetWrong, Verdicts
from recipes.spec.preflight import Preflight

if TYPE_CHECKING:
    from factory.step import Json

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")
SLUG_RULE = "take Latin letters, digits, '-' and '_', at most 64"
_SCHEMA = Path(__file__).with_name("project.schema.json")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


class Shelf:
    """Made once per load."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.verdicts = Verdicts(root / "cache" / "spec" / "assets.json")
        self.preflight = Preflight()
        self._formats: dict[Path, Document] = {}

    @cached_property
    def schema(self) -> Schema:
        """The published schema."""
        return Schema(json.loads(_SCHEMA.read_text(encoding="utf-8")))

    @cached_property
    def shell(self) -> Schema:
        """The schema of a project but for what is in its videos: those are checked one by one."""
        raw = self.schema.raw
        videos = {**raw["properties"]["videos"], "items": {}}
        return Schema({**raw, "properties": {**raw["properties"], "videos": videos}})

    @cached_property
    def video(self) -> Schema:
        """The schema of one video."""
        return self.schema.part("video")

    @cached_property
    def blocks(self) -> Schema:
        """The schema of a list of blocks, which is what a script template writes."""
        return self.schema.part("video", "properties", "blocks")

    @cached_property
    def block(self) -> Schema:
        """The schema of one block."""
        return self.schema.part("block")

    @cached_property
    def format(self) -> Schema:
        """The schema of a format, which is that of the settings."""
        return self.schema.part("format")

    @cached_property
    def _setting_names(self) -> frozenset[str]:
        """What formats, projects and videos may all set."""
        return frozenset(self.format.whole["properties"]) - {"extends"}

    def layer(self, source: Source, data: Mapping[str, Json]) -> Layer:
        """What `data` sets, to be merged with other layers; the places of its values are known to `source`."""
        own = {key: value for key, value in data.items() if key in self._setting_names}
        return Layer(source, settings.spelled_out(own))

    def find_format(self, name: str, asked: Source, assets: Assets) -> Document:
        """The checked format that the `extends` at `asked` names."""
        folder = self.root / "templates" / "formats"
        if _PLAIN_NAME.match(name):
            path = folder / f"{name}.yaml"
            if not path.is_file():
                known = sorted(file.stem for file in folder.glob("*.yaml"))
                hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
                raise SpecError([asked.place().problem(f"no format is called '{name}'", hint=hint)])
        else:
            try:
                path = assets.find(name)
            except AssetWrong as error:
                raise SpecError([asked.place().problem(f"extends: {error}", hint=error.hint)]) from None
        assets.seen.add(path)
        if path not in self._formats:
            document = Document.read(path, self.root)
            if problems := self.format.problems({} if document.data is None else document.data, document):
                raise SpecError(problems)
            self._formats[path] = document
        return self._formats[path]
