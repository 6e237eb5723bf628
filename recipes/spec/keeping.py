"""Checked videos, kept from one load to the next under `cache/spec/`, for as long as nothing they came from has moved.

Reading and checking a thousand videos takes seconds, recalling them a few hundredths. A kept project depends on
every file it read (spec, formats, tables, scripts, assets), on the folders those lie in, and on the code that read
them: all by what the file system says of them, without opening one. It is JSON: what is found there is data.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import sys
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipes.spec.model import (
    Block,
    Captions,
    Encoding,
    Frame,
    Music,
    SafeArea,
    Transition,
    Video,
    Voice,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SLACK = 20_000_000
"""Nanoseconds by which a file system's clock may lag behind the system's: ext4 stamps with the last tick, of 4 ms."""
_CODE = Path(__file__).parents[2]


class Kept:
    """The kept projects of one root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / "cache" / "spec" / "projects"
        self._started = time.time_ns() - _SLACK

    def recall(self, name: str) -> list[Video] | None:
        """The videos of a project if nothing moved, else None."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, IndexError):
            kept = json.loads((self._folder / f"{name}.json").read_bytes())
            if kept["world"] == self._world and kept["files"] == self._signature(kept["paths"]):
                return [_unpacked(video, self._root) for video in kept["videos"]]
        return None

    def keep(self, name: str, videos: Sequence[Video], files: Iterable[Path]) -> None:
        """Keep the videos of a project that came from `files`; a cache that cannot be written is no mistake.

        A file that changed since the load began may have been read before it did, so then nothing is kept.
        """
        from recipes.spec.assets import write_json  # noqa: PLC0415  # only when something changed

        around = {path for file in files for path in (file, file.parent)}
        paths = sorted(os.path.relpath(path, self._root) for path in around)
        with contextlib.suppress(OSError, ValueError):
            if any((self._root / path).stat().st_ctime_ns >= self._started for path in paths):
                return
            signature = self._signature(paths)
            packed = [_packed(video, self._root) for video in videos]
            data = {"world": self._world, "paths": paths, "files": signature, "videos": packed}
            write_json(self._folder / f"{name}.json", data)

    def _signature(self, paths: Sequence[str]) -> str:
        return _digest(f"{self._root}/{path}" for path in paths)

    @cached_property
    def _world(self) -> str:
        """What decides the outcome besides a project's own files: our code and data, and what is installed."""
        folders = [_CODE / "factory" / "spec", _CODE / "recipes", self._root / "templates"]
        files = sorted(
            os.path.join(folder, name)  # noqa: PTH118  # a thousand Paths would cost what is saved here
            for base in folders
            for folder, _, names in os.walk(base)
            if not folder.endswith("__pycache__")
            for name in names
        )
        return _digest([*files, *(entry for entry in sys.path if entry.endswith("-packages"))])


def _digest(paths: Iterable[str]) -> str:
    """Of what the file system says of the files: not their content, and for a folder when its entries changed."""
    whole = hashlib.sha256()
    for path in paths:
        stat = os.stat(path)  # noqa: PTH116  # a Path costs more than the call
        whole.update(f"{path}\0{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}\n".encode())
    return whole.hexdigest()


def _packed(value: Any, root: Path) -> Any:
    """A dataclass as the list of its values, paths relative to the root."""
    if dataclasses.is_dataclass(value):
        return [_packed(getattr(value, field.name), root) for field in dataclasses.fields(value)]
    if isinstance(value, Path):
        return value.relative_to(root).as_posix()
    if isinstance(value, tuple):
        return [_packed(item, root) for item in value]
    if isinstance(value, dict):
        return {key: _packed(item, root) for key, item in value.items()}
    return value


def _unpacked(packed: list[Any], root: Path) -> Video:
    (project, name, title, language, frame, area, encoding, captions, music, blocks, recording, *rest) = packed
    lexicon, noncommercial, align, must_pass, description, tags, folder, project_folder = rest
    width, height, fps = frame
    return Video(
        project=project,
        id=name,
        title=title,
        language=language,
        frame=Frame(width, height, (fps[0], fps[1])),
        safe_area=SafeArea(*area),
        encoding=Encoding(*encoding),
        captions=Captions(*captions),
        music=None if music is None else Music(root / music[0], *music[1:]),
        blocks=tuple(_unpacked_block(block, root) for block in blocks),
        recording=None if recording is None else root / recording,
        lexicon=lexicon,
        allow_noncommercial=noncommercial,
        align=align,
        must_pass=must_pass,
        description=description,
        tags=tuple(tags),
        folder=root / folder,
        project_folder=root / project_folder,
    )


def _unpacked_block(packed: list[Any], root: Path) -> Block:
    name, say, speaker, translations, show, files, mode, voice, pause, transition, recording = packed
    assets = {role: root / path for role, path in files.items()}
    spoken, taken = _unpacked_voice(voice), None if recording is None else root / recording
    return Block(name, say, speaker, translations, show, assets, mode, spoken, pause, Transition(*transition), taken)


def _unpacked_voice(packed: list[Any]) -> Voice:
    engine, name, rate, pitch, volume, others = packed
    return Voice(engine, name, rate, pitch, volume, tuple(map(_unpacked_voice, others)))
