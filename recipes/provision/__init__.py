"""What a voice needs and pip does not bring: fetched once into the cache, without root, by pinned digest.

Nothing is fetched until a sentence is really to be spoken, and nothing is fetched twice: not by eight threads, not by
two builds at once, not after a kill, not offline.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factory.step import Job

CACHE_VARIABLE = "CONTENT_FACTORY_CACHE"
"""Environment variable that says where the cache is; a worker machine without the project's folder needs it."""

_WAIT_SECONDS = 0.2


def cache_folder() -> Path:
    """Where provisioned things live: `$CONTENT_FACTORY_CACHE`, else `cache/` of the project around the working folder.

    Steps are not told where the cache is: it must not change what they make. This is the one thing they need it for.
    """
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dodo.py").is_file() or (folder / "pyproject.toml").is_file():
            return folder / "cache"
    return here / "cache"


def voices_folder() -> Path:
    """The part of the cache for what voices need, made if it is not there yet."""
    folder = cache_folder() / "voices"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def provide(job: Job, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `voices/<name>` of the cache, made by `make` in a temporary folder beside it if it is not there yet.

    `name` holds the version, for what is there is never made again. It appears complete or not at all.
    """
    voices = voices_folder()
    ready = voices / name
    if ready.is_dir():
        return ready
    with alone(job, voices / f".{name}.lock"):
        if ready.is_dir():
            return ready
        job.log("provision", name=name)
        making = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=voices))
        try:
            make(making)
            making.chmod(0o755)
            making.rename(ready)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return ready


def provided(name: str) -> bool:
    """Whether `provide` would have nothing to make."""
    return (cache_folder() / "voices" / name).is_dir()


@contextmanager
def alone(job: Job, path: Path) -> Iterator[None]:
    """Hold the lock file at `path`, waiting for whoever has it."""
    # flock belongs to the open file: it excludes threads as well as processes, and a kill releases it.
    with path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                job.check()
                time.sleep(_WAIT_SECONDS)
        yield
