"""script.json, words.json → blocks.mp4: the proof. All of the picture, a third the size, within seconds.

It is the same graphs as the final, asked for every second frame, so what it shows is what will be encoded. It holds
no captions (they are placed by measuring it) and no sound (new music must not touch it).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from factory.step import Job, Json, Output, Step
from factory.target import Target
from recipes import encoding, ffmpeg, join, shots
from recipes.picture import graph, pipe

if TYPE_CHECKING:
    from pathlib import Path

    from recipes.spec.model import Video

_SHRINK = 3
_EVERY = 2
"""Of so many frames, one is drawn."""
_PRESET, _CRF = "ultrafast", 26
_KEY_SECONDS = 0.5
"""A key frame so often: captions look at a few frames all over it, and a person scrubs through it."""


def target(video: Video) -> Target:
    """The video's `blocks` target."""
    return Target(
        kind="blocks",
        name=video.name,
        expand=expand,
        folder=video.folder,
        outputs=("blocks.mp4",),
        params=shots.described(video),
        sources={
            "script": video.folder / "script.json",
            "words": video.folder / "words.json",
            **shots.assets(video),
        },
        reads=("script", "words"),
        doc=f"the picture of “{video.title}”, small and without captions",
    )


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """One `render_proof` for each block, and the join."""
    script = json.loads(sources["script"].read_text(encoding="utf-8"))
    words = json.loads(sources["words"].read_text(encoding="utf-8"))
    drawn = list(shots.drawings(params, script, words, sources))
    steps = [
        Step(
            name="render_proof",
            run=render_proof,
            outputs=("proof.mp4",),
            params=drawing.params,
            inputs=drawing.inputs,
            tools={**ffmpeg.tools(), **graph.versions()},
            uses=drawing.uses,
            label=f"proof of block {drawing.id}",
            pool="encode",
        )
        for drawing in drawn
    ]
    joined = Step(
        name="join_proof",
        run=join_proof,
        outputs=("blocks.mp4",),
        params={"fps": params["fps"], "frames": [drawing.frames for drawing in drawn]},
        inputs={join.role(number): step["proof.mp4"] for number, step in enumerate(steps)},
        tools=ffmpeg.tools(),
        label="join the proof",
    )
    return {"blocks.mp4": joined["blocks.mp4"]}


def render_proof(job: Job) -> None:
    """Draw and encode a block, small."""
    params = cast("Mapping[str, Any]", job.params)
    width, height = size(params)
    clip = shots.render(job, "proof", width, height)[::_EVERY]
    fps = (params["fps"][0], params["fps"][1] * _EVERY)
    settings = encoding.picture(preset=_PRESET, crf=_CRF, fps=fps, threads=job.threads, key_seconds=_KEY_SECONDS)
    encoder = ffmpeg.frames(width, height, fps).output("proof.mp4", **settings)
    job.pipe(ffmpeg.arguments(encoder), partial(pipe.feed, clip, job))


def size(params: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height of the proof of a video."""
    return shots.even((params["width"] / _SHRINK, params["height"] / _SHRINK))


def join_proof(job: Job) -> None:
    """Put the blocks one after another, each beginning on the very frame it begins on in the final."""
    params = cast("Mapping[str, Any]", job.params)
    fps = (params["fps"][0], params["fps"][1])
    picture = join.joined(job, params["frames"], fps)
    output = picture.output("blocks.mp4", **join.copied(fps))
    job.call(ffmpeg.arguments(output))
