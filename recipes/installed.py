"""What is installed here, looked up once a process: a version costs two milliseconds, a list of extensions a hundred.

Planning one long video asks for both hundreds of times, between a person's edit and the first step.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoints, entry_points
from importlib.metadata import version as _version


@cache
def version(distribution: str) -> str:
    """Its version as pip counts. Raises `PackageNotFoundError`."""
    return _version(distribution)


def extensions(group: str) -> EntryPoints:
    """The entry points of a group, from whichever packages."""
    return _everything().select(group=group)


@cache
def _everything() -> EntryPoints:
    return entry_points()
