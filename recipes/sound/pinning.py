"""What network voices have said, kept with the project: `content.lock` beside `project.yaml`, the sound in `content/`.

A service does not say a sentence twice alike, and may not be there tomorrow. A sentence in the lock is never asked for:
its sound is a file of the project like any other, so a build from the lock needs no network and no key.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.errors import StepError
from factory.step import File, Input, Step

VERSION = 1
LOCK = "content.lock"
FOLDER = "content"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Pins:
    """What the lock holds of one video."""

    place: int = 0
    """Which of its voices speaks: 0 is everybody's first."""
    said: Mapping[str, Mapping[str, Any]] | None = None
    folder: Path = Path()

    def find(self, step: Step) -> tuple[Input, Input] | None:
        """The sound and the words of a `speak` step, if they are in the lock."""
        entry = (self.said or {}).get(identity(step))
        if entry is None:
            return None
        return File(self.folder / f"{entry['speech']}.wav"), File(self.folder / f"{entry['words']}.json")


def identity(step: Step) -> str:
    """What a sentence is known by in the lock: what is said by whom and how, whatever the version of the client."""
    return hashlib.sha256(json.dumps(step.params, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read(lock: Path) -> dict[str, Any]:
    """The videos of a lock, by id. Raises StepError for a file that is none."""
    try:
        content = json.loads(lock.read_text("utf-8"))
        videos: dict[str, Any] = content["videos"]
        sound = content["version"] == VERSION and all(
            isinstance(video["place"], int)
            and all(
                _DIGEST.fullmatch(entry[role]) for entry in video["speech"].values() for role in ("speech", "words")
            )
            for video in videos.values()
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        sound = False
    if not sound:
        raise StepError(f"{lock} is not a lock that can be read", hint="remove it, build, and run `doit pin` again")
    return videos


def pins(lock: Path | None, video: str) -> Pins:
    """What a lock holds of a video: nothing, where there is no lock."""
    own = read(lock).get(video) if lock is not None else None
    if lock is None or own is None:
        return Pins()
    return Pins(own["place"], own["speech"], lock.parent / FOLDER)
