"""Captions into the picture, by libass inside ffmpeg."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factory.step import Job

_CAPTIONS, _FONTS = "captions.ass", "fonts"
"""Fixed names: what a person wrote is in these files and never in a filtergraph."""


def burned(job: Job, picture: Any, document: str) -> Any:
    """An ffmpeg graph that draws an ASS document on `picture`, with the fonts among the job's inputs (`font…`)."""
    (job.folder / _CAPTIONS).write_text(document, encoding="utf-8")
    folder = job.folder / _FONTS
    folder.mkdir()
    for role, path in job.inputs.items():
        if role.startswith("font"):
            shutil.copyfile(path, folder / path.name)
    return picture.filter("ass", filename=_CAPTIONS, fontsdir=_FONTS)
