"""words.json, blocks.mp4 → subs.ass, subs.srt, subs.vtt, cues.json: captions, placed against the real picture.

cues.json holds a complete ASS document for each block alone, with times local to the block, so that an edit elsewhere
leaves its bytes, and the segment they are burned into, untouched.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from factory.step import File, Job, Json, Output, Step
from factory.target import Target
from recipes import fonts
from recipes.captions import ass, cues, layout, sidecar, styles, wording

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
    translations = {
        language: [block.translations[language] for block in video.blocks] for language in video.translations
    }
    return Target(
        kind="subs",
        name=video.name,
        expand=expand,
        folder=video.folder,
        outputs=(*OUTPUTS, *(f"subs.{language}.{kind}" for language in translations for kind in ("srt", "vtt"))),
        params={
            "style": style,
            "language": video.language,
            "frame": [video.frame.width, video.frame.height],
            "safe_area": {"top": safe.top, "right": safe.right, "bottom": safe.bottom, "left": safe.left},
            "font_file": font.name,
            "speakers": [block.speaker for block in video.blocks],
            "translations": translations,
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


def sidecar_name(video: Video, language: str) -> str:
    """The SubRip file of a language of a video."""
    return "subs.srt" if language == video.language else f"subs.{language}.srt"


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """One step makes the first four files: measuring the proof is most of its work, and all four rest on it.

    Each translation is a step of its own, which knows neither picture nor style.
    """
    translations = cast("Mapping[str, Sequence[str]]", params["translations"])
    step = Step(
        name="caption",
        run=caption,
        outputs=OUTPUTS,
        params={key: value for key, value in params.items() if key != "translations"},
        inputs={role: File(path) for role, path in sources.items()},
        tools={name: version(name) for name in ("av", "budoux", "fonttools", "jinja2", "numpy", "pillow")},
        label="captions",
    )
    made = {name: step[name] for name in OUTPUTS}
    style = cast("Mapping[str, Json]", params["style"])
    for language, texts in translations.items():
        translated = Step(
            name="translate_subtitles",
            run=translate_subtitles,
            outputs=("subs.srt", "subs.vtt"),
            params={
                "language": language,
                "texts": texts,
                "speakers": params["speakers"],
                "naming": style["speakers"],
                "lead": style["lead"],
                "lag": style["lag"],
            },
            inputs={"words": File(sources["words"])},
            tools={"budoux": version("budoux"), "razdel": version("razdel")},
            label=f"subtitles in {language}",
        )
        made |= {f"subs.{language}.{kind}": translated[f"subs.{kind}"] for kind in ("srt", "vtt")}
    return made


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
    said = _said(words["blocks"], job.params, language)
    blocks = [
        placement.Timed(block["start_frame"], _cut(own, block, fps, rules, speaker))
        for own, block, speaker in zip(
            said, words["blocks"], cast("Sequence[str]", job.params["speakers"]), strict=True
        )
    ]
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
            | {"cues": [_described(cue, language) for cue in block.cues], "placement": _measured(where)}
        )
    whole = {"version": 1, "style": {**style, "fonts": [job.params["font_file"]]}, "blocks": described}
    job.output("cues.json").write_text(
        json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1), encoding="utf-8"
    )
    job.output("subs.ass").write_text(writer.document(everything), encoding="utf-8")
    _write_sidecars(job, said, words["blocks"], fps, _plain(language, rules.frame, rules.lead, rules.lag))


def translate_subtitles(job: Job) -> None:
    """Subtitle files in another language, with the times of what is said."""
    params = cast("Mapping[str, Any]", job.params)
    words = json.loads(job.inputs["words"].read_text(encoding="utf-8"))
    fps = words["fps"][0] / words["fps"][1]
    prefixes = wording.prefixes(params["speakers"], params["naming"])
    said = [
        wording.translated(block, text, params["language"], int(block["frames"] * 1000 / fps), prefix)
        for block, text, prefix in zip(words["blocks"], params["texts"], prefixes, strict=True)
    ]
    rules = _plain(params["language"], 1000 / fps, params["lead"], params["lag"])
    _write_sidecars(job, said, words["blocks"], fps, rules)


def _said(blocks: Sequence[Mapping[str, Any]], params: Mapping[str, Any], language: str) -> list[list[cues.Word]]:
    """The words of every block, with the names of those who say them."""
    prefixes = wording.prefixes(params["speakers"], params["style"]["speakers"])
    return [wording.spoken(block, language, prefix) for block, prefix in zip(blocks, prefixes, strict=True)]


def _rules(style: Mapping[str, Json], language: str, look: layout.Look, frame: float) -> cues.Rules:
    def whole(key: str) -> int:
        return int(cast("int", style[key]))

    return cues.Rules(
        language=language,
        measure=look.measure,
        width=look.room,
        characters=whole("characters") or cues.line_characters(language),
        lines=whole("lines"),
        words=whole("words"),
        lead=whole("lead"),
        lag=whole("lag"),
        frame=frame,
    )


def _cut(
    words: Sequence[cues.Word], block: Mapping[str, Any], fps: float, rules: cues.Rules, speaker: str = ""
) -> list[cues.Cue]:
    return [replace(cue, speaker=speaker) for cue in cues.build(words, int(block["frames"] * 1000 / fps), rules)]


def _plain(language: str, frame: float, lead: int, lag: int) -> cues.Rules:
    """The rules of subtitle files: whole phrases by characters alone, whatever the picture shows."""
    return cues.Rules(
        language=language,
        measure=lambda text: float(len(text)),
        width=math.inf,
        characters=cues.line_characters(language),
        lines=2,
        words=0,
        lead=lead,
        lag=lag,
        frame=frame,
    )


def _write_sidecars(
    job: Job, said: Sequence[Sequence[cues.Word]], blocks: Sequence[Mapping[str, Any]], fps: float, rules: cues.Rules
) -> None:
    phrases = [
        (round(block["start_frame"] * 1000 / fps), cue)
        for words, block in zip(said, blocks, strict=True)
        for cue in _cut(words, block, fps, rules)
    ]
    job.output("subs.srt").write_text(sidecar.srt(phrases), encoding="utf-8")
    job.output("subs.vtt").write_text(sidecar.vtt(phrases), encoding="utf-8")


def _described(cue: cues.Cue, language: str) -> dict[str, object]:
    """A cue for people and checks: `hurried` when it must be read faster than is comfortable, or than can be done."""
    speed = round(cue.speed, 1)
    usual = speed / cues.density(language)
    hurried = "fail" if usual > cues.SPEED_FAIL else "warn" if usual > cues.SPEED_WARN else ""
    return {
        "start": cue.start,
        "end": cue.end,
        "lines": list(cue.text),
        "words": [
            {"text": word.text, "start": word.start, "end": word.end}
            | ({"kind": word.kind} if word.kind != "spoken" else {})
            for word in cue.words
        ],
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
