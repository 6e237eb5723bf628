"""Everything → final.mp4, metadata.json: each block encoded once, at delivery quality, and joined by stream copy.

A new word costs one `render_segment`, new music costs `encode_audio` and `mux`, a new title costs `mux`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from factory.step import File, Job, Json, Output, Step
from factory.target import Target
from recipes import delivery, encoding, ffmpeg, fonts, join, shots, subs, tracks
from recipes.captions import burning, styles
from recipes.picture import graph, pipe

if TYPE_CHECKING:
    from pathlib import Path

    import vapoursynth as vs

    from recipes.spec.model import Video


def target(video: Video) -> Target:
    """The video's `final` target."""
    sources = {
        "script": video.folder / "script.json",
        "words": video.folder / "words.json",
        "audio": video.folder / "audio.wav",
        **shots.assets(video),
    }
    if video.captions.delivery == "burned":
        style = styles.load(video.captions.style, video.captions.options)
        sources["cues"] = video.folder / "cues.json"
        sources["font"] = fonts.resolve(str(style["font"]), video.project_folder)
        sources["font_emoji"] = fonts.EMOJI
    if video.captions.delivery != "none":
        for language in (video.language, *video.translations):
            sources[_track(language)] = video.folder / subs.sidecar_name(video, language)
    return Target(
        kind="final",
        name=video.name,
        expand=expand,
        folder=video.folder,
        outputs=("final.mp4", "metadata.json"),
        params={
            **shots.described(video),
            "title": video.title,
            "description": video.description,
            "tags": list(video.tags),
            "language": video.language,
            "preset": video.encoding.preset,
            "crf": video.encoding.crf,
            "audio_bitrate": video.encoding.audio_bitrate,
            "tracks": [] if video.captions.delivery == "none" else [video.language, *video.translations],
            "switched_on": video.captions.delivery == "soft",
        },
        sources=sources,
        reads=tuple(role for role in ("script", "words", "cues") if role in sources),
        doc=f"“{video.title}”, ready to post",
    )


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """A segment for each block, the sound, and the file that holds them."""
    script, words = _read(sources["script"]), _read(sources["words"])
    captions = _read(sources["cues"])["blocks"] if "cues" in sources else None
    drawn = list(shots.drawings(params, script, words, sources))
    segments = [
        _segment(params, drawing, captions[number]["ass"] if captions else "", sources)
        for number, drawing in enumerate(drawn)
    ]
    sound = Step(
        name="encode_audio",
        run=encode_audio,
        outputs=("sound.m4a",),
        params={"bitrate": params["audio_bitrate"]},
        inputs={"audio": File(sources["audio"])},
        tools=ffmpeg.tools(),
        label="encode the sound",
    )
    chapters = delivery.chapters(script, words)
    about = {key: params[key] for key in ("title", "language", "fps")} | {"chapters": chapters}
    languages = cast("Sequence[str]", params["tracks"])
    muxed = Step(
        name="mux",
        run=mux,
        outputs=("final.mp4",),
        params={
            **about,
            "frames": [drawing.frames for drawing in drawn],
            "tracks": languages,
            "switched_on": params["switched_on"],
        },
        inputs={
            "sound": sound["sound.m4a"],
            **{_track(language): File(sources[_track(language)]) for language in languages},
            **{join.role(number): step["segment.mp4"] for number, step in enumerate(segments)},
        },
        tools=ffmpeg.tools(),
        label="join everything",
    )
    told = Step(
        name="write_metadata",
        run=write_metadata,
        outputs=("metadata.json",),
        params={
            **about,
            **{key: params[key] for key in ("description", "tags", "width", "height")},
            "frames": sum(drawing.frames for drawing in drawn),
        },
        label="metadata",
    )
    return {"final.mp4": muxed["final.mp4"], "metadata.json": told["metadata.json"]}


def render_segment(job: Job) -> None:
    """Draw a block, burn its captions in if it has any, and encode it: the one lossy generation of the picture."""
    params = cast("Mapping[str, Any]", job.params)
    clip, picture = captioned(job)
    fps = (params["fps"][0], params["fps"][1])
    settings = encoding.picture(preset=params["preset"], crf=params["crf"], fps=fps, threads=job.threads)
    encoder = picture.output("segment.mp4", **settings)
    job.pipe(ffmpeg.arguments(encoder), partial(pipe.feed, clip, job))


def captioned(job: Job) -> tuple[vs.VideoNode, Any]:
    """The block's frames, and the ffmpeg graph that takes them on stdin and draws the captions on them."""
    params = cast("Mapping[str, Any]", job.params)
    width, height = params["width"], params["height"]
    clip = shots.render(job, "final", width, height)
    picture = ffmpeg.frames(width, height, (params["fps"][0], params["fps"][1]))
    if "captions" in params:
        picture = burning.burned(job, picture, params["captions"])
    return clip, picture


def encode_audio(job: Job) -> None:
    """All of the sound as AAC, once: sound encoded in pieces clicks and drifts where they join."""
    source = ffmpeg.own(job.inputs["audio"], f="wav")
    job.call(ffmpeg.arguments(source.output("sound.m4a", **encoding.sound(cast("int", job.params["bitrate"])))))


def mux(job: Job) -> None:
    """Segments, sound, subtitles, chapters and names into one file; nothing is encoded."""
    import ffmpeg as graphs  # noqa: PLC0415 - see recipes.ffmpeg

    params = cast("Mapping[str, Any]", job.params)
    fps = (params["fps"][0], params["fps"][1])
    language = delivery.language_code(params["language"])
    about = delivery.ffmetadata(params["title"], params["chapters"], fps)
    (job.folder / delivery.FILE).write_text(about, encoding="utf-8")
    streams = [join.joined(job, params["frames"], fps)["v"], ffmpeg.own(job.inputs["sound"])["a"]]
    options: dict[str, str | int] = {
        **join.copied(fps),
        "c:a": "copy",
        "metadata:s:v:0": f"language={language}",
        "metadata:s:a:0": f"language={language}",
    }
    for number, track in enumerate(params["tracks"]):
        streams.append(ffmpeg.own(job.inputs[_track(track)], f="srt")["s"])
        options |= {
            "c:s": "mov_text",
            f"metadata:s:s:{number}": f"language={delivery.language_code(track)}",
            f"disposition:s:{number}": "default" if params["switched_on"] and not number else "0",
        }
    streams.append(ffmpeg.own(delivery.FILE, f="ffmetadata")["d?"])
    names = ffmpeg.position(streams, delivery.FILE)
    options |= {"map_metadata": names, "map_chapters": names}
    job.call(ffmpeg.arguments(graphs.output(*streams, "final.mp4", **options)))
    if not params["switched_on"]:
        tracks.switch_off_subtitles(job.output("final.mp4"))


def write_metadata(job: Job) -> None:
    """What a person or a publisher fills into a platform's form."""
    params = cast("Mapping[str, Any]", job.params)
    numerator, denominator = params["fps"]
    told = {key: params[key] for key in ("title", "description", "tags", "language", "chapters", "width", "height")}
    told |= {"version": 1, "duration": round(params["frames"] * denominator / numerator, 3)}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1)
    job.output("metadata.json").write_text(text + "\n", encoding="utf-8")


def _segment(params: Mapping[str, Json], drawing: shots.Drawing, ass: str, sources: Mapping[str, Path]) -> Step:
    burned: dict[str, Json] = {"captions": ass} if ass else {}
    font = {"font": File(sources["font"])} if ass else {}
    if fonts.EMOJI_NAME in ass:
        font["font_emoji"] = File(sources["font_emoji"])
    return Step(
        name="render_segment",
        run=render_segment,
        outputs=("segment.mp4",),
        params={**drawing.params, **burned, "preset": params["preset"], "crf": params["crf"]},
        inputs={**drawing.inputs, **font},
        tools={**ffmpeg.tools(), **graph.versions()},
        uses=drawing.uses,
        label=f"block {drawing.id}",
        pool="encode",
    )


def _track(language: str) -> str:
    return f"subtitles-{language}"


def _read(path: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
