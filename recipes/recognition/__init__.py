"""What was really said: sound heard by Whisper (Radford et al., 2022), to check speech and to time what nobody timed.

Never a source of captions: where the script is known, its words are shown, whatever was recognised.
"""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError

from factory.errors import StepError
from recipes.installed import version as package_version

MODEL_VARIABLE = "CONTENT_FACTORY_WHISPER"
"""Environment variable with the name of another Whisper than `base`: `small`, `medium`, `large-v3`, fetched once."""
RATE = 16_000
"""Samples a second of the sound Whisper hears."""


def model() -> str:
    """The name of the Whisper that listens here."""
    return os.environ.get(MODEL_VARIABLE) or "base"


def version() -> str:
    """What decides what is heard, for the key of a step; `none` where the extra [qa] is not installed."""
    try:
        libraries = [f"{name} {package_version(name)}" for name in ("faster-whisper", "ctranslate2")]
    except PackageNotFoundError:
        return "none"
    return " ".join([*libraries, model()])


def installed() -> bool:
    """Whether the extra [qa] is here."""
    return version() != "none"


def require() -> None:
    """Raise StepError, saying what to install, where the extra [qa] is missing."""
    if not installed():
        raise StepError("Whisper is not installed", hint="install the extra [qa]: uv run --extra qa doit …")
