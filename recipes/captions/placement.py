"""Where the captions of each block go: measured on the proof, decided block by block.

A caption that changes its place in mid-sentence is worse than one on a poor background, so a block has one place
for all its cues. The decision rests on that block's own frames and times alone: moving a block moves it unchanged.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from recipes.captions import contrast
from recipes.captions.contrast import Paint, Reading
from recipes.captions.layout import Look, PlacedCue, Position, Rect, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from factory.step import Json
    from recipes.captions.cues import Cue

type Pictures = Callable[[Iterable[int]], Iterator[tuple[int, contrast.Picture]]]
"""Numbers of wanted frames → those frames, in order; any that are not there are left out."""

_NEAR = 1.0  # seconds to the next wanted frame that are sooner decoded than skipped
_LONG = 2000  # a cue shown longer than this, in ms, is looked at near its start and its end


@dataclass(frozen=True)
class Candidate:
    """A place captions might take."""

    position: Position
    boxed: bool


@dataclass(frozen=True)
class Timed:
    """A block's cues and where the block begins, in frames."""

    start_frame: int
    cues: Sequence[Cue]


@dataclass(frozen=True)
class Placement:
    """Where a block's captions go, and what was measured at each place that was tried (None: no picture to measure)."""

    chosen: Candidate
    tried: Mapping[Candidate, Reading | None]

    def put(self, cue: Cue, look: Look) -> PlacedCue:
        """The cue at this place."""
        return place(cue, look, self.chosen.position, boxed=self.chosen.boxed)


def candidates(style: Mapping[str, Json]) -> list[Candidate]:
    """The places a style allows, in the order of preference: where it wants to be, elsewhere, and boxed."""
    wanted = [cast("Position", style["position"]), *cast("Sequence[Position]", style["alternatives"])]
    if style["box"] == "always":
        return [Candidate(position, boxed=True) for position in wanted]
    plain = [Candidate(position, boxed=False) for position in wanted]
    return plain if style["box"] == "never" else [*plain, Candidate(wanted[0], boxed=True)]


def decide(
    blocks: Sequence[Timed],
    pictures: Pictures,
    *,
    fps: float,
    look: Look,
    style: Mapping[str, Json],
    check: Callable[[], None],
) -> list[Placement]:
    """A placement for every block: the first candidate readable under all its cues, else the most readable one.

    One pass over the pictures; a frame is measured and let go, so memory does not grow with the video.
    """
    options = candidates(style)
    worst: list[dict[Candidate, Reading]] = [{} for _ in blocks]
    wanted: dict[int, list[tuple[int, str, dict[Candidate, list[Rect]]]]] = defaultdict(list)
    for number, block in enumerate(blocks):
        for cue in block.cues:
            covered = {option: _covered(cue, look, option) for option in options}
            for at in _moments(cue):
                wanted[block.start_frame + round(at * fps / 1000)].append((number, cue.speaker, covered))
    paint = functools.cache(lambda speaker, boxed: _paint(style, look, speaker=speaker, boxed=boxed))
    for index, picture in pictures(wanted.keys()):
        check()
        scale = picture.shape[1] / look.width
        for number, speaker, covered in wanted[index]:
            for option, areas in covered.items():
                scaled = [_scaled(area, scale) for area in areas]
                reading = contrast.read(picture, scaled, paint(speaker, option.boxed))
                seen = worst[number].get(option)
                worst[number][option] = reading.worse(seen) if seen else reading
    least = float(cast("float", style["contrast"]))
    return [Placement(_choose(options, found, least), {o: found.get(o) for o in options}) for found in worst]


def _choose(options: Sequence[Candidate], found: Mapping[Candidate, Reading], least: float) -> Candidate:
    if not found:
        return options[0]
    for option in options:
        if found[option].contrast >= least and found[option].busyness <= contrast.BUSIEST:
            return option
    return max(options, key=lambda option: found[option].contrast)


def _covered(cue: Cue, look: Look, option: Candidate) -> list[Rect]:
    """What each line of a cue covers at a place, its outline included, in pixels of the frame."""
    placed = place(cue, look, option.position, boxed=option.boxed)
    return [line.ink.grown(look.outline) for line in placed.lines]


def _moments(cue: Cue) -> tuple[int, ...]:
    """When to look at the picture under a cue, in ms of its block."""
    length = cue.end - cue.start
    if length <= _LONG:
        return (cue.start + length // 2,)
    return (cue.start + length // 8, cue.end - length // 8)


def _paint(style: Mapping[str, Json], look: Look, *, speaker: str, boxed: bool) -> Paint:
    colors = cast("Mapping[str, str]", style["speaker_colors"])
    plain = colors.get(speaker, str(style["color"]))
    lit = (str(style["highlight"]),) if style["template"] in {"pop", "karaoke"} else ()
    return Paint(
        texts=(plain, *lit),
        outline=str(style["outline_color"]),
        outline_width=look.outline / look.em,
        box=str(style["box_color"]) if boxed else None,
    )


def _scaled(rect: Rect, by: float) -> Rect:
    return Rect(rect.left * by, rect.top * by, rect.right * by, rect.bottom * by)


def proof_frames(proof: Path, fps: float, wanted: Iterable[int]) -> Iterator[tuple[int, contrast.Picture]]:
    """The wanted frames of the proof as RGB, in order; those past its end are left out.

    What lies between them is skipped from key frame to key frame: of a long proof one frame in ten is decoded.
    """
    import av  # noqa: PLC0415 - heavy, and only this step needs it

    remaining = sorted(wanted, reverse=True)
    if not remaining:
        return
    with av.open(str(proof)) as container:
        stream = container.streams.video[0]
        # One thread: the picture is small, and waking others costs more than it saves.
        stream.codec_context.thread_count = 1
        near = fps * _NEAR
        while remaining:
            first = remaining[-1]
            container.seek(int(first / fps / stream.time_base), stream=stream)
            for frame in container.decode(stream):
                index = round((frame.time or 0) * fps)
                if index < remaining[-1]:
                    continue
                picture = cast("contrast.Picture", frame.to_ndarray(format="rgb24"))
                while remaining and index >= remaining[-1]:
                    yield remaining.pop(), picture
                if not remaining or remaining[-1] - index > near:
                    break
            if remaining and remaining[-1] == first:
                return
