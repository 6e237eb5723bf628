"""The sound inside `final.mp4`, taken out and listened to, block by block."""

from __future__ import annotations

import json
import wave
from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from recipes import alignment, ffmpeg, recognition
from recipes.alignment import forced
from recipes.recognition import RATE
from recipes.recognition.comparing import compare
from recipes.sound import waves
from recipes.sound.showing import SOUND
from recipes.sound.timeline import SAMPLE_RATE
from recipes.text.pieces import STRESS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job, Json

MARGIN = 0.25
"""Seconds heard before and after what should be said in a block: a shift of this much is measured, more is noticed."""
_BEFORE, _AFTER = 0.2, 0.3  # seconds around one sentence; never past the middle of the silence to its neighbour


def extract_sound(job: Job) -> None:
    """Write `sound.wav` (48 kHz stereo, as a player hears it) and each block's speech, mono at 16 kHz.

    Time counts from the first picture: sound that begins later in the file begins with silence here.
    """
    params: Any = job.params
    import av  # noqa: PLC0415  # heavy, and a build that checks nothing does without

    with av.open(str(job.inputs["final"])) as container:
        if not container.streams.audio:
            raise StepError("final.mp4 has no sound", hint="build it again: doit -a final:…")
        video, sound = container.streams.video[0], container.streams.audio[0]
        late = float(
            (sound.start_time or 0) * (sound.time_base or 0) - (video.start_time or 0) * (video.time_base or 0)
        )
    audio = ffmpeg.own(job.inputs["final"]).audio.filter("asetpts", "PTS-STARTPTS")
    moved = audio.filter("adelay", delays=round(late * 1000), all=1) if late > 0 else audio
    if late < 0:
        moved = audio.filter("atrim", start=-late).filter("asetpts", "PTS-STARTPTS")
    job.call(ffmpeg.arguments(moved.output("sound.wav", acodec="pcm_s16le", ac=2, ar=SAMPLE_RATE, **ffmpeg.BITEXACT)))
    heard = ffmpeg.own("sound.wav").output("heard.wav", acodec="pcm_s16le", ac=1, ar=RATE, **ffmpeg.BITEXACT)
    job.call(ffmpeg.arguments(heard))
    with wave.open(str(job.folder / "heard.wav"), "rb") as whole:
        for name, (start, end) in zip(params["names"], params["spans"], strict=True):
            first = min(max(0, round(start * RATE)), whole.getnframes())
            whole.setpos(first)
            with wave.open(str(job.output(name)), "wb") as piece:
                piece.setnchannels(1)
                piece.setsampwidth(2)
                piece.setframerate(RATE)
                piece.writeframes(whole.readframes(max(1, round(end * RATE) - first)))
    (job.folder / "heard.wav").unlink()


def span(block: Mapping[str, Any], fps: Sequence[int], *, margin: float = MARGIN) -> tuple[float, float]:
    """Where a block of words.json speaks, in seconds of the video, with a margin around it."""
    at = block["start_frame"] * fps[1] / fps[0]
    said = block["words"]
    if not said:
        return at, at + block["frames"] * fps[1] / fps[0]
    return max(0.0, at + said[0]["start"] / 1000 - margin), at + max(word["end"] for word in said) / 1000 + margin


def described(said: Mapping[str, Any], timed: Mapping[str, Any], fps: Sequence[int]) -> list[dict[str, Json]]:
    """The sentences of a block, each with its words and where it lies in the block's sound, for `listen`."""
    origin = span(timed, fps)[0] - timed["start_frame"] * fps[1] / fps[0]
    places = []
    for number in range(len(said["sentences"])):
        own = [word for word in timed["words"] if word["sentence"] == number and word["source"] != SOUND]
        places.append((own[0]["start"] / 1000 - origin, own[-1]["end"] / 1000 - origin) if own else (0.0, 0.0))
    edges = [(-MARGIN, -MARGIN), *places, (places[-1][1] + 2 * MARGIN,) * 2] if places else []
    sentences: list[dict[str, Json]] = []
    for number, sentence in enumerate(said["sentences"]):
        start, end = places[number]
        sentences.append(
            {
                "spoken": sentence["spoken"],
                "words": sentence["spoken"].replace(STRESS, "").split(),
                "start": round(start, 3),
                "end": round(end, 3),
                "room_before": round(max(0.0, start - edges[number][1]) / 2, 3),
                "room_after": round(max(0.0, edges[number + 2][0] - end) / 2, 3),
            }
        )
    return sentences


def listen(job: Job) -> None:
    """Write `heard.json`: what each sentence is heard as, and when each of its words begins.

    Heard freely, with the script in mind, and forced; starts are those of methods that had no part in timing the words.
    """
    params: Any = job.params
    samples, _ = waves.read(job.inputs["sound"])
    language: str = params["language"]
    sentences: list[Any] = params["sentences"]
    recognition.require()
    heard = [_sentence(job, sentence, samples, language) for sentence in sentences]
    starts: dict[str, list[int]] = {}
    for method in params["methods"] if sentences else ():
        try:
            starts[method] = _STARTS[method](job, sentences, samples, language)
        except StepError as error:
            job.log("not_placed", by=method, why=str(error))
    result = {"sentences": heard, "starts": starts}
    job.output("heard.json").write_text(
        json.dumps(result, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8"
    )


def _forced(job: Job, sentences: list[Any], samples: NDArray[np.float32], language: str) -> list[int]:
    """Starts of all words of a block, in ms of `samples`, by Whisper; it needs no hint where the sentences are."""
    text = " ".join(sentence["spoken"] for sentence in sentences)
    return [word.start for word in forced.align(job, text, samples, RATE, language)]


def _warped(job: Job, sentences: list[Any], samples: NDArray[np.float32], language: str) -> list[int]:
    """The same by warping, sentence by sentence. It takes all it is given for speech: where that begins is measured."""
    from recipes.recognition.whisper import Placed  # noqa: PLC0415  # numpy

    starts: list[int] = []
    for sentence in sentences:
        at, clip = _cut(sentence, samples)
        words = alignment.align(job, sentence["spoken"], clip, RATE, language)
        onset = forced.snapped([Placed(0.0, words[0].end / 1000, ())], [False], clip)[0]
        starts += [round((at + onset) * 1000), *(round(at * 1000) + word.start for word in words[1:])]
    return starts


_STARTS: dict[str, Any] = {forced.SOURCE: _forced, alignment.SOURCE: _warped}


def _cut(sentence: dict[str, Any], samples: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
    """A sentence with a little around it, and the second of `samples` it is from."""
    before, after = min(_BEFORE, sentence["room_before"]), min(_AFTER, sentence["room_after"])
    start = max(0.0, sentence["start"] - before)
    return start, samples[int(start * RATE) : int((sentence["end"] + after) * RATE)]


def _sentence(job: Job, sentence: dict[str, Any], samples: NDArray[np.float32], language: str) -> dict[str, Any]:
    """What one sentence is heard as; one too long to be heard at once is only forced."""
    from recipes.recognition.whisper import LONGEST, Clip  # noqa: PLC0415  # numpy

    _, clip = _cut(sentence, samples)
    if long := len(clip) / RATE > LONGEST:
        spots = forced.place(job, sentence["words"], clip, language)
    else:
        ear = Clip(job, clip, language)
        spots = ear.place(sentence["words"])
    likely = [value for spot in spots for value in spot.log_probabilities]
    found: dict[str, Any] = {"log_probability": round(sum(likely) / max(1, len(likely)), 3), "long": long}
    for kind, prompt in (("plain", ""), ("primed", sentence["spoken"])) if not long else ():
        said = ear.text(prompt)
        found[kind] = {"text": said, **vars(compare(sentence["spoken"], said, language))}
    return found
