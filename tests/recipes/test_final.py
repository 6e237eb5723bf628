from __future__ import annotations

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from factory.keys import key_of
from recipes import final
from recipes.spec.model import Captions, Frame
from tests.recipes import small
from tests.workbench import Workbench

if TYPE_CHECKING:
    from factory.step import Step
    from recipes.spec.model import Video


def make(video: Video, bench: Path) -> Path:
    """final.mp4 of a video, kept in `bench` whatever is delivered later."""
    delivered = Workbench(bench).deliver(final.target(video))["final.mp4"]
    return Path(shutil.copyfile(delivered, bench / "final.mp4"))


def three(folder: Path, **changes: Any) -> Video:
    """Three blocks of 10, 12 and 9 frames with every kind of transition between them."""
    shown = [
        small.carousel(small.photograph(folder / f"{number}.png", number), number, transition=kind)
        for number, kind in ((1, "cut"), (2, "crossfade"), (3, "slide"))
    ]
    return small.write(small.video(folder, shown, **changes), (10, 12, 9))


def segments(video: Video) -> list[Step]:
    """The segment steps of a video, in order."""
    target = final.target(video)
    mux = target.expand(target.params, target.sources)["final.mp4"].step
    found = [item.step for role, item in sorted(mux.inputs.items()) if role.startswith("segment")]  # type: ignore[union-attr]  # they are all outputs
    assert found
    return found


def spec(step: Step) -> object:
    """What the step's key is made of, its inputs by content."""
    content = {role: sha256(item.path.read_bytes()).hexdigest() for role, item in step.inputs.items()}  # type: ignore[union-attr]  # a segment reads files alone
    return key_of(step, content).spec  # type: ignore[arg-type]  # any text that stands for the content will do


def packets(path: Path) -> list[tuple[int, bytes]]:
    """Presentation frame number and bytes of every video packet."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        assert stream.average_rate is not None
        assert stream.time_base is not None
        found = []
        for packet in file.demux(stream):
            if packet.size:
                assert packet.pts is not None
                frame = packet.pts * stream.time_base * stream.average_rate
                assert frame.denominator == 1
                found.append((int(frame), bytes(packet)))
        return found


def test_has_every_frame_once_and_decodes_cleanly(tmp_path: Path) -> None:
    """The joined file holds exactly the frames asked for, each on its own time, and decodes without a complaint."""
    path = make(three(tmp_path), tmp_path / "bench")

    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        stream.codec_context.options = {"err_detect": "explode"}
        times = [Fraction(frame.pts or 0) * (stream.time_base or 0) for frame in file.decode(stream)]
    assert times == [Fraction(number, 30) for number in range(31)]


def test_is_tagged_as_what_it_is(tmp_path: Path) -> None:
    """H.264, 4:2:0, BT.709 limited range; AAC at 48 kHz; the index in front of the data."""
    path = make(three(tmp_path), tmp_path / "bench")

    with av.open(str(path)) as file:
        picture, sound = file.streams.video[0].codec_context, file.streams.audio[0].codec_context
        assert (picture.name, picture.pix_fmt) == ("h264", "yuv420p")
        colours = (picture.color_primaries, picture.color_trc, picture.colorspace, picture.color_range)
        assert [int(colour) for colour in colours] == [1, 1, 1, 1]
        assert (sound.name, sound.sample_rate, sound.channels) == ("aac", 48000, 2)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("fps", [(30, 1), (30000, 1001), (25, 1)])
def test_does_not_drift_over_forty_joins(tmp_path: Path, fps: tuple[int, int]) -> None:
    """Block 41 begins on its very frame, and sound and picture end within a frame of each other."""
    picture = small.photograph(tmp_path / "p.png", size=(64, 64))
    shown = [small.carousel(picture, number, motion="none") for number in range(1, 42)]
    video = small.write(small.video(tmp_path, shown, frame=Frame(64, 64, fps)), [3] * 41)

    path = make(video, tmp_path / "bench")

    found = packets(path)
    assert sorted(frame for frame, _ in found) == list(range(3 * 41))
    with av.open(str(path)) as file:
        ends = [float((stream.duration or 0) * (stream.time_base or 0)) for stream in file.streams if stream.duration]
    assert max(ends[:2]) - min(ends[:2]) <= fps[1] / fps[0]


def test_a_changed_block_leaves_every_other_segment_alone(tmp_path: Path) -> None:
    """A longer second block has another key; the third, which comes in over it, keeps its key and its packets."""
    video = three(tmp_path)
    before, first = [spec(step) for step in segments(video)], packets(make(video, tmp_path / "a"))
    small.write(video, (10, 15, 9))

    after, second = [spec(step) for step in segments(video)], packets(make(video, tmp_path / "b"))

    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]
    assert [data for _, data in first][-9:] == [data for _, data in second][-9:]
    assert [data for _, data in first][:10] == [data for _, data in second][:10]


def test_a_changed_picture_also_reaches_the_transition_out_of_it(tmp_path: Path) -> None:
    """The block after it shows it for some frames, so it has another key too; the one before does not."""
    video = three(tmp_path)
    before = [spec(step) for step in segments(video)]
    small.photograph(tmp_path / "2.png", 77)

    after = [spec(step) for step in segments(video)]

    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, False]


def test_a_title_is_no_part_of_any_segment(tmp_path: Path) -> None:
    """Title, description and tags change nothing that is encoded."""
    video = three(tmp_path)
    renamed = replace(video, title="Two", description="Other.", tags=("two",))

    assert [spec(step) for step in segments(video)] == [spec(step) for step in segments(renamed)]


def test_keeps_any_title_and_names_the_chapters(tmp_path: Path) -> None:
    """Signs that mean something to ffmpeg arrive as they were written, and a chapter begins with every block."""
    title = "50 % = ½; #1 \\ [x] 'y' \"z\" $(id) — Луна:"
    video = three(tmp_path, title=title)

    path = make(video, tmp_path / "bench")

    with av.open(str(path)) as file:
        assert file.metadata["title"] == title
        assert file.streams.audio[0].metadata["language"] == "rus"
        marks = [(mark["start"] * mark["time_base"], mark["metadata"]["title"]) for mark in file.chapters()]
    assert marks == [(0, "Block 1"), (Fraction(10, 30), "Block 2"), (Fraction(22, 30), "Block 3")]


def test_carries_soft_captions_as_a_track(tmp_path: Path) -> None:
    """Soft captions are a text track with its language, and leave the picture as it would be without any."""
    soft = make(three(tmp_path, captions=Captions("shorts", "soft", {})), tmp_path / "a")
    none = make(three(tmp_path), tmp_path / "b")

    with av.open(str(soft)) as file:
        track = file.streams.subtitles[0]
        assert (track.codec_context.name, track.metadata["language"]) == ("mov_text", "rus")
    assert packets(soft) == packets(none)


def test_burns_captions_into_the_picture(tmp_path: Path) -> None:
    """Burned captions are white letters in the middle of the frame, drawn in the very font that was declared."""
    burned = make(three(tmp_path, captions=Captions("shorts", "burned", {})), tmp_path / "a")
    none = make(three(tmp_path), tmp_path / "b")

    def luma(path: Path) -> Any:
        with av.open(str(path)) as file:
            return next(file.decode(video=0)).to_ndarray(format="gray").astype(int)

    changed = np.abs(luma(burned) - luma(none)) > 40
    rows = np.flatnonzero(changed.any(axis=1))
    assert 70 < rows.min() < rows.max() < 122
    assert luma(burned).max() > 225


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the file tells when, where or how often it was made."""
    video = three(tmp_path)

    assert make(video, tmp_path / "a").read_bytes() == make(video, tmp_path / "b").read_bytes()


def test_tells_a_publisher_what_it_needs(tmp_path: Path) -> None:
    """metadata.json has title, description, tags, language, chapters in frames, and the length."""
    video = three(tmp_path)
    path = Workbench(tmp_path / "bench").deliver(final.target(video))["metadata.json"]

    told = json.loads(path.read_text(encoding="utf-8"))

    assert (told["title"], told["description"], told["tags"], told["language"]) == ("One", "About one.", ["one"], "ru")
    assert told["duration"] == 1.033
    assert [(mark["start"], mark["end"]) for mark in told["chapters"]] == [(0, 10), (10, 22), (22, 31)]
