"""Assets: files of a project, named by hostile text, looked at before anything is spent on them.

A name is a path relative to the project's folder with '/' between its parts, in the very case it has on disk (a
spec written on macOS is built on Linux). What it names must be a plain file inside the folder, links followed, and
must decode to its end.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import unicodedata
import warnings
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from factory.errors import FactoryError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PIXELS = 120_000_000
"""Twice what the largest cameras of phones make; a picture of 16 KB may claim to be ten times this."""
MAX_SECONDS = 6 * 3600
_PICTURES = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
_SOUNDS = "wav,flac,mp3,ogg,aac,mov,matroska,aiff,w64,caf"
"""Demuxers by FFmpeg's names. A playlist (hls, concat) would read files and addresses of its own choosing."""
_MAX_PART = 255


class AssetWrong(FactoryError):
    """The asset cannot be used. `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message)


@dataclass
class Assets:
    """The files of one project. `verdicts` remembers what decoded, by stat signature, from one load to the next."""

    folder: Path
    verdicts: Verdicts
    seen: set[Path] = field(default_factory=set)
    """Every file that was asked for and is there: what a kept result of loading depends on."""
    _found: dict[str, Path] = field(default_factory=dict)
    _listings: dict[Path, dict[str, str]] = field(default_factory=dict)

    def find(self, name: str) -> Path:
        """The file called `name`. Raises `AssetWrong`."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> Path:
        parts = _checked_parts(name)
        path = self.folder
        for part in parts:
            listing = self._listing(path)
            if part not in listing:
                raise AssetWrong(f"there is no '{name}' in the project's folder", self._nearest(path, part, listing))
            path = path / part
        home = os.path.realpath(self.folder)
        real = Path(os.path.realpath(path))  # which, unlike Path.resolve, bears a circle of links
        if not real.is_relative_to(home):
            raise AssetWrong(f"'{name}' is a link that leads out of the project's folder", "copy the file here")
        if not real.is_file():
            raise AssetWrong(f"'{name}' is not a file")
        self.seen.add(path)
        return path

    def picture(self, name: str) -> Path:
        """The picture called `name`, decoded to its end."""
        return self._decoded(name, decode_picture)

    def sound(self, name: str) -> Path:
        """The sound called `name`, decoded to its end."""
        return self._decoded(name, decode_sound)

    def _decoded(self, name: str, decode: Callable[[Path], None]) -> Path:
        path = self.find(name)
        if not path.stat().st_size:
            raise AssetWrong(f"'{name}' is empty")
        fault = self.verdicts.of(path, decode)
        if fault:
            raise AssetWrong(f"'{name}' {fault}")
        return path

    def _listing(self, folder: Path) -> dict[str, str]:
        """Name → its folded form, of everything in the folder."""
        if folder not in self._listings:
            with contextlib.suppress(OSError):
                self._listings[folder] = {entry.name: _folded(entry.name) for entry in os.scandir(folder)}
        return self._listings.get(folder, {})

    def _nearest(self, folder: Path, part: str, listing: dict[str, str]) -> str:
        for name, folded in listing.items():
            if folded == _folded(part):
                return f"did you mean '{(folder / name).relative_to(self.folder).as_posix()}'? capitals count"
        near = difflib.get_close_matches(part, listing, n=1)
        return f"did you mean '{(folder / near[0]).relative_to(self.folder).as_posix()}'?" if near else ""


class Verdicts:
    """What each asset was found to be, kept in one small JSON file; losing it costs a second look."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, list[object]] = {}
        self._asked: dict[str, list[object]] = {}
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(file.read_text(encoding="utf-8"))
            if isinstance(known, dict):
                self._known = known

    def of(self, path: Path, decode: Callable[[Path], None]) -> str:
        """What is wrong with the file, or nothing; `decode` raises `AssetWrong` to say so."""
        signature = [decode.__name__, *stat_signature(path)]
        key = str(path)
        known = self._asked.get(key) or self._known.get(key)
        if isinstance(known, list) and known[:-1] == signature:
            self._asked[key] = known
        else:
            fault = ""
            try:
                decode(path)
            except AssetWrong as error:
                fault = str(error)
            self._asked[key] = [*signature, fault]
        return str(self._asked[key][-1])

    def save(self) -> None:
        """Keep what this load asked about; a folder that cannot be written only costs the next load its time."""
        if all(self._known.get(key) == verdict for key, verdict in self._asked.items()):
            return
        kept = {key: verdict for key, verdict in self._known.items() if Path(key).exists()}
        write_json(self._file, kept | self._asked)


def write_json(file: Path, data: object) -> None:
    """Write a file of a cache whole or not at all; nothing is said when the cache cannot be written."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        beside.replace(file)


def stat_signature(path: Path) -> list[int]:
    """What changes when a file's content does, as far as the file system tells."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def decode_picture(path: Path) -> None:
    """Decode a picture's pixels, JPEG at an eighth of its size, which still reads all of the file."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  # not needed while the pictures stay the same

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=_PICTURES) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise AssetWrong(f"has {width}×{height} pixels; at most {MAX_PIXELS // 1_000_000} million fit")
                picture.draft(None, (width // 8, height // 8))
                picture.load()
    except UnidentifiedImageError:
        raise AssetWrong(f"is not a picture ({', '.join(_PICTURES)})") from None
    except Image.DecompressionBombError:
        raise AssetWrong("has far more pixels than a video can use") from None
    except (OSError, ValueError, SyntaxError, ArithmeticError, EOFError) as error:
        raise AssetWrong(f"cannot be decoded: {error}") from None


def decode_sound(path: Path) -> None:
    """Decode a sound's first audio stream to its end."""
    import av  # noqa: PLC0415  # not needed while the sounds stay the same

    options = {"format_whitelist": _SOUNDS, "protocol_whitelist": "file"}
    try:
        with av.open(str(path), options=options) as container:
            if not container.streams.audio:
                raise AssetWrong("has no sound in it")
            samples = 0
            for frame in container.decode(audio=0):
                samples += frame.samples
                if samples > MAX_SECONDS * frame.sample_rate:
                    raise AssetWrong(f"is longer than {MAX_SECONDS // 3600} hours")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise AssetWrong(f"is not a sound that can be decoded: {error}") from None
    if not samples:
        raise AssetWrong("has no sound in it")


def _checked_parts(name: str) -> tuple[str, ...]:
    if "://" in name:
        raise AssetWrong("addresses are not fetched", "put the file into the project's folder and name it here")
    if "\\" in name:
        raise AssetWrong(f"'{name}' has a backslash in it", f"write '{name.replace(chr(92), '/')}'")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
        raise AssetWrong("the name has a control character in it", "rename the file")
    path = PurePosixPath(name)
    if path.is_absolute() or name.startswith("~") or ":" in name.partition("/")[0]:
        raise AssetWrong(f"'{name}' is not a path inside the project's folder", "write it relative to the spec's file")
    if ".." in path.parts:
        raise AssetWrong(f"'{name}' leads out of the project's folder", "keep assets beside the spec")
    if not path.parts or any(len(part.encode()) > _MAX_PART for part in path.parts):
        raise AssetWrong("this is not a file's name")
    return path.parts


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
