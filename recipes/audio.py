"""audio.wav and words.json: the sound of a video, and when each of its words sounds.

Every sentence is a step of its own, so that changing a word speaks one sentence again. Blocks are padded to whole
frames here, which is what makes their pictures fit without drift.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from factory.step import File, Input, Job, Json, Output, Step
from factory.target import Target
from recipes import ffmpeg, voices
from recipes.alignment import ladder
from recipes.installed import version
from recipes.sound import pinning, recording
from recipes.sound.mixing import decode_music, mix
from recipes.sound.showing import shown, unspoken
from recipes.sound.speaking import sources as voice_code
from recipes.sound.speaking import speak
from recipes.sound.timeline import SAMPLE_RATE, lay
from recipes.spec.model import RECORDED, Video

VERSION = 1
"""Of the format of words.json."""

_LABEL_LENGTH = 40


def target(video: Video) -> Target:
    """The video's `audio` target, from its `script.json`."""
    music = video.music
    sources = {"script": video.folder / "script.json"}
    if music is not None:
        sources["music"] = music.file
    if (lock := video.project_folder / pinning.LOCK).is_file():
        sources["lock"] = lock
    sources |= {_recorded(n): block.recording for n, block in enumerate(video.blocks) if block.recording is not None}
    if video.recording is not None:
        sources["recording"] = video.recording
    params: dict[str, Json] = {
        "video": video.id,
        "fps": list(video.frame.fps),
        "align": video.align,
        "music": None if music is None else {"gain": music.gain, "duck": music.duck, "fade": music.fade},
    }
    return Target(
        kind="audio",
        name=video.name,
        expand=expand,
        folder=video.folder,
        outputs=("audio.wav", "words.json"),
        params=params,
        sources=sources,
        otherwise=_other_voices(video, params),
        doc=f"the sound of “{video.title}”",
    )


def _other_voices(video: Video, params: Mapping[str, Json]) -> dict[str, Mapping[str, Json]]:
    """The video in its second voices, in its third ones, and so on.

    One sentence in another voice would be worse than none, so a voice that fails is replaced in the whole video: the
    target is laid out again, and what the first voice has said waits in the store for the day it is back.
    """
    chains = [
        (block.voice, *block.voice.otherwise)
        for block in video.blocks
        if block.recording is None and block.voice.engine != RECORDED
    ]
    ways: dict[str, Mapping[str, Json]] = {}
    for place in range(1, max(map(len, chains), default=1)):
        speakers = dict.fromkeys(chain[min(place, len(chain) - 1)].title for chain in chains)
        ways[f"with {' and '.join(speakers)}"] = {**params, "place": place}
    return ways


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """One `speak` per sentence, one `mix` of them all, one `time_words`; one `decode_music` where there is music.

    What a person said takes the place of sentences: one `take_recording` per block, and where the recording is of the
    whole video, one `hear_recording` and one `cut_recording` before them.
    """
    script = json.loads(sources["script"].read_text("utf-8"))
    speech: dict[str, Input] = {}
    words: dict[str, Input] = {}
    loud: dict[str, Input] = {}
    sung: list[dict[str, Json]] = []
    worded: list[dict[str, Json]] = []
    pins = pinning.pins(sources.get("lock"), str(params.get("video", "")))
    place = max(cast("int", params.get("place", 0)), pins.place)
    taken = _taken(script, sources, str(params["align"]))
    for number, block in enumerate(script["blocks"]):
        voice, steps = taken.get(number) or _spoken(block, script["language"], str(params["align"]), place)
        roles = [f"speech-{number:04d}-{index:02d}" for index in range(len(steps))]
        for role, step in zip(roles, steps, strict=True):
            heard = pins.find(step) or (step["speech.wav"], step["words.json"])
            speech[role], words[role.replace("speech", "words")] = heard
        sentences = block["sentences"]
        silences = [0] * len(roles) if number in taken else [part["pause_ms"] for part in sentences if part["spoken"]]
        common: dict[str, Json] = {
            "pause_ms": block["pause_ms"], "speech": roles, "silences_ms": silences, "voice": voice,
        }  # fmt: skip
        emphasised = _emphasised(sentences, whole=number in taken) if roles else []
        timed_by = [role.replace("speech", "words") for role, found in zip(roles, emphasised, strict=True) if found]
        loud |= {role: words[role] for role in timed_by}
        sung.append(common | {"volume": block["voice"]["volume"], "emphasised": emphasised})
        tokens = [[[token["text"], len(token["spoken"])] for token in part["tokens"]] for part in sentences]
        worded.append(common | {"id": block["id"], "sentences": tokens})
    music = music_inputs(sources["music"]) if "music" in sources else {}
    mixed = Step(
        name="mix",
        run=mix,
        outputs=("audio.wav",),
        params={"fps": params["fps"], "music": params["music"], "blocks": sung},
        inputs=speech | loud | music,
        tools=ffmpeg.tools() | {"soxr": version("soxr")},
        label="speech and music",
    )
    timed = Step(
        name="time_words",
        run=time_words,
        outputs=("words.json",),
        params={"fps": params["fps"], "blocks": worded},
        inputs=speech | words,
        label="when each word sounds",
    )
    return {"audio.wav": mixed["audio.wav"], "words.json": timed["words.json"]}


def _taken(script: Mapping[str, Any], sources: Mapping[str, Path], align: str) -> dict[int, tuple[str, list[Step]]]:
    """The blocks a person said, and the step that takes each."""
    said = {
        number: [part["spoken"] for part in block["sentences"] if part["spoken"]]
        for number, block in enumerate(script["blocks"])
    }
    names = [block["id"] for block in script["blocks"]]
    language = script["language"]
    steps = {
        number: recording.of_block(sources[_recorded(number)], names[number], texts, language, align)
        for number, texts in said.items()
        if texts and _recorded(number) in sources
    }
    if "recording" in sources:
        shared = {
            names[number]: texts
            for number, texts in said.items()
            if texts and number not in steps and script["blocks"][number]["voice"]["engine"] == RECORDED
        }
        cut = recording.of_video(sources["recording"], shared, language, align)
        steps |= {number: cut[name] for number, name in enumerate(names) if name in cut}
    return {number: (recording.VOICE, [step]) for number, step in steps.items()}


def _spoken(block: Mapping[str, Any], language: str, align: str, place: int) -> tuple[str, list[Step]]:
    """The voice that says a block, and the steps that say it: one per sentence."""
    chain = [block["voice"], *block["voice"]["otherwise"]]
    speaker = chain[min(place, len(chain) - 1)]
    said = [sentence["spoken"] for sentence in block["sentences"] if sentence["spoken"]]
    return f"{speaker['engine']}/{speaker['name']}", [spoken(text, speaker, language, align) for text in said]


def _emphasised(sentences: Sequence[Mapping[str, Any]], *, whole: bool) -> list[list[list[int]]]:
    """Which spoken words are emphasised, as spans [first, last): of each sentence, or of the block as a whole."""
    found: list[list[list[int]]] = []
    at = 0
    for sentence in sentences:
        if not whole or not found:
            found.append([])
            at = 0
        for token in sentence["tokens"]:
            count = len(token["spoken"])
            if token["emphasised"] and count:
                if found[-1] and found[-1][-1][1] == at:
                    found[-1][-1][1] += count
                else:
                    found[-1].append([at, at + count])
            at += count
    return found


def _recorded(number: int) -> str:
    """The role of a block's own recording among the target's sources."""
    return f"recording-{number:04d}"


def music_inputs(file: Path) -> dict[str, Input]:
    """The music as samples and how loud it is: decoded and measured once for as long as it is the same file."""
    decoded = Step(
        name="decode_music",
        run=decode_music,
        outputs=("music.wav", "loudness.json"),
        inputs={"music": File(file)},
        tools=ffmpeg.tools(),
        label="the music",
    )
    return {"music": decoded["music.wav"], "music_loudness": decoded["loudness.json"]}


def spoken(text: str, voice: Mapping[str, Any], language: str, align: str) -> Step:
    """The step that says one sentence: `speech.wav` and `words.json`."""
    engine = voices.find(voice["engine"])
    label = text if len(text) <= _LABEL_LENGTH else f"{text[:_LABEL_LENGTH]}…"
    return Step(
        name="speak",
        run=speak,
        outputs=("speech.wav", "words.json"),
        params={
            "text": text,
            "engine": voice["engine"],
            "voice": voice["name"],
            "rate": voice["rate"],
            "pitch": voice["pitch"],
            "language": language,
            "align": align,
        },
        tools={voice["engine"]: engine.version(voice["name"]), "alignment": ladder.version(align, language)},
        uses=voice_code(engine),
        label=f"“{label}”",
        pool=engine.pool,
        attempts=engine.attempts,
        kind="speech",
        cost=len(text) * voices.info(voice["engine"], voice["name"]).price / 1_000_000,
    )


def time_words(job: Job) -> None:
    """Write the times of shown words: those of the words they are spoken with, counted from the start of their block.

    Times local to the block let an edit of one block leave the captions of all others as they are.
    """
    params: Any = job.params
    fps = (params["fps"][0], params["fps"][1])
    _, places = lay(job)
    blocks = []
    for block, place in zip(params["blocks"], places, strict=True):
        words = []
        for index, (role, offset) in enumerate(zip(block["speech"], place.offsets, strict=True)):
            timed = json.loads(job.inputs[role.replace("speech", "words")].read_text("utf-8"))
            parts = block["sentences"] if block["voice"] == recording.VOICE else [block["sentences"][index]]
            for sentence, tokens in enumerate(parts, index):
                count = sum(spoken for _, spoken in tokens)
                part, timed = timed[:count], timed[count:]
                words += shown(tokens, part, round(offset * 1000 / SAMPLE_RATE), sentence)
        if not block["speech"] and block["sentences"]:
            words = unspoken(block["sentences"][0], place.frames * 1000 * fps[1] // fps[0])
        lasting = {"start_frame": place.start_frame, "frames": place.frames}
        blocks.append({"id": block["id"], "voice": block["voice"], "words": words, **lasting})
    frames = places[-1].start_frame + places[-1].frames
    result = {"version": VERSION, "fps": list(fps), "sample_rate": SAMPLE_RATE, "frames": frames, "blocks": blocks}
    text = json.dumps(result, ensure_ascii=False, sort_keys=True, indent=1)
    job.output("words.json").write_text(text + "\n", encoding="utf-8")
