"""Sentences of a video spoken once more by the same voices, for those that a service did not say well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factory.step import Json, Output
from factory.target import Target
from recipes.audio import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from factory.step import Step
    from recipes.spec.model import Video


def target(video: Video, steps: Sequence[Step]) -> Target:
    """The sound of what `steps` (all `speak`) say, under `build/<project>/<video>/update/`."""
    return Target(
        kind="update",
        name=video.name,
        expand=expand,
        folder=video.folder / "update",
        outputs=tuple(f"{number:04d}.wav" for number in range(len(steps))),
        params={"said": [dict(step.params) for step in steps]},
        doc=f"another take of “{video.title}”",
    )


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:  # noqa: ARG001  # the contract of Expand
    """The same `speak` steps, which a build that makes all anew runs again."""
    said: Any = params["said"]
    return {
        f"{number:04d}.wav": spoken(one["text"], {**one, "name": one["voice"]}, one["language"], one["align"])[
            "speech.wav"
        ]
        for number, one in enumerate(said)
    }
