"""Every check passes a right video and fails one with its own defect planted: a check that cannot fail is no check."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from recipes.quality import captions, picture, sound, speech
from recipes.quality.check import Check

TEXT = "Луна всегда смотрит на нас."
LIKELY = {"log_probability": -0.3, "long": False}


def heard(text: str = TEXT, words: int = 0, characters: int = 0, **changes: Any) -> dict[str, Any]:
    """What `listen` says of the one sentence."""
    found = {"text": text, "words": words, "of_words": 5, "characters": characters, "of_characters": 26}
    return {**LIKELY, "primed": found, "plain": found, **changes}


def facts() -> dict[str, Any]:
    """Everything measured of a right video: two blocks of 60 frames, each saying one sentence."""
    tokens = [{"text": word, "spoken": [word.strip(".").lower()]} for word in TEXT.split()]
    words = [
        {"text": word, "start": 80 + 350 * n, "end": 380 + 350 * n, "sentence": 0, "source": "rhvoice"}
        for n, word in enumerate(TEXT.split())
    ]
    cue = {
        "start": 80,
        "end": 1900,
        "lines": [TEXT],
        "words": [{k: w[k] for k in ("text", "start", "end")} for w in words],
    }
    tried = [{"position": "bottom", "boxed": False, "contrast": 9.0, "busyness": 0.01}]
    # `listen` begins to hear 250 ms before the first word, but not before the video does.
    starts = [[80 + 350 * n + (0 if block == 0 else 170) for n in range(5)] for block in (0, 1)]
    return {
        "script": {
            "language": "ru",
            "blocks": [
                {"id": name, "sentences": [{"text": TEXT, "spoken": TEXT, "tokens": tokens}]} for name in ("01", "02")
            ],
        },
        "words": {
            "fps": [30, 1],
            "frames": 120,
            "blocks": [
                {"id": name, "start_frame": start, "frames": 60, "words": copy.deepcopy(words)}
                for name, start in (("01", 0), ("02", 60))
            ],
        },
        "cues": {
            "blocks": [
                {
                    "id": name,
                    "start_frame": start,
                    "frames": 60,
                    "cues": [copy.deepcopy(cue)],
                    "placement": {"position": "bottom", "boxed": False, "tried": copy.deepcopy(tried)},
                }
                for name, start in (("01", 0), ("02", 60))
            ]
        },
        "srt": srt((0.08, 1.98, TEXT), (2.08, 3.98, TEXT)),
        "heard": [{"sentences": [heard()], "starts": {"whisper": each, "dtw": each}} for each in starts],
        "sound": {
            "seconds": 4.0,
            "integrated": -14.1,
            "true_peak": -1.2,
            "momentary": [-14.0] * 40,
            "silences": [[1.9, 2.05]],
            "clipped": [],
            "joins": [[2.0, 0.001, 0.0005]],
        },
        "picture": {
            "frames": 120,
            "black": [],
            "frozen": [[10, 20]],
            "starts": {"audio": 0.0, "video": 0.0},
            "thumbnails": [],
            "tracks": [{"language": "rus", "cues": [[0.08, 1.98, TEXT], [2.08, 3.98, TEXT]]}],
        },
        "languages": ["ru"],
    }


def srt(*phrases: tuple[float, float, str]) -> str:
    """A SubRip file."""

    def clock(seconds: float) -> str:
        return f"00:00:{int(seconds):02},{round(seconds % 1 * 1000):03}"

    return "\n\n".join(
        f"{number}\n{clock(start)} --> {clock(end)}\n{text}" for number, (start, end, text) in enumerate(phrases, 1)
    )


CHECKS = [
    speech.said_as_written, speech.right_recording, speech.timed_by_measure, speech.on_time, captions.all_words_once,
    captions.readable_speed, captions.well_spaced, captions.short_lines, captions.well_broken, captions.contrast,
    captions.in_the_file, sound.loud_enough,
    sound.peaks_below_ceiling, sound.not_clipped, sound.no_holes, sound.no_clicks, picture.never_black,
    picture.never_frozen, picture.as_long_as_the_sound,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_right_video_passes(check: Any) -> None:
    """Nothing is wrong with a video nothing is wrong with, and a check is called what its function is."""
    found: Check = check(facts())
    assert (found.status, found.faults, found.name) == ("pass", (), check.__name__)


def _wrong_word(video: dict[str, Any]) -> None:
    video["heard"][1]["sentences"] = [heard("Луна никогда смотрит на нас.", words=1, characters=5)]


def _sounds_alike(video: dict[str, Any]) -> None:
    video["heard"][1]["sentences"] = [heard("Луна всегда смотрит на вас.", words=1, characters=1)]


def _another_recording(video: dict[str, Any]) -> None:
    video["heard"][0]["sentences"] = [heard(log_probability=-3.5)]


def _hardly_likely_and_wrong(video: dict[str, Any]) -> None:
    video["heard"][0]["sentences"] = [heard("тишина", words=5, characters=20, log_probability=-1.8)]


def _only_improbable(video: dict[str, Any]) -> None:
    video["heard"][0]["sentences"] = [heard(log_probability=-1.8)]


def _estimated(video: dict[str, Any]) -> None:
    video["words"]["blocks"][1]["words"][2]["source"] = "estimated"


def _shifted(video: dict[str, Any]) -> None:
    for block in video["heard"]:
        block["starts"] = {method: [start + 300 for start in starts] for method, starts in block["starts"].items()}


def _nobody_measured(video: dict[str, Any]) -> None:
    for block in video["heard"]:
        block["starts"] = {}


def _a_cue_missing(video: dict[str, Any]) -> None:
    video["cues"]["blocks"][0]["cues"] = []


def _a_word_twice(video: dict[str, Any]) -> None:
    cue = video["cues"]["blocks"][0]["cues"][0]
    cue["words"] = [*cue["words"], cue["words"][-1]]


def _a_word_missing_beside(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 1.98, "Луна смотрит на нас."), (2.08, 3.98, TEXT))


def _too_fast(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 0.98, TEXT))


def _overlapping(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 2.5, TEXT), (2.08, 3.98, TEXT))


def _blinking(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 2.05, TEXT), (2.08, 3.98, TEXT))


def _outlasting(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 1.98, TEXT), (2.08, 4.5, TEXT))


def _three_lines(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 1.98, "Луна\nвсегда\nсмотрит на нас."), (2.08, 3.98, TEXT))


def _a_long_line(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 3.98, f"{TEXT} {TEXT}"))


def _flashing(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 0.68, "Луна"), (2.08, 3.98, TEXT))


def _lingering(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 7.18, TEXT))
    video["words"]["frames"] = 300


def _a_lost_preposition(video: dict[str, Any]) -> None:
    video["srt"] = srt((0.08, 1.98, "Луна всегда смотрит на\nнас."), (2.08, 3.98, TEXT))


def _a_track_missing(video: dict[str, Any]) -> None:
    video["languages"] = ["ru", "en"]


def _a_track_late(video: dict[str, Any]) -> None:
    video["picture"]["tracks"][0]["cues"][1][0] += 0.3


def _a_cue_lost_in_the_track(video: dict[str, Any]) -> None:
    video["picture"]["tracks"][0]["cues"].pop()


def _pale(ratio: float) -> Any:
    def plant(video: dict[str, Any]) -> None:
        video["cues"]["blocks"][1]["placement"]["tried"][0]["contrast"] = ratio

    return plant


def _sound(**changes: Any) -> Any:
    return lambda video: video["sound"].update(changes)


def _picture(**changes: Any) -> Any:
    return lambda video: video["picture"].update(changes)


DEFECTS = [
    (speech.said_as_written, _wrong_word, "fail", "никогда"),
    (speech.said_as_written, _sounds_alike, "warn", "вас"),
    (speech.right_recording, _another_recording, "fail", "block 01"),
    (speech.right_recording, _hardly_likely_and_wrong, "fail", "block 01"),
    (speech.right_recording, _only_improbable, "warn", "block 01"),
    (speech.timed_by_measure, _estimated, "fail", "align"),
    (speech.on_time, _shifted, "fail", "300 ms early"),
    (speech.on_time, _nobody_measured, "fail", ""),
    (captions.all_words_once, _a_cue_missing, "fail", "Луна"),
    (captions.all_words_once, _a_word_twice, "fail", "нас."),
    (captions.all_words_once, _a_word_missing_beside, "fail", "всегда"),
    (captions.readable_speed, _too_fast, "fail", "0:00.08"),
    (captions.well_spaced, _overlapping, "fail", "overlap"),
    (captions.well_spaced, _blinking, "warn", "blink"),
    (captions.well_spaced, _outlasting, "fail", "outlasts"),
    (captions.well_spaced, _flashing, "warn", "0.60 s"),
    (captions.well_spaced, _lingering, "warn", "7.1 s"),
    (captions.well_broken, _a_lost_preposition, "warn", "ends without “нас.”"),
    (captions.in_the_file, _a_track_missing, "fail", "1 subtitle tracks, 2 were made"),
    (captions.in_the_file, _a_track_late, "fail", "0:02.38"),
    (captions.in_the_file, _a_cue_lost_in_the_track, "fail", "1 cues"),
    (captions.short_lines, _three_lines, "fail", "всегда"),
    (captions.short_lines, _a_long_line, "fail", "0:00.08"),
    (captions.contrast, _pale(2.0), "fail", "block 02"),
    (captions.contrast, _pale(4.0), "warn", "block 02"),
    (sound.loud_enough, _sound(integrated=-17.0), "fail", "-17.0"),
    (sound.loud_enough, _sound(integrated=-13.3), "warn", "-13.3"),
    (sound.peaks_below_ceiling, _sound(true_peak=0.7), "fail", "0.7"),
    (sound.not_clipped, _sound(clipped=[1.5]), "fail", "0:01.50"),
    (sound.no_holes, _sound(silences=[[0.1, 0.35]]), "fail", "Луна"),
    (sound.no_clicks, _sound(joins=[[2.0, 0.3, 0.002]]), "fail", "0:02.00"),
    (picture.never_black, _picture(black=[[30, 60]]), "fail", "1.00 s"),
    (picture.never_frozen, _picture(frozen=[[30, 90]]), "fail", "stuck"),
    (picture.as_long_as_the_sound, _picture(frames=110), "fail", "110"),
    (picture.as_long_as_the_sound, _picture(starts={"audio": 0.4, "video": 0.0}), "fail", "400 ms"),
    (picture.as_long_as_the_sound, _sound(seconds=3.5), "fail", "3.5"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "plant", "status", "told"), DEFECTS, ids=[f"{c.__name__}-{n}" for n, (c, *_) in enumerate(DEFECTS)]
)
def test_a_defect_is_found(check: Any, plant: Any, status: str, told: str) -> None:
    """Each planted defect is found by its check, which says what and where."""
    video = facts()
    plant(video)
    found: Check = check(video)
    assert found.status == status
    assert any(told in fault for fault in found.faults) or not told


def test_words_timed_by_whisper_are_not_checked_by_whisper() -> None:
    """A method never judges its own times."""
    assert speech.independent({"rhvoice"}) == ["whisper", "dtw"]
    assert speech.independent({"dtw"}) == ["whisper"]
    assert speech.independent({"whisper"}) == speech.independent({"whisper-timestamped"}) == ["dtw"]


def test_sounds_and_speakers_are_not_words() -> None:
    """Names of speakers and `[sounds]` in captions are neither missing nor too many."""
    video = facts()
    cue = video["cues"]["blocks"][0]["cues"][0]
    cue["words"] = [{"text": "АННА:", "start": 80, "end": 80, "kind": "name"}, *cue["words"]]
    video["srt"] = srt((0.08, 1.98, f"АННА: {TEXT}"), (2.08, 3.98, TEXT))
    assert captions.all_words_once(video).status == "pass"
