"""What is drawn for a block, as the parameters and inputs of a step: the same for its proof and for its segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from factory.step import File, Job, Json
from recipes import modes
from recipes.modes.mode import Shot
from recipes.picture import graph, transitions

if TYPE_CHECKING:
    import vapoursynth as vs

    from recipes.spec.model import Video

_BEFORE = "before_"
"""What the roles of the previous block's files begin with."""


@dataclass(frozen=True)
class Drawing:
    """One block, ready to become a step."""

    id: str
    start_frame: int
    frames: int
    params: Mapping[str, Json]
    inputs: Mapping[str, File]
    uses: tuple[type, ...]
    """The classes of the modes involved: they are found by name, so their code would not be seen otherwise."""


def described(video: Video) -> dict[str, Json]:
    """What a target's `params` need for `drawings`."""
    safe = video.safe_area
    return {
        "width": video.frame.width,
        "height": video.frame.height,
        "fps": list(video.frame.fps),
        "safe": [safe.top, safe.right, safe.bottom, safe.left],
    }


def assets(video: Video) -> dict[str, Path]:
    """The pictures of all blocks as sources of a target: role → file, where script.json knows the role."""
    files = {path for block in video.blocks for path in block.files.values()}
    return {_asset(path.relative_to(video.project_folder).as_posix()): path for path in sorted(files)}


def drawings(
    params: Mapping[str, Any], script: Mapping[str, Any], words: Mapping[str, Any], sources: Mapping[str, Path]
) -> Iterator[Drawing]:
    """Every block of a video. A drawing knows its own block and what the one before it shows: nothing else.

    The lengths come from `words`, in frames. A transition takes half of a block at most.
    """
    before: Mapping[str, Any] | None = None
    for block, timed in zip(script["blocks"], words["blocks"], strict=True):
        frames = int(timed["frames"])
        wanted = block["transition"]
        length = min(frames // 2, round(wanted["ms"] * params["fps"][0] / params["fps"][1] / 1000))
        mixed = before is not None and wanted["kind"] != "cut" and length > 0
        drawn: dict[str, Json] = {key: params[key] for key in ("width", "height", "fps", "safe")}
        drawn |= {"frames": frames, "mode": block["mode"], "show": _shown(block)}
        inputs = _files(block, sources, "")
        used = {block["mode"]}
        if before is not None and mixed:
            drawn |= {
                "before": {"mode": before["mode"], "show": _shown(before)},
                "transition": {"kind": wanted["kind"], "frames": length},
            }
            inputs |= _files(before, sources, _BEFORE)
            used.add(before["mode"])
        classes = tuple(type(modes.find(name)) for name in sorted(used))
        yield Drawing(block["id"], timed["start_frame"], frames, drawn, inputs, classes)
        before = block


def render(job: Job, quality: Literal["proof", "final"], width: int, height: int) -> vs.VideoNode:
    """The block of the job's params and inputs as a graph of `width` × `height`, with its transition."""
    params = cast("Mapping[str, Any]", job.params)
    full = (params["width"], params["height"])

    def shot(scene: Mapping[str, Any], frames: int, files: Mapping[str, Path]) -> vs.VideoNode:
        wanted = Shot(
            width=width,
            height=height,
            fps=(params["fps"][0], params["fps"][1]),
            frames=frames,
            show=scene["show"],
            files=files,
            safe=cast("tuple[int, int, int, int]", tuple(params["safe"])),
            quality=quality,
            full=full,
        )
        return modes.find(scene["mode"]).render(wanted)

    own = {role: path for role, path in job.inputs.items() if not role.startswith(_BEFORE)}
    clip = shot(params, params["frames"], own)
    if "before" not in params:
        return clip
    left = {role.removeprefix(_BEFORE): path for role, path in job.inputs.items() if role.startswith(_BEFORE)}
    old = graph.realised(shot(params["before"], 1, left))
    change = params["transition"]
    return transitions.enter(change["kind"], old, clip, change["frames"])


def _shown(block: Mapping[str, Any]) -> dict[str, Json]:
    return {key: value for key, value in block["show"].items() if key not in block["files"]}


def _files(block: Mapping[str, Any], sources: Mapping[str, Path], prefix: str) -> dict[str, File]:
    named: Mapping[str, str] = block["files"]
    found = {prefix + role: File(sources[_asset(path)]) for role, path in named.items()}
    needs = modes.find(block["mode"]).metadata().resources
    return found | {prefix + role: File(path) for role, path in needs.items()}


def _asset(path: str) -> str:
    return f"asset {path}"


def even(size: Sequence[float]) -> tuple[int, int]:
    """The nearest even size, which 4:2:0 needs."""
    width, height = (max(2, round(side / 2) * 2) for side in size)
    return width, height
