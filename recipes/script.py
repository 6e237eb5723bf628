"""script.json: the words of a video, block by block, as they are shown and as they are spoken.

It holds what speaking, picturing and captioning need and nothing else: no title, so that a new title speaks nothing
again, and no path outside the project, so that a project may move.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from factory.step import Job, Json, Output, Step
from factory.target import Target
from recipes import text
from recipes.installed import version
from recipes.spec.model import Block, Video

VERSION = 1
"""Of the format of script.json; it is written into the file and so moves every key behind it."""

_LIBRARIES = ("num2words", "razdel", "ru-normalizr")
"""What decides how text is split and spoken."""

_SILENT_MS = 1500
"""How long a block in which nobody speaks lasts at least: long enough to read its sound."""


def target(video: Video) -> Target:
    """The video's `script` target; `script.json` is made of the spec alone."""
    return Target(
        kind="script",
        name=video.name,
        expand=expand,
        folder=video.folder,
        outputs=("script.json",),
        params={
            "language": video.language,
            "lexicon": dict(video.lexicon),
            "blocks": [_described(block, video.project_folder) for block in video.blocks],
        },
        doc=f"the words of “{video.title}”",
    )


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:  # noqa: ARG001  # the contract of Expand
    """One step: text is prepared in milliseconds, so splitting it would only cost."""
    step = Step(
        name="write_script",
        run=write_script,
        outputs=("script.json",),
        params=params,
        tools={library: version(library) for library in _LIBRARIES},
        kind="script",
    )
    return {"script.json": step["script.json"]}


def write_script(job: Job) -> None:
    """Split every block into sentences and say each in words."""
    params: Any = job.params
    blocks = []
    for block in params["blocks"]:
        sentences = _sentences(block["say"], params["language"], params["lexicon"])
        silent = not any(sentence["spoken"] for sentence in sentences)
        pause = max(block["pause_ms"], _SILENT_MS) if silent else block["pause_ms"]
        kept = {key: value for key, value in block.items() if key != "say"}
        blocks.append({**kept, "pause_ms": pause, "sentences": sentences})
    script = {"version": VERSION, "language": params["language"], "blocks": blocks}
    words = json.dumps(script, ensure_ascii=False, sort_keys=True, indent=1)
    job.output("script.json").write_text(words + "\n", encoding="utf-8")


def _sentences(say: str, language: str, lexicon: Mapping[str, str]) -> list[dict[str, Json]]:
    return [
        {
            "text": sentence.text,
            "spoken": sentence.spoken,
            "pause_ms": sentence.pause,
            "tokens": [
                {"text": token.text, "spoken": list(token.spoken), "emphasised": token.emphasised}
                for token in sentence.tokens
            ],
        }
        for sentence in text.prepare(say, language, lexicon)
    ]


def _described(block: Block, project_folder: Path) -> dict[str, Json]:
    return {
        "id": block.id,
        "say": block.say,
        "mode": block.mode,
        "show": {key: value for key, value in block.show.items() if key not in block.files},
        "files": {role: path.relative_to(project_folder).as_posix() for role, path in block.files.items()},
        "voice": asdict(block.voice),
        "pause_ms": round(block.pause * 1000),
        "transition": {"kind": block.transition.kind, "ms": round(block.transition.seconds * 1000)},
    }
