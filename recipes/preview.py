"""script.json, words.json → preview/: what a video will look like, drawn from its graphs before anything is encoded.

A contact sheet has a frame of each block with its captions on; a single frame has the size of the video; a comparison
has one moment in every caption style, and clips by which an ear can judge how early captions should come.
Captions are placed by measuring frames of the same graphs, at the size of the proof: they stand where they will.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from factory.errors import StepError
from factory.step import File, Job, Json, Output, Step
from factory.target import Expand, Target
from recipes import blocks, encoding, ffmpeg, fonts, montage, shots, subs
from recipes.captions import burning, styles
from recipes.installed import version
from recipes.picture import graph, pipe

if TYPE_CHECKING:
    from pathlib import Path

    import vapoursynth as vs

    from recipes.captions.composing import Composition
    from recipes.captions.contrast import Picture
    from recipes.spec.model import Video

LEADS = (0, 100, 200)
"""How much earlier than the voice captions come in the clips to compare, in ms."""
_CLIP_SECONDS = 4
_CLIP_SIDE = 270
"""The shorter side of a clip, in pixels."""
_PRESET, _CRF, _BITRATE = "veryfast", 23, 96
_LABELS = "Golos Text Medium"
_PAGE = styles.FOLDER.parent / "pages" / "captions.html.j2"


def sheet(video: Video) -> Target:
    """`preview/sheet.png`: every block of the video."""
    return _target(video, "preview", ("sheet.png",), expand_sheet, [video.captions.style])


def frame(video: Video, seconds: float) -> Target:
    """`preview/at-….png`: the frame shown at that time, as large as the video."""
    name = f"at-{seconds:.2f}.png"
    return _target(video, "preview_at", (name,), expand_frame, [video.captions.style], at=seconds, name=name)


def comparison(video: Video) -> Target:
    """`preview/captions.png` and `captions.html`, which plays the clips beside it: the video in every caption style."""
    clips = tuple(_clip_name(style, lead) for style in styles.names() for lead in LEADS)
    return _target(
        video, "preview_captions", ("captions.png", "captions.html", *clips), expand_comparison, styles.names()
    )


def expand_sheet(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """A still for each block, at the size of the proof."""
    (style,) = cast("Mapping[str, Any]", params["styles"])
    scenes = list(_scenes(params, sources))
    stills = [_still(params, sources, scene, style, size=blocks.size(scene[0].params), index=None) for scene in scenes]
    labels: list[Json] = [{"text": drawing.id, "from": drawing.start_frame} for drawing, _, _ in scenes]
    return {"sheet.png": _arranged(stills, labels, params, sources)}


def expand_frame(params: Mapping[str, Any], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """One still. Raises StepError for a time the video does not reach."""
    (style,) = params["styles"]
    wanted = int(params["at"] * params["fps"][0] / params["fps"][1])
    for scene in _scenes(params, sources):
        drawing = scene[0]
        if 0 <= wanted - drawing.start_frame < drawing.frames:
            size = (params["width"], params["height"])
            step = _still(params, sources, scene, style, size=size, index=wanted - drawing.start_frame)
            return {params["name"]: step["still.png"]}
    frames = json.loads(sources["words"].read_text(encoding="utf-8"))["frames"]
    lasts = frames * params["fps"][1] / params["fps"][0]
    raise StepError(f"there is no frame at {params['at']:g} s: the video lasts {lasts:.2f} s")


def expand_comparison(params: Mapping[str, Any], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """A still in every style, and a clip in every style for each lead."""
    scenes = list(_scenes(params, sources))
    scene = next((one for one in scenes if one[1]["words"]), scenes[0])
    drawing, block, _ = scene
    words = block["words"]
    middle = words[len(words) // 2] if words else {"start": 0, "end": 0}
    index = int((middle["start"] + middle["end"]) / 2 * params["fps"][0] / params["fps"][1] / 1000)
    names = list(params["styles"])
    size = blocks.size(params)
    stills = [_still(params, sources, scene, style, size=size, index=min(index, drawing.frames - 1)) for style in names]
    made = {"captions.png": _arranged(stills, [{"text": style} for style in names], params, sources)}
    made |= {
        _clip_name(style, lead): _clip(params, sources, scene, style, lead)["clip.mp4"]
        for style in names
        for lead in LEADS
    }
    page = Step(
        name="write_comparison",
        run=write_comparison,
        outputs=("captions.html",),
        params={"video": params["video"], "styles": names, "leads": LEADS, "own": params["own"]},
        inputs={"page": File(sources["page"])},
        tools={"jinja2": version("jinja2")},
        label="the page of captions",
    )
    return {**made, "captions.html": page["captions.html"]}


def draw_still(job: Job) -> None:
    """One frame with its captions. `moment.json` says which, counted from the start of the block."""
    params = cast("Mapping[str, Any]", job.params)
    composed, small = _composed(job)
    index = params["frame"] if params["frame"] is not None else _moment(composed, len(small))
    width, height = params["size"]
    clip = small if (width, height) == blocks.size(params) else shots.render(job, "final", width, height)
    fps = (params["fps"][0], params["fps"][1])
    picture = ffmpeg.frames(width, height, fps)
    if params["captions"]:
        picture = picture.filter("setpts", f"PTS+{index * fps[1] / fps[0]:.6f}/TB")
        picture = burning.burned(job, picture, _document(job, composed))
    output = picture.output("still.png", **{"frames:v": 1, "update": 1})
    job.pipe(ffmpeg.arguments(output), lambda fd: pipe.feed(clip[index], job, fd))
    job.output("moment.json").write_text(json.dumps({"frame": index}), encoding="utf-8")


def encode_clip(job: Job) -> None:
    """The first seconds of a block with captions and sound, small."""
    import ffmpeg as graphs  # noqa: PLC0415 - see recipes.ffmpeg

    params = cast("Mapping[str, Any]", job.params)
    composed, _ = _composed(job)
    width, height = params["size"]
    fps = (params["fps"][0], params["fps"][1])
    clip = shots.render(job, "proof", width, height)
    clip = clip[: min(len(clip), _CLIP_SECONDS * fps[0] // fps[1])]
    picture = burning.burned(job, ffmpeg.frames(width, height, fps), _document(job, composed))
    begin, length = params["start_frame"] * fps[1] / fps[0], len(clip) * fps[1] / fps[0]
    sound = ffmpeg.own(job.inputs["audio"], f="wav", ss=f"{begin:.6f}", t=f"{length:.6f}")["a"]
    settings = encoding.picture(preset=_PRESET, crf=_CRF, fps=fps, threads=job.threads) | encoding.sound(_BITRATE)
    output = graphs.output(picture, sound, "clip.mp4", movflags="+faststart", **settings)
    job.pipe(ffmpeg.arguments(output), lambda fd: pipe.feed(clip, job, fd))


def arrange(job: Job) -> None:
    """The stills on one sheet, each with its name and, where it has one, its time."""
    params = cast("Mapping[str, Any]", job.params)
    stills, labels = [], []
    for number, label in enumerate(params["labels"]):
        stills.append(job.inputs[f"still{number:04}"])
        text = label["text"]
        if "from" in label:
            local = json.loads(job.inputs[f"moment{number:04}"].read_text(encoding="utf-8"))["frame"]
            text += f"  ·  {_clock((label['from'] + local) * params['fps'][1] / params['fps'][0])}"
        labels.append(text)
    montage.sheet(stills, labels, job.inputs["font"]).save(job.output("sheet.png"), optimize=True)


def write_comparison(job: Job) -> None:
    """The page that plays the clips side by side."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - a tenth of a second only this step needs

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(job.inputs["page"].read_text(encoding="utf-8"))
    job.output("captions.html").write_text(template.render(job.params, clip=_clip_name) + "\n", encoding="utf-8")


type _Scene = tuple[shots.Drawing, Mapping[str, Any], int]
"""A block as it is drawn and as words.json has it, and its place among the blocks."""


def _target(
    video: Video, kind: str, outputs: tuple[str, ...], expand: Expand, names: Sequence[str], **own: Json
) -> Target:
    chosen: dict[str, Json] = {}
    files: dict[str, Path] = {}
    for name in names:
        style = styles.load(name, video.captions.options if name == video.captions.style else {})
        chosen[name] = subs.described(video, style)
        files |= {f"{name} {role}": path for role, path in subs.resources(video, style).items()}
    return Target(
        kind=kind,
        name=video.name,
        expand=expand,
        folder=video.folder / "preview",
        outputs=outputs,
        params={
            **shots.described(video),
            "video": video.name,
            "own": video.captions.style,
            "captioned": video.captions.delivery != "none" or len(names) > 1,
            "styles": chosen,
            **own,
        },
        sources={
            "script": video.folder / "script.json",
            "words": video.folder / "words.json",
            "audio": video.folder / "audio.wav",
            "labels": fonts.resolve(_LABELS),
            "page": _PAGE,
            **files,
            **shots.assets(video),
        },
        doc=f"what “{video.title}” will look like",
    )


def _scenes(params: Mapping[str, Any], sources: Mapping[str, Path]) -> Iterator[_Scene]:
    script, words = (json.loads(sources[role].read_text(encoding="utf-8")) for role in ("script", "words"))
    drawn = shots.drawings(params, script, words, sources)
    for number, (drawing, block) in enumerate(zip(drawn, words["blocks"], strict=True)):
        yield drawing, block, number


def _still(
    params: Mapping[str, Any],
    sources: Mapping[str, Path],
    scene: _Scene,
    style: str,
    *,
    size: tuple[int, int],
    index: int | None,
) -> Step:
    own, inputs = _captioned(params, sources, scene, style)
    return Step(
        name="draw_still",
        run=draw_still,
        outputs=("still.png", "moment.json"),
        params={**own, "size": size, "frame": index},
        inputs=inputs,
        tools=_tools(),
        uses=scene[0].uses,
        label=f"a still of block {scene[0].id}",
        pool="encode",
    )


def _clip(params: Mapping[str, Any], sources: Mapping[str, Path], scene: _Scene, style: str, lead: int) -> Step:
    own, inputs = _captioned(params, sources, scene, style, lead=lead)
    shrink = min(1.0, _CLIP_SIDE / min(params["width"], params["height"]))
    return Step(
        name="encode_clip",
        run=encode_clip,
        outputs=("clip.mp4",),
        params={
            **own,
            "size": shots.even((params["width"] * shrink, params["height"] * shrink)),
            "start_frame": scene[0].start_frame,
        },
        inputs={**inputs, "audio": File(sources["audio"])},
        tools=_tools(),
        uses=scene[0].uses,
        label=f"a clip in {style}, {lead} ms early",
        pool="encode",
    )


def _captioned(
    params: Mapping[str, Any], sources: Mapping[str, Path], scene: _Scene, style: str, **changes: Json
) -> tuple[dict[str, Json], dict[str, File]]:
    """Params and inputs of a step that draws one block in one style: this block's words alone, from its own start."""
    drawing, block, number = scene
    chosen = params["styles"][style]
    own = {
        **chosen,
        "style": {**chosen["style"], **changes},
        "speakers": [chosen["speakers"][number]],
        "prefixes": [chosen["prefixes"][number]],
    }
    words: Json = {"fps": params["fps"], "blocks": [{**block, "start_frame": 0}]}
    prefix = f"{style} "
    inputs = {role.removeprefix(prefix): File(path) for role, path in sources.items() if role.startswith(prefix)}
    captions: Json = own if params["captioned"] else None
    return {**drawing.params, "captions": captions, "words": words}, {**drawing.inputs, **inputs}


def _arranged(
    stills: Sequence[Step], labels: Sequence[Json], params: Mapping[str, Json], sources: Mapping[str, Path]
) -> Output:
    inputs = {f"still{number:04}": step["still.png"] for number, step in enumerate(stills)}
    inputs |= {f"moment{number:04}": step["moment.json"] for number, step in enumerate(stills)}
    step = Step(
        name="arrange",
        run=arrange,
        outputs=("sheet.png",),
        params={"labels": labels, "fps": params["fps"]},
        inputs={**inputs, "font": File(sources["labels"])},
        tools={"pillow": version("pillow")},
        label="the contact sheet",
    )
    return step["sheet.png"]


def _tools() -> dict[str, str]:
    return {**ffmpeg.tools(), **graph.versions(), **{name: version(name) for name in ("budoux", "fonttools", "jinja2")}}


def _composed(job: Job) -> tuple[Composition | None, vs.VideoNode]:
    """The captions of the job's block, and the block at the size of the proof."""
    from recipes.captions import composing  # noqa: PLC0415 - brings numpy, which planning can spare

    params = cast("Mapping[str, Any]", job.params)
    clip = shots.render(job, "proof", *blocks.size(params))
    if not params["captions"]:
        return None, clip
    pictures = partial(_pictures, clip)
    return composing.compose(params["words"], params["captions"], job.inputs["font"], pictures, job.check), clip


def _document(job: Job, composed: Composition | None) -> str:
    from recipes.captions import composing  # noqa: PLC0415 - see _composed

    assert composed is not None  # noqa: S101 - only asked for where there are captions
    captions = cast("Mapping[str, Any]", job.params["captions"])
    return composing.writer(composed, captions["style"], job.inputs).document(
        [(0, cue) for cue in composed.placed()[0]]
    )


def _pictures(clip: vs.VideoNode, wanted: Iterable[int]) -> Iterator[tuple[int, Picture]]:
    import numpy as np  # noqa: PLC0415 - see _composed
    import vapoursynth as vs  # noqa: PLC0415

    colors = clip.resize.Bicubic(format=vs.RGB24, matrix_in_s="709")
    for index in sorted(wanted):
        if index < len(colors):
            with colors.get_frame(index) as picture:
                yield index, np.stack([np.asarray(picture[plane]) for plane in range(3)], axis=-1)


def _moment(composed: Composition | None, frames: int) -> int:
    """The middle of the middle caption, else of the block, in frames."""
    cues = composed.blocks[0].cues if composed else ()
    if not composed or not cues:
        return frames // 2
    cue = cues[len(cues) // 2]
    return min(frames - 1, int((cue.start + cue.end) / 2 / composed.rules.frame))


def _clip_name(style: str, lead: int) -> str:
    return f"captions-{style}-{lead}.mp4"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{seconds % 60:04.1f}"
