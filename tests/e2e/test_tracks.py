"""What a player finds in a finished file besides its picture: subtitle tracks, their languages and times, chapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import pysubs2
import pytest

from tests.e2e.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
extends: shorts
size: [108, 192]
fps: 10
language: en
voice: piper/joe
videos:
  - id: burned
    title: Two languages
    blocks:
      - say: The sea is calm tonight.
        show: sea.jpg
        translations: {ru: Сегодня море спокойно., pt-BR: O mar está calmo.}
      - say: The tide is full. The moon lies fair.
        show: sea.jpg
        translations: {ru: Прилив высок. Луна светла., pt-BR: "A maré está cheia, a lua é bela."}
  - id: switched
    title: One language
    captions: {style: longform, delivery: soft}
    blocks:
      - {say: The sea is calm tonight., show: sea.jpg}
  - id: bare
    title: None
    captions: {delivery: none}
    blocks:
      - {say: The sea is calm tonight., show: sea.jpg}
"""
Track = tuple[str, bool, list[tuple[int, int, str]]]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Three videos, built once."""
    studio = Studio.open(tmp_path_factory.mktemp("studio") / "sea")
    studio.write("sea/project.yaml", SPEC)
    studio.paint("sea/sea.jpg", 1)
    studio.build()
    return studio


def subtitles(path: Path) -> list[Track]:
    """Of each mov_text track: language, whether players show it unasked, and (start, end, text) of every cue, in ms."""
    found: list[Track] = []
    with av.open(str(path)) as container:
        streams: Any = container.streams.subtitles
        for stream in streams:
            cues = []
            container.seek(0)
            for packet in container.demux(stream):
                size = int.from_bytes(bytes(packet)[:2], "big")
                if size and packet.pts is not None:
                    start = round(packet.pts * packet.time_base * 1000)
                    end = round((packet.pts + packet.duration) * packet.time_base * 1000)
                    cues.append((start, end, bytes(packet)[2 : 2 + size].decode()))
            shown = bool(stream.disposition & av.stream.Disposition.default)
            found.append((stream.metadata["language"], shown, cues))
    return found


@pytest.mark.parametrize(
    ("video", "languages", "shown"),
    [("burned", ["eng", "por", "rus"], [False] * 3), ("switched", ["eng"], [True]), ("bare", [], [])],
)
def test_every_language_is_a_track(studio: Studio, video: str, languages: list[str], shown: list[bool]) -> None:
    """A track for each language, tagged; shown unasked only where the picture holds no captions."""
    tracks = subtitles(studio.made(f"sea/{video}/final.mp4"))
    assert [language for language, _, _ in tracks] == languages
    assert [default for _, default, _ in tracks] == shown


@pytest.mark.parametrize(("number", "name"), [(0, "subs.srt"), (1, "subs.pt-BR.srt"), (2, "subs.ru.srt")])
def test_tracks_hold_what_the_files_beside_them_do(studio: Studio, number: int, name: str) -> None:
    """Each track has the cues of its .srt, at the same times to the millisecond."""
    read = pysubs2.load(str(studio.made(f"sea/burned/{name}")), encoding="utf-8")
    _, _, cues = subtitles(studio.made("sea/burned/final.mp4"))[number]
    assert cues == [(event.start, event.end, event.plaintext) for event in read]


def test_a_translation_has_the_times_of_what_it_translates(studio: Studio) -> None:
    """Sentence by sentence where there are as many, else spread over what is said."""
    spoken, russian, portuguese = (
        pysubs2.load(str(studio.made(f"sea/burned/subs{name}.srt")), encoding="utf-8") for name in ("", ".ru", ".pt-BR")
    )
    assert [event.start for event in russian][:1] == [spoken[0].start]
    assert russian[-1].end == portuguese[-1].end == spoken[-1].end
    assert "".join(event.plaintext for event in portuguese) == "O mar está calmo.A maré está cheia, a lua é bela."


def test_every_block_is_a_chapter(studio: Studio) -> None:
    """Chapters begin where blocks do, and are named for what is said first."""
    for video, count in (("burned", 2), ("switched", 1), ("bare", 1)):
        with av.open(str(studio.made(f"sea/{video}/final.mp4"))) as container:
            chapters: Any = container.chapters()
        assert [chapter["metadata"]["title"] for chapter in chapters][:1] == ["The sea is calm tonight"]
        assert len(chapters) == count


def test_a_translation_costs_a_remux_only(studio: Studio) -> None:
    """Another word in a subtitle track: nothing is spoken, drawn or captioned again."""
    studio.replace("sea/project.yaml", "Прилив высок.", "Прилив полон.")
    assert set(studio.build()) == {"translate_subtitles", "mux"}
