"""words.json, blocks.mp4 → subs.ass, subs.srt, subs.vtt, cues.json: captions, placed against the real picture.

cues.json holds a complete ASS document for each block alone, with times local to the block, so that an edit elsewhere
leaves its bytes, and the segment they are burned into, untouched.
"""

from __future__ import annotations

import json
import math
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from factory.step import File, Job, Json, Output, Step
from factory.target import Target
from recipes import fonts
from recipes.captions import ass, cues, layout, sidecar, styles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from recipes.captions.placement import Placement
    from recipes.spec.model import Video

OUTPUTS = ("subs.ass", "subs.srt", "subs.vtt", "cues.json")


def target(video: Video) -> Target:
    """The captions of a video. Its style is expected to have been checked (`recipes.captions.styles.validate`)."""
    style = styles.load(video.captions.style, video.captions.options)
    font = fonts.resolve(str(style["font"]), video.project_folder)
    safe = video.safe_area
    return Target(
        kind="subs",
        name=video.name,
        expand=expand,
        folder=video.folder,
        outputs=OUTPUTS,
        params={
            "style": style,
            "language": video.language,
            "frame": [video.frame.width, video.frame.height],
            "safe_area": {"top": safe.top, "right": safe.right, "bottom": safe.bottom, "left": safe.left},
            "font_file": font.name,
        },
        sources={
            "words": video.folder / "words.json",
            "proof": video.folder / "blocks.mp4",
            "font": font,
            "base": styles.FOLDER / "base.ass.j2",
            "template": styles.FOLDER / f"{style['template']}.ass.j2",
        },
        doc=f"captions of {video.name} ({video.captions.style})",
    )


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """One step makes all four: measuring the proof is most of its work, and all four rest on it."""
    step = Step(
        name="caption",
        run=caption,
        outputs=OUTPUTS,
        params=params,
        inputs={role: File(path) for role, path in sources.items()},
        tools={name: version(name) for name in ("av", "fonttools", "jinja2", "numpy", "pillow")},
        label="captions",
    )
    return {name: step[name] for name in OUTPUTS}


def caption(job: Job) -> None:
    """Cut the words into cues, place each block's against its picture, and write every file."""
    from recipes.captions import placement  # noqa: PLC0415 - brings numpy, which a build that runs nothing can spare

    words = json.loads(job.inputs["words"].read_text(encoding="utf-8"))
    style = cast("Mapping[str, Json]", job.params["style"])
    language = str(job.params["language"])
    width, height = cast("tuple[int, int]", job.params["frame"])
    safe_area = cast("Mapping[str, Json]", job.params["safe_area"])
    look = layout.look(style, (width, height), safe_area, job.inputs["font"], language=language)
    numerator, denominator = words["fps"]
    fps = numerator / denominator
    rules = _rules(style, language, look, 1000 / fps)
    blocks = [placement.Timed(block["start_frame"], _cut(block, fps, rules)) for block in words["blocks"]]
    placements = placement.decide(blocks, job.inputs["proof"], fps=fps, look=look, style=style, check=job.check)
    templates = {
        "base.ass.j2": job.inputs["base"].read_text(encoding="utf-8"),
        f"{style['template']}.ass.j2": job.inputs["template"].read_text(encoding="utf-8"),
    }
    writer = ass.Writer(look, style, templates)
    described, everything = [], []
    for source, block, where in zip(words["blocks"], blocks, placements, strict=True):
        placed = [where.put(cue, look) for cue in block.cues]
        offset = round(source["start_frame"] * 1000 / fps)
        everything += [(offset, cue) for cue in placed]
        described.append(
            {"id": source["id"], "start_frame": source["start_frame"], "frames": source["frames"]}
            | {"ass": writer.document([(0, cue) for cue in placed])}
            | {"cues": [_described(cue) for cue in block.cues], "placement": _measured(where)}
        )
    whole = {"version": 1, "style": {**style, "fonts": [job.params["font_file"]]}, "blocks": described}
    job.output("cues.json").write_text(
        json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1), encoding="utf-8"
    )
    job.output("subs.ass").write_text(writer.document(everything), encoding="utf-8")
    phrases = _phrases(words["blocks"], fps, rules)
    job.output("subs.srt").write_text(sidecar.srt(phrases), encoding="utf-8")
    job.output("subs.vtt").write_text(sidecar.vtt(phrases), encoding="utf-8")


def _rules(style: Mapping[str, Json], language: str, look: layout.Look, frame: float) -> cues.Rules:
    def whole(key: str) -> int:
        return int(cast("int", style[key]))

    usual = cues.LINE_CHARACTERS.get(language.partition("-")[0].lower(), cues.LINE_CHARACTERS["en"])
    return cues.Rules(
        language=language,
        measure=look.measure,
        width=look.room,
        characters=whole("characters") or usual,
        lines=whole("lines"),
        words=whole("words"),
        lead=whole("lead"),
        lag=whole("lag"),
        frame=frame,
    )


def _cut(block: Mapping[str, Any], fps: float, rules: cues.Rules) -> list[cues.Cue]:
    words = [cues.Word(word["text"], word["start"], word["end"], word["sentence"]) for word in block["words"]]
    return cues.build(words, int(block["frames"] * 1000 / fps), rules)


def _phrases(blocks: Sequence[Mapping[str, Any]], fps: float, rules: cues.Rules) -> list[tuple[int, cues.Cue]]:
    """The cues of the subtitle files: whole phrases by characters alone, whatever the picture shows."""
    plain = cues.Rules(
        language=rules.language,
        measure=lambda text: float(len(text)),
        width=math.inf,
        characters=cues.LINE_CHARACTERS.get(rules.language, cues.LINE_CHARACTERS["en"]),
        lines=2,
        words=0,
        lead=rules.lead,
        lag=rules.lag,
        frame=rules.frame,
    )
    return [(round(block["start_frame"] * 1000 / fps), cue) for block in blocks for cue in _cut(block, fps, plain)]


def _described(cue: cues.Cue) -> dict[str, object]:
    """A cue for people and checks: `hurried` when it must be read faster than is comfortable, or than can be done."""
    speed = round(cue.speed, 1)
    hurried = "fail" if speed > cues.SPEED_FAIL else "warn" if speed > cues.SPEED_WARN else ""
    return {
        "start": cue.start,
        "end": cue.end,
        "lines": list(cue.text),
        "words": [{"text": word.text, "start": word.start, "end": word.end} for word in cue.words],
        "speed": speed,
        "hurried": hurried,
    }


def _measured(where: Placement) -> dict[str, object]:
    return {
        "position": where.chosen.position,
        "boxed": where.chosen.boxed,
        "tried": [
            {"position": option.position, "boxed": option.boxed}
            | ({"contrast": reading.contrast, "busyness": reading.busyness} if reading else {})
            for option, reading in where.tried.items()
        ],
    }
