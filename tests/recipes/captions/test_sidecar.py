"""Subtitle files: read back by another program as they were meant."""

from __future__ import annotations

import pysubs2

from recipes.captions import sidecar
from recipes.captions.cues import Cue, Word

CUES = [
    (0, Cue(200, 2641, ((Word("Каждую", 200, 900, 0), Word("ночь", 900, 1400, 0)), (Word("Луна.", 1400, 2600, 0),)))),
    (3_600_000, Cue(0, 1500, ((Word("R&D", 0, 900, 0), Word("<b>2</b>", 900, 1500, 0)),))),
]


def test_srt_is_read_back_by_pysubs2() -> None:
    """Times past the hour, two lines, in order."""
    read = pysubs2.SSAFile.from_string(sidecar.srt(CUES))
    assert [(event.start, event.end) for event in read] == [(200, 2641), (3_600_000, 3_601_500)]
    assert read[0].text == r"Каждую ночь\NЛуна."


def test_vtt_escapes_what_would_be_markup() -> None:
    """Ampersands and angle brackets stay text in WebVTT."""
    written = sidecar.vtt(CUES)
    assert written.startswith("WEBVTT\n\n00:00:00.200 --> 00:00:02.641\nКаждую ночь\nЛуна.\n\n01:00:00.000 -->")
    assert "R&amp;D &lt;b&gt;2&lt;/b&gt;" in written


def test_srt_tags_in_words_are_disarmed() -> None:
    """What a player would obey (`<i>`, an ASS tag) is kept as letters by an invisible word joiner."""
    cue = Cue(0, 1000, ((Word(r"{\an8}<i>x", 0, 900, 0),),))
    assert "{\u2060\\an8}<\u2060i>x" in sidecar.srt([(0, cue)])


def test_a_line_break_inside_a_word_ends_no_cue() -> None:
    """Stray newlines in the script cannot forge cues."""
    cue = Cue(0, 1000, ((Word("a\n\n2\n00:00", 0, 900, 0),),))
    assert sidecar.srt([(0, cue)]).count("\n\n") == 0


def test_a_video_without_words_has_valid_files() -> None:
    """Silence gives a header and nothing else, never an empty file."""
    assert sidecar.vtt([]) == "WEBVTT\n"
    assert sidecar.srt([]) == "\n"
