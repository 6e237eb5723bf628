"""Content modes: what a block's picture is. Found by entry point, so that a mode may come from anybody's package."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, cast

from factory.errors import StepError
from factory.spec.problems import did_you_mean
from recipes.installed import extensions

if TYPE_CHECKING:
    from recipes.modes.mode import ContentMode

GROUP = "content_factory.modes"


def names() -> tuple[str, ...]:
    """Every mode installed here, sorted."""
    return tuple(sorted({entry.name for entry in extensions(GROUP)}))


@functools.cache
def find(name: str) -> ContentMode:
    """The mode called `name`. Raises `StepError` with the nearest name when it is not installed or does not load."""
    for entry in extensions(GROUP):
        if entry.name == name:
            try:
                return cast("ContentMode", entry.load()())
            except ImportError as error:
                raise StepError(f"mode '{name}' ({entry.value}) cannot be loaded: {error}") from error
    raise StepError(
        f"no mode is called '{name}'", hint=did_you_mean(name, names()) or f"there are {', '.join(names())}"
    )
