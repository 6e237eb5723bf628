"""words.json, blocks.mp4 → subs.ass, subs.srt, subs.vtt, cues.json: captions, placed against the real picture.

cues.json holds a complete ASS document for each block alone, with times local to the block, so that an edit elsewhere
leaves its bytes, and the segment they are burned into, untouched.
"""

from __future__ import annotations

import json
import math
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from factory.step import File, Job, Json, Output, Step
from factory.target import Target
from recipes import fonts
from recipes.captions import cues, sidecar, styles, wording
from recipes.installed import version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from recipes.captions.placement import Placement
    from recipes.spec.model import Video

OUTPUTS = ("subs.ass", "subs.srt", "subs.vtt", "cues.json")


def target(video: Video) -> Target:
    """The captions of a video. Its style is expected to have been checked (`recipes.captions.styles.validate`)."""
    style = styles.load(video.captions.style, video.captions.options)
    translations = {
        language: [block.translations[language] for block in video.blocks] for language in video.translations
    }
    return Target(
        kind="subs",
        name=video.name,
        expand=expand,
        folder=video.folder,
        outputs=(*OUTPUTS, *(f"subs.{language}.{kind}" for language in translations for kind in ("srt", "vtt"))),
        params={**described(video, style), "translations": translations},
        sources={
            "words": video.folder / "words.json",
            "proof": video.folder / "blocks.mp4",
            **resources(video, style),
        },
        reads=(),
        doc=f"captions of {video.name} ({video.captions.style})",
    )


def described(video: Video, style: Mapping[str, Json]) -> dict[str, Json]:
    """What captioning a video in a style reads of it."""
    safe = video.safe_area
    speakers = [block.speaker for block in video.blocks]
    return {
        "style": style,
        "language": video.language,
        "frame": [video.frame.width, video.frame.height],
        "safe_area": {"top": safe.top, "right": safe.right, "bottom": safe.bottom, "left": safe.left},
        "font_file": fonts.resolve(str(style["font"]), video.project_folder).name,
        "speakers": speakers,
        "prefixes": wording.prefixes(speakers, cast("wording.Naming", style["speakers"])),
    }


def resources(video: Video, style: Mapping[str, Json]) -> dict[str, Path]:
    """The files a style is drawn with: role → font or template."""
    return {
        "font": fonts.resolve(str(style["font"]), video.project_folder),
        "font_emoji": fonts.EMOJI,
        "base": styles.FOLDER / "base.ass.j2",
        "template": styles.FOLDER / f"{style['template']}.ass.j2",
    }


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
                "prefixes": params["prefixes"],
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
    from recipes.captions import composing, placement  # noqa: PLC0415 - bring numpy, which planning can spare

    words = json.loads(job.inputs["words"].read_text(encoding="utf-8"))
    style = cast("Mapping[str, Json]", job.params["style"])
    language = str(job.params["language"])
    fps = words["fps"][0] / words["fps"][1]
    pictures = partial(placement.proof_frames, job.inputs["proof"], fps)
    composed = composing.compose(words, job.params, job.inputs["font"], pictures, job.check)
    writer = composing.writer(composed, style, job.inputs)
    blocks, everything = [], []
    for source, placed, where in zip(words["blocks"], composed.placed(), composed.placements, strict=True):
        offset = round(source["start_frame"] * 1000 / fps)
        everything += [(offset, cue) for cue in placed]
        blocks.append(
            {"id": source["id"], "start_frame": source["start_frame"], "frames": source["frames"]}
            | {"ass": writer.document([(0, cue) for cue in placed])}
            | {"cues": [_described(one.cue, language) for one in placed], "placement": _measured(where)}
        )
    whole = {"version": 1, "style": {**style, "fonts": [job.params["font_file"]]}, "blocks": blocks}
    job.output("cues.json").write_text(
        json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1), encoding="utf-8"
    )
    job.output("subs.ass").write_text(writer.document(everything), encoding="utf-8")
    rules = composed.rules
    _write_sidecars(job, composed.said, words["blocks"], _plain(language, rules.frame, rules.lead, rules.lag))


def translate_subtitles(job: Job) -> None:
    """Subtitle files in another language, with the times of what is said."""
    params = cast("Mapping[str, Any]", job.params)
    words = json.loads(job.inputs["words"].read_text(encoding="utf-8"))
    fps = words["fps"][0] / words["fps"][1]
    said = [
        wording.translated(block, text, params["language"], int(block["frames"] * 1000 / fps), prefix)
        for block, text, prefix in zip(words["blocks"], params["texts"], params["prefixes"], strict=True)
    ]
    rules = _plain(params["language"], 1000 / fps, params["lead"], params["lag"])
    _write_sidecars(job, said, words["blocks"], rules)


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
    job: Job, said: Sequence[Sequence[cues.Word]], blocks: Sequence[Mapping[str, Any]], rules: cues.Rules
) -> None:
    from recipes.captions import composing  # noqa: PLC0415 - see caption

    phrases = [
        (round(block["start_frame"] * rules.frame), cue)
        for words, block in zip(said, blocks, strict=True)
        for cue in composing.cut(words, block, rules)
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
            | ({} if word.space else {"glued": True})  # to the word before, without a space
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
