"""A recording of a whole video, cut into its blocks: heard once by Whisper, laid over the script, cut in the pauses.

What is recognised only says where in the recording each sentence is. Its words are then timed sentence by sentence
against the script, as those of any other speech, so that a word misheard is never a word misplaced.
"""

from __future__ import annotations

import json
import re
import wave
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from factory.errors import StepError
from recipes import ffmpeg
from recipes.alignment import mapping
from recipes.recognition import RATE
from recipes.recognition.comparing import wording
from recipes.sound.timeline import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

type Heard = tuple[str, float, float]
"""A recognised word and its span in seconds."""
type Span = tuple[float, float]

# Letters in the right order, of all: Whisper base mishears one letter in twenty of clear Russian.
_OF_THIS_SCRIPT, _SAID = 0.3, 0.5
_JUDGED = 12  # letters: a shorter sentence may be lost to Whisper although it was said
_FEWEST = 2  # letters in a row that are no accident
_LETTERS = 2000  # letters that are compared one by one; more of them without a word in common are something else
_STRANGE = 6  # words in a row that no script has
_NEAR = 0.5  # seconds a recognised word's edge may be off
_BEFORE, _AFTER = 0.08, 0.15  # seconds of a silence that stay with the speech beside it
_HOP = 0.01  # seconds
_OVER_FLOOR_DB, _LOWEST_DB = 6.0, -75.0
_FIGURE = re.compile(r"\d")
_TOLD, _SHOWN = 5, 60  # faults told at once; characters of a text


@dataclass(frozen=True)
class Sentence:
    """A sentence of the script, its block, and its words as they are compared."""

    block: str
    text: str
    words: list[str]


@dataclass(frozen=True)
class _Spot:
    """Where a word of the script is heard, and how many of its letters are."""

    span: Span | None
    letters: int


def hear(job: Job) -> None:
    """Write `heard.json`: the recognised words and their spans. Raises StepError where the extra [qa] is missing."""
    from recipes.recognition.whisper import dictate  # noqa: PLC0415  # of the extra [qa]

    _, words = dictate(job, _samples(job), str(job.params["language"]))
    job.output("heard.json").write_text(json.dumps(words, ensure_ascii=False) + "\n", "utf-8")


def cut(job: Job) -> None:
    """Write each block's piece of the recording (48 kHz, mono), and where in it its sentences part, in milliseconds.

    Raises StepError, naming the blocks, where something else is said than the script has.
    """
    from recipes.alignment.forced import pauses  # noqa: PLC0415  # numpy

    params: Any = job.params
    heard = list(worded(json.loads(job.inputs["heard"].read_text("utf-8")), params["language"]))
    sentences = [
        Sentence(block["id"], text, wording(text, params["language"]))
        for block in params["blocks"]
        for text in block["sentences"]
    ]
    spans = find(sentences, heard)
    samples = _samples(job)
    silent = pauses(samples)
    gaps = [_pause(silent, before, after) for before, after in pairwise([None, *spans, None])]
    whole = job.folder / "whole.wav"
    sound = ffmpeg.media(job.inputs["recording"]).audio
    job.call(ffmpeg.arguments(sound.output(str(whole), acodec="pcm_s16le", ac=1, ar=SAMPLE_RATE, **ffmpeg.BITEXACT)))
    with wave.open(str(whole), "rb") as recorded:
        first = 0
        for number, block in enumerate(params["blocks"]):
            last = first + len(block["sentences"])
            before, after = _silence(samples, gaps[first]), _silence(samples, gaps[last])
            start = max(sum(before) / 2, before[1] - _BEFORE)
            end = min(sum(after) / 2, after[0] + _AFTER)
            at = min(recorded.getnframes(), round(max(0.0, start) * SAMPLE_RATE))
            recorded.setpos(at)
            with wave.open(str(job.output(f"{number:04d}.wav")), "wb") as piece:
                piece.setnchannels(1)
                piece.setsampwidth(2)
                piece.setframerate(SAMPLE_RATE)
                piece.writeframes(recorded.readframes(max(1, round(end * SAMPLE_RATE) - at)))
            cuts = [round((sum(gap) / 2 - at / SAMPLE_RATE) * 1000) for gap in gaps[first + 1 : last]]
            job.output(f"{number:04d}.json").write_text(json.dumps(cuts) + "\n", "utf-8")
            first = last
    whole.unlink()


def find(sentences: Sequence[Sentence], heard: Sequence[Heard]) -> list[tuple[Span, Span]]:
    """The first and the last word of each sentence, as spans. Raises StepError for what is not said, or is too much."""
    known = [word for sentence in sentences for word in sentence.words]
    spots, strange = _matched(known, heard)
    if sum(spot.letters for spot in spots) < _OF_THIS_SCRIPT * sum(map(len, known)):
        said = " ".join(word for word, _, _ in heard)
        raise StepError(
            f"the recording is not of this script: it is heard as “{said[:_SHOWN]}…”", hint="is it the right file?"
        )
    edges: list[tuple[Span, Span]] = []
    faults: list[str] = []
    at = 0
    for sentence in sentences:
        own = spots[at : at + len(sentence.words)]
        letters = sum(map(len, sentence.words))
        found = [spot.span for spot in own if spot.span is not None]
        where = f"block {sentence.block}: “{sentence.text[:_SHOWN]}”"
        if not found or (letters >= _JUDGED and sum(spot.letters for spot in own) < _SAID * letters):
            faults.append(f"{where} is not said{_instead(found, heard)}")
        faults += [
            f"{where} is followed by “{' '.join(word for word, _, _ in words)[:_SHOWN]}” at {words[0][1]:.1f} s"
            for place, words in strange
            if at < place <= at + len(sentence.words)
        ]
        edges.append((found[0], found[-1]) if found else ((0.0, 0.0), (0.0, 0.0)))
        at += len(sentence.words)
    if faults:
        more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise StepError(
            f"the recording is not what the script says. {'; '.join(faults[:_TOLD])}{more}",
            hint="record it again, cut out what is too much, or put the script right",
        )
    return edges


def _matched(known: Sequence[str], heard: Sequence[Heard]) -> tuple[list[_Spot], list[tuple[int, Sequence[Heard]]]]:
    """A spot for every known word; and what is heard that is none of them, by the number of known words before it.

    Words are compared first, and letters only between two that are the same.
    """
    spots: list[_Spot] = []
    strange: list[tuple[int, Sequence[Heard]]] = []
    done = 0
    for ours, theirs, size in SequenceMatcher(
        None, known, [word for word, _, _ in heard], autojunk=False
    ).get_matching_blocks():
        missing, other = known[len(spots) : ours], heard[done:theirs]
        if spots and ours < len(known) and len(other) >= _STRANGE + 2 * len(missing):
            strange.append((len(spots), other))
            spots += [_Spot(None, 0)] * len(missing)
        else:
            spots += _lettered(missing, other)
        spots += [_Spot(word[1:], len(word[0])) for word in heard[theirs : theirs + size]]
        done = theirs + size
    return spots, strange


def _lettered(known: Sequence[str], heard: Sequence[Heard]) -> list[_Spot]:
    """Spots of words between those that were heard as they are."""
    letters, other = "".join(known), "".join(word for word, _, _ in heard)
    if not letters or not other or max(len(letters), len(other)) > _LETTERS:
        return [_Spot(None, 0)] * len(known)
    same = [False] * len(letters)
    for ours, _, size in SequenceMatcher(None, letters, other, autojunk=False).get_matching_blocks():
        if size >= _FEWEST:
            same[ours : ours + size] = [True] * size
    spots = []
    at = 0
    for word, span in zip(known, mapping.lay(known, heard, heard[-1][2]), strict=True):
        spots.append(_Spot(span, sum(same[at : at + len(word)])))
        at += len(word)
    return spots


def worded(heard: Sequence[Sequence[Any]], language: str) -> Iterator[Heard]:
    """Recognised words as they are compared: figures in the words they are said with, each with its share of the time.

    What a figure is said as depends on what follows it: `5 кг`, `12 апреля 1961 года`.
    """
    groups: list[list[Sequence[Any]]] = []
    for word in heard:
        after, inside = groups and _FIGURE.search(groups[-1][-1][0]), groups and len(groups[-1]) > 1
        if after or (inside and _FIGURE.search(word[0])):
            groups[-1].append(word)
        else:
            groups.append([word])
    for group in groups:
        words = wording(" ".join(text for text, _, _ in group), language)
        start, step = group[0][1], (group[-1][2] - group[0][1]) / max(1, len(words))
        yield from ((word, start + n * step, start + (n + 1) * step) for n, word in enumerate(words))


def _instead(found: Sequence[Span], heard: Sequence[Heard]) -> str:
    if not found:
        return ""
    said = " ".join(word for word, start, end in heard if end > found[0][0] and start < found[-1][1])
    return f", but “{said[:_SHOWN]}” at {found[0][0]:.1f} s"


def _pause(silent: Sequence[Span], before: tuple[Span, Span] | None, after: tuple[Span, Span] | None) -> Span:
    """The longest and nearest silence between two sentences, one of which may be none; a moment where none is near."""
    last = before[1][1] if before else None
    following = after[0][0] if after else None
    begin = last if last is not None else (following or 0.0)
    end = max(begin, following) if following is not None else begin

    def worth(span: Span) -> float:
        return span[1] - span[0] - max(0.0, begin - span[1], span[0] - end)

    near = [span for span in silent if span[1] > begin - _NEAR and span[0] < end + _NEAR]
    return max(near, key=worth) if near else ((begin + end) / 2, (begin + end) / 2)


def _silence(samples: NDArray[np.float32], pause: Span) -> Span:
    """The longest stretch of a pause that is as quiet as it gets: soft endings are none, nor is the `k` of `talk`."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    from recipes.alignment.sounds import runs  # noqa: PLC0415  # numpy

    hop = round(_HOP * RATE)
    inside = samples[round(pause[0] * RATE) : round(pause[1] * RATE)]
    framed = inside[: len(inside) // hop * hop].reshape(-1, hop).astype(np.float64)
    if not len(framed):
        return pause
    level = 10 * np.log10(np.convolve((framed**2).mean(axis=1), np.ones(3) / 3, mode="same") + 1e-10)
    quiet = level < max(float(np.percentile(level, 25)), _LOWEST_DB) + _OVER_FLOOR_DB
    first, last = max(runs(quiet), key=lambda run: run[1] - run[0])
    return pause[0] + first * _HOP, pause[0] + last * _HOP


def _samples(job: Job) -> NDArray[np.float32]:
    """The recording as Whisper hears it."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    sound = ffmpeg.media(job.inputs["recording"]).audio
    return np.frombuffer(job.call(ffmpeg.arguments(sound.output("pipe:1", f="f32le", ac=1, ar=RATE))), np.float32)
