"""A few words in a voice, to be listened to before it is chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from factory.errors import StepError
from factory.step import Json, Output
from factory.target import Target
from recipes import text, voices
from recipes.audio import spoken

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


def target(title: str, say: str, root: Path) -> Target:
    """`speech.wav` of a voice (`rhvoice/anna`) that says something, under `build/voices/`.

    Raises StepError for a voice that is not there, or nothing to say.
    """
    engine, _, name = title.partition("/")
    language = voices.info(engine, name).language
    if language == voices.ANY_LANGUAGE:
        language = "ru" if _CYRILLIC.search(say) else "en"
    sentences = text.prepare(say, language, {})
    words = " ".join(sentence.spoken for sentence in sentences if sentence.spoken)
    if not words:
        raise StepError(f"there is nothing to say in {say!r}", hint='give it words: --say "Good evening."')
    return Target(
        kind="voice",
        name=title,
        expand=expand,
        folder=root / "build" / "voices" / engine / name.replace(":", "-"),
        outputs=("speech.wav",),
        params={"text": words, "engine": engine, "name": name, "language": language},
        doc=f"a sample of {title}",
    )


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:  # noqa: ARG001  # the contract of Expand
    """One `speak` step, the same as a video's."""
    voice = {"engine": params["engine"], "name": params["name"], "rate": 1.0, "pitch": 0.0}
    return {"speech.wav": spoken(str(params["text"]), voice, str(params["language"]), "auto")["speech.wav"]}
