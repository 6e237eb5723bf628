"""Checks of what is said, and of when the captions say it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recipes import alignment
from recipes.alignment import estimate, forced, whisper_timestamped
from recipes.quality.check import Check, Facts, Status, clock, graded, worst
from recipes.quality.hearing import span
from recipes.recognition.comparing import Errors
from recipes.sound.showing import SOUND

if TYPE_CHECKING:
    from collections.abc import Iterator

WER_FAIL = 0.10
"""Script-primed word error of one sentence past which something else was said than written."""
CER_SAME = 0.10
"""Character error below which other words are the same sounds: `can outlast` is heard as `cannot last`."""
LIKELY, LIKELY_FAIL, LIKELY_NEVER = -1.0, -1.5, -2.4
"""Mean log-probability a token, forced: dry speech has −0.15 to −0.6, under music down to −1.7; wrong audio −3."""
DRIFT_P95, DRIFT_MEDIAN = 200.0, 80.0
"""Milliseconds between a caption and its word, either way."""


def said_as_written(facts: Facts) -> Check:
    """Every sentence is heard as it is written, by Whisper with the sentence in mind ("script-primed": it leans to it).

    A word replaced in a short sentence fails. Where a sentence differs in words but hardly in sounds, it only warns.
    """
    faults, statuses = [], list[Status]()
    total, plain = Errors(0, 0, 0, 0), Errors(0, 0, 0, 0)
    for block, sentence, heard in _sentences(facts):
        where, text = f"block {block}:", sentence["text"]
        if heard["long"]:
            statuses.append("warn")
            faults.append(f"{where} is too long to be heard at once; split it: “{text}”")
            continue
        primed = _errors(heard["primed"])
        total, plain = total + primed, plain + _errors(heard["plain"])
        if primed.wer > WER_FAIL:
            same = primed.cer <= CER_SAME and heard["log_probability"] > LIKELY
            statuses.append("warn" if same else "fail")
            faults.append(f"{where} “{text}” is heard as “{heard['primed']['text']}” ({primed.wer:.0%} of words)")
    value = f"{total.wer:.1%} primed; {plain.wer:.1%} plain, {plain.cer:.1%} of characters"
    return Check(
        "said_as_written", "Said as written", worst(statuses), value, f"{WER_FAIL:.0%} a sentence", tuple(faults)
    )


def right_recording(facts: Facts) -> Check:
    """No sentence is improbable as a whole: its sound is there, and it is this sentence's.

    Improbable alone warns, for music takes some probability away; with words heard otherwise it fails.
    """
    found = sorted(
        (
            heard["log_probability"],
            f"block {block}: “{sentence['text']}”",
            heard["long"] or _errors(heard["primed"]).wer > WER_FAIL,
        )
        for block, sentence, heard in _sentences(facts)
    )
    lowest = min((likely for likely, _, _ in found), default=0.0)
    statuses: list[Status] = [
        "fail" if likely < LIKELY_NEVER or (likely < LIKELY_FAIL and otherwise) else "warn"
        for likely, _, otherwise in found
        if likely < LIKELY_FAIL
    ]
    faults = tuple(
        f"{sentence} is hardly in the sound ({likely:.1f}): missing, cut, or another recording?"
        for likely, sentence, _ in found
        if likely < LIKELY_FAIL
    )
    limit = f"≥ {LIKELY_FAIL:g}"
    return Check("right_recording", "Right recording", worst(statuses), f"{lowest:.2f} at worst", limit, faults)


def timed_by_measure(facts: Facts) -> Check:
    """No word has an estimated time."""
    words = [word for block in facts["words"]["blocks"] for word in block["words"]]
    guessed = [word["text"] for word in words if word["source"] == estimate.SOURCE]
    sources = sorted({word["source"] for word in words})
    faults = ("install the extra [qa], or name a method: align: whisper",) if guessed else ()
    value = f"{len(guessed)} estimated" if guessed else ", ".join(sources)
    return Check(
        "timed_by_measure", "Words timed by measure", "fail" if guessed else "pass", value, "0 estimated", faults
    )


def on_time(facts: Facts) -> Check:
    """Captions appear with their first words, as heard in final.mp4 by methods that had no part in timing them.

    Where two methods measured, a caption is off by what the nearer says: both would have to be wrong the same way.
    """
    drifts = sorted(_drifts(facts), key=lambda drift: -abs(drift[0]))
    if not drifts:
        silent = not any(block["words"] for block in facts["words"]["blocks"])
        return Check("on_time", "Captions on time", "pass" if silent else "fail", "nothing measured", "", ())
    sizes = sorted(abs(drift) for drift, _, _ in drifts)
    middle, high = _quantile(sizes, 0.5), _quantile(sizes, 0.95)
    status = worst([graded(middle, 0.75 * DRIFT_MEDIAN, DRIFT_MEDIAN), graded(high, 0.75 * DRIFT_P95, DRIFT_P95)])
    faults = [
        f"at {clock(at)} “{text}” is {abs(drift):.0f} ms {'early' if drift < 0 else 'late'}"
        for drift, at, text in drifts
        if abs(drift) > DRIFT_P95
    ]
    value = f"median {middle:.0f} ms, p95 {high:.0f} ms, worst {sizes[-1]:.0f} ms"
    limit = f"median {DRIFT_MEDIAN:.0f}, p95 {DRIFT_P95:.0f} ms"
    return Check("on_time", "Captions on time", status, value, limit, tuple(faults))


def independent(sources: set[str]) -> list[str]:
    """The methods that may check words timed by `sources`."""
    alike = {
        forced.SOURCE: {forced.SOURCE, whisper_timestamped.SOURCE},
        alignment.SOURCE: {alignment.SOURCE},
    }
    return [method for method, same in alike.items() if not sources & same]


def sentences(facts: Facts) -> Iterator[dict[str, object]]:
    """Each sentence with what was heard, for the page."""
    for block, sentence, heard in _sentences(facts):
        told: dict[str, object] = {
            "block": block,
            "text": sentence["text"],
            "spoken": sentence["spoken"],
            "log_probability": heard["log_probability"],
        }
        for kind in ("primed", "plain") if not heard["long"] else ():
            errors = _errors(heard[kind])
            told[kind] = {"text": heard[kind]["text"], "wer": round(errors.wer, 3), "cer": round(errors.cer, 3)}
        yield told


def _sentences(facts: Facts) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The block, the sentence as script.json has it, and what was heard of it."""
    for block, heard in zip(facts["script"]["blocks"], facts["heard"], strict=True):
        for sentence, result in zip(block["sentences"], heard["sentences"], strict=True):
            yield block["id"], sentence, result


def _errors(said: dict[str, Any]) -> Errors:
    return Errors(said["words"], said["of_words"], said["characters"], said["of_characters"])


def _drifts(facts: Facts) -> Iterator[tuple[float, float, str]]:
    """For each caption: ms it is late (early: negative), when it appears, its text."""
    fps = facts["words"]["fps"]
    for script, words, heard, captions in zip(
        facts["script"]["blocks"], facts["words"]["blocks"], facts["heard"], facts["cues"]["blocks"], strict=True
    ):
        at = words["start_frame"] * fps[1] / fps[0]
        begins = (span(words, fps)[0] - at) * 1000
        measured = _measured(script, words, heard, begins)
        known = {word["start"]: number for number, word in enumerate(words["words"])}
        for cue in captions["cues"]:
            spoken = next((known[word["start"]] for word in cue["words"] if word["start"] in known), None)
            if spoken is None or not measured[spoken]:
                continue
            drift = min((cue["start"] - start for start in measured[spoken]), key=abs)
            yield drift, at + cue["start"] / 1000, " ".join(cue["lines"])


def _measured(script: dict[str, Any], words: dict[str, Any], heard: dict[str, Any], begins: float) -> list[list[float]]:
    """For each word of words.json the starts measured, in ms of its block; none for what is not spoken."""
    counts = [len(token["spoken"]) for part in script["sentences"] for token in part["tokens"] if token["spoken"]]
    spoken = [number for number, word in enumerate(words["words"]) if word["source"] != SOUND]
    result: list[list[float]] = [[] for _ in words["words"]]
    first = 0
    for number, count in zip(spoken, counts, strict=False):
        result[number] += [starts[first] + begins for starts in heard["starts"].values() if first < len(starts)]
        first += count
    return result


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
