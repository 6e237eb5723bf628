"""Checks of the captions: all words there, once, on time to be read, and readable on the picture."""

from __future__ import annotations

import itertools
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from recipes.captions import cues as rules
from recipes.captions import grammar
from recipes.quality.check import Check, Facts, Status, clock, frame, graded, worst
from recipes.text.sounds import is_sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONTRAST_WARN, CONTRAST_FAIL = 4.5, 3.0
"""WCAG 2.2, 1.4.3: for text of any size, and for large text, which captions are."""
LINES = 2
_LINE_SLACK = 1.25
"""A line past the usual length warns; past this much of it, it fails."""
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d),(\d\d\d) --> (\d+):(\d\d):(\d\d),(\d\d\d)")
_JOINER = "\u2060"
_SAME = 0.002  # seconds: times in files are rounded to milliseconds


def all_words_once(facts: Facts) -> Check:
    """Every word of the script is in exactly one caption, in order: in the picture's and in the subtitle file's."""
    faults = []
    total = missing = 0
    phrases = list(phrases_of(facts["srt"]))
    lasts = frame(facts)
    for script, words, captions in zip(
        facts["script"]["blocks"], facts["words"]["blocks"], facts["cues"]["blocks"], strict=True
    ):
        wanted = [token["text"] for part in script["sentences"] for token in part["tokens"] if token["spoken"]]
        begins = words["start_frame"] * lasts
        ends = begins + words["frames"] * lasts
        written = " ".join(text for start, _, lines in phrases if begins <= (start + 0.001) < ends for text in lines)
        burned = " ".join(
            word["text"] for cue in captions["cues"] for word in cue["words"] if word.get("kind", "spoken") == "spoken"
        )
        total += len(wanted)
        for place, shown in (("captions", burned), ("subs.srt", written)):
            lost, extra = _differences(wanted, shown, strict=place == "captions")
            missing += len(lost)
            faults += [f"block {script['id']}: “{word}” is missing from the {place}" for word in lost]
            faults += [f"block {script['id']}: “{word}” is in the {place} once too often" for word in extra]
    status: Status = "fail" if faults else "pass"
    value = f"{total - missing} of {total} words" if faults else f"all {total} words"
    return Check("all_words_once", "Every word captioned once", status, value, "every word, once", tuple(faults))


def readable_speed(facts: Facts) -> Check:
    """No phrase of the subtitles has to be read faster than people do."""
    language = facts["script"]["language"]
    found = [
        (len(" ".join(lines)) / rules.density(language) / max(0.001, end - start), start, " ".join(lines))
        for start, end, lines in phrases_of(facts["srt"])
    ]
    fastest = max((speed for speed, _, _ in found), default=0.0)
    faults = [
        f"at {clock(start)} “{text}” asks for {speed:.0f} characters a second: slow the voice or say less"
        for speed, start, text in sorted(found, reverse=True)
        if speed > rules.SPEED_WARN
    ]
    status = graded(fastest, rules.SPEED_WARN, rules.SPEED_FAIL)
    limit = f"{rules.SPEED_WARN:g}, at most {rules.SPEED_FAIL:g}"
    return Check("readable_speed", "Reading speed", status, f"{fastest:.1f} characters/s", limit, tuple(faults))


def well_spaced(facts: Facts) -> Check:
    """Captions do not overlap, do not blink between two of them, last long enough, and end before the video does."""
    lasts = frame(facts)
    length = facts["words"]["frames"] * lasts
    faults: list[tuple[Status, str]] = []
    for place, spans, least in (
        ("subs.srt", [(start, end) for start, end, _ in phrases_of(facts["srt"])], rules.SHORTEST / 1000 - lasts),
        ("captions", list(_burned(facts)), rules.FLASH / 2000),
    ):
        for (_, ends), (starts, _) in itertools.pairwise(spans):
            if starts < ends - _SAME:
                faults.append(("fail", f"at {clock(starts)} two {place} cues overlap"))
            elif _SAME < starts - ends < 2 * lasts - _SAME:
                faults.append(("warn", f"at {clock(ends)} the {place} blink for less than two frames"))
        for start, end in spans:
            if end > length + lasts:
                faults.append(("fail", f"at {clock(end)} a cue of the {place} outlasts the video"))
            if end - start < least:
                faults.append(("warn", f"at {clock(start)} a cue of the {place} is there for {end - start:.2f} s"))
            elif end - start > rules.LONGEST / 1000 + lasts:
                faults.append(("warn", f"at {clock(start)} a cue of the {place} stays for {end - start:.1f} s"))
    faults.sort(key=lambda fault: fault[0])
    status = worst([status for status, _ in faults])
    value = f"{len(faults)} faults" if faults else "no overlap, no blinking"
    return Check("well_spaced", "Captions well spaced", status, value, "0", tuple(text for _, text in faults))


def short_lines(facts: Facts) -> Check:
    """Subtitle phrases have at most two lines of the length people take in at a glance."""
    usual = rules.line_characters(facts["script"]["language"])
    longest = most = 0
    faults = []
    for start, _, lines in phrases_of(facts["srt"]):
        longest, most = max(longest, *map(len, lines)), max(most, len(lines))
        if len(lines) > LINES or max(map(len, lines)) > usual:
            faults.append(f"at {clock(start)} “{' / '.join(lines)}”")
    status = worst([graded(longest, usual, usual * _LINE_SLACK), "fail" if most > LINES else "pass"])
    value = f"{longest} characters, {most} lines"
    return Check("short_lines", "Line length", status, value, f"{usual}, {LINES} lines", tuple(faults))


def well_broken(facts: Facts) -> Check:
    """No line ends with a word that belongs to the next: a preposition, an article, a number before its unit."""
    language = facts["script"]["language"]
    lines = [(start, line) for start, _, phrase in phrases_of(facts["srt"]) for line in phrase if line.strip()]
    faults = tuple(
        f"at {clock(start)} “{line}” ends without “{after.split()[0]}”"
        for (start, line), (_, after) in itertools.pairwise(lines)
        if not is_sound(line) and grammar.penalty(line.split()[-1], after.split()[0], language) >= grammar.FORBIDDEN
    )
    status: Status = "warn" if faults else "pass"
    return Check("well_broken", "Line breaks", status, f"{len(faults)} of {len(lines)} lines", "0", faults)


def in_the_file(facts: Facts) -> Check:
    """The subtitle tracks are in final.mp4: one for each language, the first with every phrase at its time."""
    tracks, phrases = facts["picture"]["tracks"], list(phrases_of(facts["srt"]))
    wanted = len(facts["languages"]) if phrases else 0
    faults = [] if len(tracks) == wanted else [f"final.mp4 has {len(tracks)} subtitle tracks, {wanted} were made"]
    cues = tracks[0]["cues"] if tracks else []
    if phrases and tracks and len(cues) != len(phrases):
        faults.append(f"its first track has {len(cues)} cues, subs.srt has {len(phrases)}")
    for (start, end, text), (starts, ends, lines) in zip(cues, phrases, strict=False):
        if max(abs(start - starts), abs(end - ends)) > _SAME:
            faults.append(f"“{text}” is shown at {clock(start)} in final.mp4, at {clock(starts)} in subs.srt")
        elif _letters(text) != _letters("".join(lines)):
            faults.append(f"at {clock(start)} final.mp4 shows “{text}”, subs.srt “{' '.join(lines)}”")
    status: Status = "fail" if faults else "pass"
    value = f"{len(tracks)} tracks, {len(cues)} cues"
    return Check(
        "in_the_file", "Subtitle tracks", status, value, f"{wanted} tracks, {len(phrases)} cues", tuple(faults)
    )


def contrast(facts: Facts) -> Check:
    """Captions can be told from the picture under them, as measured on the proof where they were placed."""
    found = [
        (float(tried["contrast"]), str(block["id"]))
        for block in facts["cues"]["blocks"]
        for tried in block["placement"]["tried"]
        if "contrast" in tried and all(tried[key] == block["placement"][key] for key in ("position", "boxed"))
    ]
    least = min((ratio for ratio, _ in found), default=21.0)
    faults = [
        f"block {name}: {ratio:.1f} : 1; darken the picture, or let the style box its captions (box: auto)"
        for ratio, name in sorted(found)
        if ratio < CONTRAST_WARN
    ]
    status = graded(-least, -CONTRAST_WARN, -CONTRAST_FAIL)
    return Check("contrast", "Caption contrast", status, f"{least:.1f} : 1", f"≥ {CONTRAST_WARN:g} : 1", tuple(faults))


def phrases_of(srt: str) -> Iterator[tuple[float, float, list[str]]]:
    """Start and end in seconds and the lines of every phrase of a SubRip file."""
    for part in re.split(r"\n\s*\n", srt.strip()):
        lines = part.splitlines()
        for number, line in enumerate(lines):
            if found := _CLOCK.match(line):
                times = [int(group) for group in found.groups()]
                start, end = (
                    times[at] * 3600 + times[at + 1] * 60 + times[at + 2] + times[at + 3] / 1000 for at in (0, 4)
                )
                yield start, end, [text.replace(_JOINER, "") for text in lines[number + 1 :]] or [""]
                break


def _burned(facts: Facts) -> Iterator[tuple[float, float]]:
    for block in facts["cues"]["blocks"]:
        at = block["start_frame"] * frame(facts)
        for cue in block["cues"]:
            yield at + cue["start"] / 1000, at + cue["end"] / 1000


def _differences(wanted: Sequence[str], shown: str, *, strict: bool) -> tuple[list[str], list[str]]:
    """Words missing from a text and words too many in it; names of speakers and sounds may stand between them.

    Where `strict`, nothing else may stand there. Compared by letters, for scripts without spaces are shown in parts.
    """
    ours = [_letters(word) for word in wanted]
    theirs = [_letters(word) for word in shown.split()]
    if "".join(ours) == "".join(theirs):
        return [], []
    lost: list[str] = []
    extra: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal" and "".join(ours[a:b]) != "".join(theirs[c:d]):
            lost += wanted[a:b]
            extra += shown.split()[c:d] if strict else []
    return lost, extra


def _letters(word: Any) -> str:
    return re.sub(r"\s|\u2060", "", str(word)).casefold()
