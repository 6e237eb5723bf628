"""Checks of the sound of `final.mp4`: how loud, how clean, without holes and clicks."""

from __future__ import annotations

import json
import wave
from typing import TYPE_CHECKING, Any

from recipes import ffmpeg
from recipes.quality.check import Check, Facts, Status, clock, frame, graded, worst
from recipes.sound import loudness
from recipes.sound.showing import SOUND
from recipes.sound.timeline import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

LOUDNESS_WARN, LOUDNESS_FAIL = loudness.TOLERANCE, 1.0
"""LU off −14 LUFS, either way."""
PEAK_WARN, PEAK_FAIL = loudness.CEILING + 0.5, 0.0
"""dBTP: AAC raises the peaks of what went in at −1; above 0 players clip."""
HOLE_WARN, HOLE_FAIL = 0.08, 0.15
"""Seconds of digital silence inside a word; a stop consonant has 0.06 and is never all zeros in speech."""
GAP_WARN, GAP_FAIL = 1.2, 2.5
"""Seconds of silence inside a sentence."""
_SILENT = 10 ** (-66 / 20)
_HOP = 0.01
_FULL, _FLAT = 0.9995, 3  # of full scale; samples in a row: one may touch it by chance
# A click is a jump between samples that nothing around it explains: the height of the second difference, of full
# scale, and how much more that is than the highest in the surroundings.
_JUMP, _UNEXPLAINED = 0.03, 5.0
_AT, _AROUND = 0.02, 0.15  # seconds around a join
_CHUNK = 1 << 20


def measure_sound(job: Job) -> None:
    """Write `sound.json`: loudness over time and whole, clipping, silences and jumps at joins (`params.joins`, s)."""
    path = job.inputs["sound"]
    loud = loudness.measure(job, ffmpeg.own(path), momentary=True)
    params: Any = job.params
    quiet: list[tuple[float, float]] = []
    clipped: list[float] = []
    with wave.open(str(path), "rb") as file:
        seconds = file.getnframes() / file.getframerate()
        for at, samples in _pieces(file):
            job.check()
            quiet += [(at + start, at + end) for start, end in silences(samples)]
            clipped += [at + start for start in flat_tops(samples)]
        joined = [[join, *jump(_around(file, join))] for join in params["joins"]]
    result = {
        "seconds": seconds,
        "integrated": loud.integrated,
        "true_peak": round(loud.peak, 2),
        "momentary": [round(value, 1) for value in loud.momentary],
        "silences": [[round(start, 3), round(end, 3)] for start, end in _merged(quiet)],
        "clipped": [round(at, 3) for at in clipped[:1000]],
        "joins": joined,
    }
    job.output("sound.json").write_text(json.dumps(result, sort_keys=True, indent=1) + "\n", encoding="utf-8")


def joins(words: dict[str, Any]) -> list[float]:
    """Where pieces of sound meet, in seconds: the seams of blocks, and both ends of each sentence."""
    found = set()
    for block in words["blocks"]:
        at = block["start_frame"] * words["fps"][1] / words["fps"][0]
        found.add(at)
        sentences = {word["sentence"] for word in block["words"]}
        for sentence in sentences:
            said = [word for word in block["words"] if word["sentence"] == sentence]
            found |= {at + said[0]["start"] / 1000, at + said[-1]["end"] / 1000}
    return sorted(round(second, 3) for second in found if second > 0)


def loud_enough(facts: Facts) -> Check:
    """As loud as the platforms play it."""
    measured = facts["sound"]["integrated"]
    off = abs(measured - loudness.TARGET)
    status = graded(off, LOUDNESS_WARN, LOUDNESS_FAIL)
    faults = (f"the sound of final.mp4 is {measured:.1f} LUFS",) if status != "pass" else ()
    limit = f"{loudness.TARGET:g} ±{LOUDNESS_WARN:g} LUFS"
    return Check("loud_enough", "Loudness", status, f"{measured:.1f} LUFS", limit, faults)


def peaks_below_ceiling(facts: Facts) -> Check:
    """Room for the player's own conversion."""
    peak = facts["sound"]["true_peak"]
    status = graded(peak, PEAK_WARN, PEAK_FAIL)
    faults = (f"true peak {peak:.1f} dBTP: a player may clip it",) if status != "pass" else ()
    return Check("peaks_below_ceiling", "True peak", status, f"{peak:.1f} dBTP", f"{PEAK_WARN:g} dBTP", faults)


def not_clipped(facts: Facts) -> Check:
    """No flat tops."""
    places = facts["sound"]["clipped"]
    faults = tuple(f"at {clock(at)} the sound is clipped" for at in places)
    status: Status = "fail" if places else "pass"
    return Check("not_clipped", "Clipping", status, f"{len(places)} places", "0", faults)


def no_holes(facts: Facts) -> Check:
    """No silence inside a word, and no long one inside a sentence."""
    statuses: list[Status] = []
    faults = []
    longest = 0.0
    for block in facts["words"]["blocks"]:
        at = block["start_frame"] * frame(facts)
        said = [word for word in block["words"] if word["source"] != SOUND]
        for word in said:
            hole = _overlap(facts["sound"]["silences"], at + word["start"] / 1000, at + word["end"] / 1000)
            longest = max(longest, hole)
            statuses.append(graded(hole, HOLE_WARN, HOLE_FAIL))
            if statuses[-1] != "pass":
                faults.append(f"at {clock(at + word['start'] / 1000)} “{word['text']}” has a hole of {hole:.2f} s")
        for sentence in sorted({word["sentence"] for word in said}):
            own = [word for word in said if word["sentence"] == sentence]
            start, end = at + own[0]["start"] / 1000, at + own[-1]["end"] / 1000
            inside = [(a, b) for a, b in facts["sound"]["silences"] if a >= start and b <= end]
            gap = max((b - a for a, b in inside), default=0.0)
            statuses.append(graded(gap, GAP_WARN, GAP_FAIL))
            if statuses[-1] != "pass":
                faults.append(f"from {clock(start)} a sentence is silent for {gap:.1f} s in its middle")
    value = f"{longest * 1000:.0f} ms inside a word"
    return Check("no_holes", "Silence holes", worst(statuses), value, f"{HOLE_FAIL * 1000:.0f} ms", tuple(faults))


def no_clicks(facts: Facts) -> Check:
    """No jump where sentences and blocks are joined."""
    clicks = [at for at, height, around in facts["sound"]["joins"] if height > _JUMP and height > _UNEXPLAINED * around]
    faults = tuple(f"at {clock(at)} the sound jumps" for at in clicks)
    status: Status = "fail" if clicks else "pass"
    return Check(
        "no_clicks", "Clicks at joins", status, f"{len(clicks)} of {len(facts['sound']['joins'])}", "0", faults
    )


def silences(samples: NDArray[np.float32]) -> Iterator[tuple[float, float]]:
    """Spans, in seconds, where nothing at all sounds (mono or the louder of two sides)."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    from recipes.alignment.sounds import runs  # noqa: PLC0415  # numpy

    hop = round(_HOP * SAMPLE_RATE)
    loud = np.abs(samples[: len(samples) // hop * hop]).max(axis=1).reshape(-1, hop).max(axis=1)
    yield from ((first * _HOP, last * _HOP) for first, last in runs(loud < _SILENT))


def flat_tops(samples: NDArray[np.float32]) -> Iterator[float]:
    """Seconds where several samples in a row are at full scale."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    from recipes.alignment.sounds import runs  # noqa: PLC0415  # numpy

    for side in samples.T:
        yield from (first / SAMPLE_RATE for first, last in runs(np.abs(side) >= _FULL) if last - first >= _FLAT)


def jump(samples: NDArray[np.float32]) -> tuple[float, float]:
    """The highest second difference near the middle of a stretch of sound, and the highest around it."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    if len(samples) < _FLAT:
        return 0.0, 0.0
    bends = np.abs(np.diff(samples, 2, axis=0)).max(axis=1)
    middle, reach = len(bends) // 2, round(_AT * SAMPLE_RATE)
    near = bends[max(0, middle - reach) : middle + reach]
    # The second highest of the pieces around: one more click there must not excuse this one.
    around = np.concatenate([bends[: max(0, middle - reach)], bends[middle + reach :]])
    pieces = [piece.max() for piece in np.array_split(around, 8) if piece.size]
    return round(float(near.max()), 4), round(float(sorted(pieces)[-2]), 4) if len(pieces) > 1 else 0.0


def _around(file: wave.Wave_read, second: float) -> NDArray[np.float32]:
    reach = round(_AROUND * SAMPLE_RATE)
    middle = round(second * SAMPLE_RATE)
    first, last = max(0, middle - reach), min(file.getnframes(), middle + reach)
    if last - middle < reach or middle - first < reach:
        reach = max(0, min(last - middle, middle - first))
        first, last = middle - reach, middle + reach
    file.setpos(min(first, file.getnframes()))
    return _floats(file.readframes(max(0, last - first)))


def _pieces(file: wave.Wave_read) -> Iterator[tuple[float, NDArray[np.float32]]]:
    at = 0
    while data := file.readframes(_CHUNK // 480 * 480):
        samples = _floats(data)
        yield at / SAMPLE_RATE, samples
        at += len(samples)


def _floats(data: bytes) -> NDArray[np.float32]:
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    return np.frombuffer(data, "<i2").reshape(-1, 2).astype(np.float32) / np.float32(32767)


def _merged(spans: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Spans that touch, as one."""
    held: tuple[float, float] | None = None
    for start, end in spans:
        if held is not None and start - held[1] < _HOP / 2:
            held = (held[0], end)
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


def _overlap(spans: Sequence[Sequence[float]], start: float, end: float) -> float:
    """The longest stretch of a span inside [start, end]."""
    return max((min(b, end) - max(a, start) for a, b in spans if a < end and b > start), default=0.0)
