"""final.mp4 → qa.json, qa.html: is the video right, measured on what will be posted?

What is said is listened to, captions are timed again by other means, sound and picture are measured. Each check is a
small function of those facts (`recipes.quality`). `gate` makes a build fail where a video does not pass.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from factory.errors import StepError
from factory.step import File, Input, Job, Json, Output, Step
from factory.target import Target
from recipes import alignment, ffmpeg, recognition
from recipes.installed import version
from recipes.quality import captions, hearing, picture, sound, speech
from recipes.quality.check import worst

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recipes.quality.check import Check, Facts
    from recipes.spec.model import Video

VERSION = 1
"""Of the format of qa.json."""
PAGE = Path(__file__).parents[1] / "templates" / "pages" / "qa.html.j2"

CHECKS: tuple[Callable[[Facts], Check], ...] = (
    speech.said_as_written,
    speech.right_recording,
    speech.timed_by_measure,
    speech.on_time,
    captions.all_words_once,
    captions.readable_speed,
    captions.well_spaced,
    captions.short_lines,
    captions.well_broken,
    captions.contrast,
    captions.in_the_file,
    sound.loud_enough,
    sound.peaks_below_ceiling,
    sound.not_clipped,
    sound.no_holes,
    sound.no_clicks,
    picture.never_black,
    picture.never_frozen,
    picture.as_long_as_the_sound,
)
"""All there are, in the order a person reads them."""

_READ = ("script", "words", "cues")
_GATE = "qa.passed.txt"


def target(video: Video) -> Target:
    """The video's `quality` target: made by `doit qa`, not by `doit`; a task may not have a command's name."""
    return Target(
        kind="quality",
        name=video.name,
        expand=expand,
        folder=video.folder,
        outputs=("qa.json", "qa.html"),
        params={
            "title": video.title,
            "name": video.name,
            "delivery": video.captions.delivery,
            "languages": [video.language, *video.translations],
        },
        sources={
            **{name: video.folder / f"{name}.json" for name in _READ},
            "srt": video.folder / "subs.srt",
            "final": video.folder / "final.mp4",
        },
        doc=f"the checks of “{video.title}”",
    )


def gate(video: Video) -> Target:
    """The target that exists for a video with `qa: {fail: true}`: it cannot be made while a check fails."""
    return Target(
        kind="gate",
        name=video.name,
        expand=expand_gate,
        folder=video.folder,
        outputs=(_GATE,),
        sources={"qa": video.folder / "qa.json"},
        doc=f"“{video.title}” passes its checks",
    )


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """Sound taken out once, each block listened to on its own, picture and sound measured, all of it judged."""
    script, words = (json.loads(sources[name].read_text("utf-8")) for name in ("script", "words"))
    names = [f"block-{number:04d}.wav" for number in range(len(words["blocks"]))]
    spans = [list(hearing.span(block, words["fps"])) for block in words["blocks"]]
    final = File(sources["final"])
    extracted = Step(
        name="extract_sound",
        run=hearing.extract_sound,
        outputs=("sound.wav", *names),
        params={"names": names, "spans": spans},
        inputs={"final": final},
        tools=ffmpeg.tools() | {"av": version("av")},
        label="take the sound out",
    )
    blocks = zip(names, script["blocks"], words["blocks"], strict=True)
    heard = [_listen(extracted[name], said, timed, words["fps"], script["language"]) for name, said, timed in blocks]
    measured = Step(
        name="measure_sound",
        run=sound.measure_sound,
        outputs=("sound.json",),
        params={"joins": sound.joins(words)},
        inputs={"sound": extracted["sound.wav"]},
        tools=ffmpeg.tools(),
        label="measure the sound",
    )
    looked = Step(
        name="look",
        run=picture.look,
        outputs=("picture.json",),
        params={"middles": picture.middles(words), "frames": words["frames"]},
        inputs={"final": final},
        tools={name: version(name) for name in ("av", "pillow")},
        label="look at the picture",
    )
    files: dict[str, Input] = {role: File(sources[role]) for role in (*_READ, "srt")}
    judged = Step(
        name="judge",
        run=judge,
        outputs=("qa.json", "qa.html"),
        params=params,
        inputs={
            **files,
            "page": File(PAGE),
            "sound": measured["sound.json"],
            "picture": looked["picture.json"],
            **{f"heard-{number:04d}": step["heard.json"] for number, step in enumerate(heard)},
        },
        tools={"jinja2": version("jinja2")},
        uses=CHECKS,
        label="judge",
    )
    return {"qa.json": judged["qa.json"], "qa.html": judged["qa.html"]}


def expand_gate(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:  # noqa: ARG001  # the contract of Expand
    """One step that fails or not."""
    step = Step(name="require", run=require, outputs=(_GATE,), inputs={"qa": File(sources["qa"])}, label="quality")
    return {_GATE: step[_GATE]}


def judge(job: Job) -> None:
    """Run every check on the facts, and write what they say for programs and for people."""
    from recipes.quality import page  # noqa: PLC0415  # brings Jinja2

    facts = _facts(job)
    delivery = job.params["delivery"]
    left_out = {captions.contrast} if delivery != "burned" else set()
    left_out |= {captions.in_the_file} if delivery == "none" else set()
    checks = [check(facts).described() for check in CHECKS if check not in left_out]
    result: dict[str, Any] = {
        "version": VERSION,
        "name": job.params["name"],
        "status": worst([cast("Any", check["status"]) for check in checks]),
        "checks": checks,
        "sentences": list(speech.sentences(facts)),
    }
    text = json.dumps(result, ensure_ascii=False, sort_keys=True, indent=1)
    job.output("qa.json").write_text(text + "\n", encoding="utf-8")
    html = page.write(job.inputs["page"].read_text("utf-8"), str(job.params["title"]), result, facts)
    job.output("qa.html").write_text(html, encoding="utf-8")


def require(job: Job) -> None:
    """Raise StepError with everything that failed; a warning is not a failure."""
    result = json.loads(job.inputs["qa"].read_text("utf-8"))
    failed = [check for check in result["checks"] if check["status"] == "fail"]
    if failed:
        told = "; ".join(f"{check['title'].lower()}: {check['value']} ({check['limit']})" for check in failed)
        raise StepError(f"the video does not pass: {told}", hint=f"open build/{result['name']}/qa.html")
    job.output(_GATE).write_text(f"{result['name']} passed {len(result['checks'])} checks\n", encoding="utf-8")


def _facts(job: Job) -> dict[str, Any]:
    facts: dict[str, Any] = {
        role: json.loads(job.inputs[role].read_text("utf-8")) for role in (*_READ, "sound", "picture")
    }
    facts["languages"] = job.params["languages"]
    facts["srt"] = job.inputs["srt"].read_text("utf-8")
    roles = sorted(role for role in job.inputs if role.startswith("heard-"))
    facts["heard"] = [json.loads(job.inputs[role].read_text("utf-8")) for role in roles]
    return facts


def _listen(source: Output, said: Mapping[str, Any], timed: Mapping[str, Any], fps: list[int], language: str) -> Step:
    sentences = hearing.described(said, timed, fps)
    methods = speech.independent({word["source"] for word in timed["words"]})
    return Step(
        name="listen",
        run=hearing.listen,
        outputs=("heard.json",),
        params={"language": language, "sentences": sentences, "methods": methods},
        inputs={"sound": source},
        tools={"whisper": recognition.version(), "alignment": alignment.version(), "jiwer": _jiwer()},
        label=f"block {said['id']}",
        kind="script",
    )


def _jiwer() -> str:
    return version("jiwer") if recognition.installed() else "none"
