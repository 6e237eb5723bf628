"""Checks of the picture of `final.mp4`: it is there, it moves on, and it is as long as the sound."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

from recipes.quality.check import Check, Facts, Status, clock, frame, graded, worst

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from factory.step import Job

BLACK_WARN, BLACK_FAIL = 0.1, 0.5
"""Seconds without a picture."""
FROZEN_WARN = 3.0
"""Seconds without any movement inside a block."""
_OVER_SEAM = 0.4  # seconds a still picture lasts on both sides of a seam, where another one should have come
_WIDTH = 96  # pixels of the copy that is measured: movement of Ken Burns is seen, grain of the encoder is not
_BLACK = 24  # the brightest pixel of a black frame: 16 is black in video
_STILL = 1.0  # mean difference from the frame a still began with, in steps of 8 bits: a coder's own unrest is less
_THUMBNAIL = 200
_LIMIT = 60


def look(job: Job) -> None:
    """Write `picture.json`: frames, black and frozen stretches, a JPEG of each block's middle, subtitle tracks."""
    import av  # noqa: PLC0415  # heavy, and a build that checks nothing does without

    params: Any = job.params
    wanted = dict(zip(params["middles"], range(len(params["middles"])), strict=True))
    thumbnails: dict[int, str] = {}
    watcher = Watcher()
    with av.open(str(job.inputs["final"])) as container:
        video = container.streams.video[0]
        video.thread_type = "AUTO"
        height = max(2, round(video.height * _WIDTH / video.width / 2) * 2)
        for number, frame in enumerate(container.decode(video)):
            small: Any = frame.reformat(width=_WIDTH, height=height, format="gray").to_ndarray()
            watcher.see(small)
            if number in wanted:
                thumbnails[wanted[number]] = _thumbnail(frame)
            if number % 50 == 0:
                job.check()
                job.progress(number, params["frames"])
        starts = {
            stream.type: float((stream.start_time or 0) * (stream.time_base or 0)) for stream in container.streams
        }
    result = {
        "frames": watcher.frames,
        "black": watcher.black,
        "frozen": watcher.frozen,
        "starts": starts,
        "tracks": list(_tracks(job.inputs["final"])),
        "thumbnails": [thumbnails.get(number, "") for number in range(len(params["middles"]))],
    }
    job.output("picture.json").write_text(json.dumps(result, sort_keys=True, indent=1) + "\n", encoding="utf-8")


class Watcher:
    """Sees the frames of a video one after the other, and notes where they are black or do not move: [first, after]."""

    def __init__(self) -> None:
        self.frames = 0
        self.black: list[list[int]] = []
        self.frozen: list[list[int]] = []
        self._began: NDArray[np.int16] | None = None

    def see(self, picture: NDArray[np.uint8]) -> None:
        """Look at the next frame, a small grey one."""
        import numpy as np  # noqa: PLC0415  # steps load it when they run

        now = picture.astype(np.int16)
        if int(picture.max()) <= _BLACK:
            self._extend(self.black, self.frames)
        # Compared with the still's beginning and not with the frame before: slow movement adds up, noise does not.
        if self._began is not None and float(np.abs(now - self._began).mean()) < _STILL:
            self._extend(self.frozen, self.frames)
        else:
            self._began = now
        self.frames += 1

    @staticmethod
    def _extend(spans: list[list[int]], frame: int) -> None:
        if spans and spans[-1][1] == frame:
            spans[-1][1] = frame + 1
        else:
            spans.append([frame, frame + 1])


def never_black(facts: Facts) -> Check:
    """There is a picture all the time."""
    lasts = frame(facts)
    found = [(first * lasts, (after - first) * lasts) for first, after in facts["picture"]["black"]]
    longest = max((length for _, length in found), default=0.0)
    faults = tuple(f"at {clock(at)} the picture is black for {length:.2f} s" for at, length in found)
    status = graded(longest, BLACK_WARN, BLACK_FAIL)
    return Check("never_black", "Black frames", status, f"{longest:.2f} s", f"{BLACK_WARN:g} s", faults)


def never_frozen(facts: Facts) -> Check:
    """The picture changes with the blocks: one that stays across a seam is stuck. Inside a block it may be a still."""
    lasts = frame(facts)
    seams = [block["start_frame"] * lasts for block in facts["words"]["blocks"][1:]]
    faults, statuses = [], list[Status]()
    longest = 0.0
    for first, after in facts["picture"]["frozen"]:
        start, end = (first - 1) * lasts, after * lasts
        longest = max(longest, end - start)
        if any(start < seam - _OVER_SEAM and end > seam + _OVER_SEAM for seam in seams):
            statuses.append("fail")
            faults.append(f"from {clock(start)} the picture is stuck for {end - start:.1f} s, though a block begins")
        elif end - start > FROZEN_WARN:
            statuses.append("warn")
            faults.append(f"from {clock(start)} nothing moves for {end - start:.1f} s")
    limit = f"{FROZEN_WARN:g} s"
    return Check("never_frozen", "Frozen picture", worst(statuses), f"{longest:.1f} s", limit, tuple(faults))


def as_long_as_the_sound(facts: Facts) -> Check:
    """As many frames as planned, and sound and picture begin and end together, to a frame."""
    lasts = frame(facts)
    frames, planned = facts["picture"]["frames"], facts["words"]["frames"]
    off = abs(facts["sound"]["seconds"] - frames * lasts)
    apart = abs(facts["picture"]["starts"].get("audio", 0.0) - facts["picture"]["starts"].get("video", 0.0))
    faults = []
    if frames != planned:
        faults.append(f"final.mp4 has {frames} frames, {planned} were planned")
    if off > lasts:
        faults.append(f"the sound lasts {facts['sound']['seconds']:.3f} s, the picture {frames * lasts:.3f} s")
    if apart > lasts:
        faults.append(f"sound and picture begin {apart * 1000:.0f} ms apart")
    value = f"{frames} frames, {off * 1000:.0f} ms apart at the end"
    limit = f"{planned} frames, {lasts * 1000:.0f} ms"
    status: Status = "fail" if faults else "pass"
    return Check("as_long_as_the_sound", "Picture and sound", status, value, limit, tuple(faults))


def middles(words: dict[str, Any]) -> list[int]:
    """The frame in the middle of each block, of `_LIMIT` blocks at most, evenly chosen."""
    blocks: Sequence[dict[str, Any]] = words["blocks"]
    step = max(1, -(-len(blocks) // _LIMIT))
    return [block["start_frame"] + block["frames"] // 2 for block in blocks[::step]]


def _tracks(path: Path) -> Iterator[dict[str, Any]]:
    """The language of each subtitle track, and [start, end, text] of its cues, in seconds, as a player gets them."""
    import av  # noqa: PLC0415  # see look

    with av.open(str(path)) as container:
        streams: Any = container.streams.subtitles
        for stream in streams:
            cues = []
            container.seek(0)
            for packet in container.demux(stream):
                data = bytes(packet)
                size = int.from_bytes(data[:2], "big")  # of the text; none in the gaps (3GPP TS 26.245, 5.17)
                if size and packet.pts is not None:
                    times = [float(at * packet.time_base) for at in (packet.pts, packet.pts + (packet.duration or 0))]
                    cues.append([*(round(at, 3) for at in times), data[2 : 2 + size].decode(errors="replace")])
            yield {"language": stream.language or "", "cues": cues}


def _thumbnail(frame: Any) -> str:
    """A data URL."""
    scale = _THUMBNAIL / max(frame.width, frame.height)
    small = frame.reformat(width=round(frame.width * scale / 2) * 2, height=round(frame.height * scale / 2) * 2)
    file = io.BytesIO()
    small.to_image().save(file, "JPEG", quality=70)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
