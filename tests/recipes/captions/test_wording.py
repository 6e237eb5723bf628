"""From words.json to the words of captions: speakers, sounds, translations, scripts without spaces."""

from __future__ import annotations

import itertools
from typing import Any

from recipes.captions import cues, wording
from recipes.captions.cues import Rules, Word, joined


def block(*words: tuple[str, int, int, str], frames: int = 75) -> dict[str, Any]:
    """A block of words.json; the last of each word is its source."""
    said = [{"text": text, "start": start, "end": end, "sentence": 0, "source": by} for text, start, end, by in words]
    return {"id": "01", "start_frame": 0, "frames": frames, "words": said}


def rules(language: str = "ru", words: int = 0, characters: int = 39) -> Rules:
    """Rules by characters alone."""
    return Rules(language, lambda text: float(len(text)), float("inf"), characters, 2, words, 0, 200, 40.0)


HELLO = block(("[дверь скрипит]", 80, 700, "sound"), ("Кто", 700, 900, "rhvoice"), ("там?", 900, 1200, "rhvoice"))


def test_speakers_are_named_when_they_change() -> None:
    """A name comes with the first words of somebody else, and once; nobody's words have none."""
    speakers = ["Анна", "Анна", "", "Анна", "Пётр"]
    assert wording.prefixes(speakers, "name") == ["АННА:", "", "", "АННА:", "ПЁТР:"]
    assert wording.prefixes(speakers, "dash") == ["-", "", "", "-", "-"]
    assert wording.prefixes(speakers, "none") == [""] * 5


def test_a_name_stays_with_its_words() -> None:
    """However few words fit at once, a name is never shown alone; a dash stands close to its word."""
    words = [Word(text, 300 * n, 300 * n + 250, 0) for n, text in enumerate(("раз", "два", "три", "четыре", "пять"))]
    source = block(*((word.text, word.start, word.end, "test") for word in words))
    for limit in (1, 2, 4):
        first = cues.build(wording.spoken(source, "ru", "АННА:"), 3000, rules(words=limit))[0]
        assert first.words[0].kind == "speaker"
        assert len(first.words) >= 2
    assert joined(wording.spoken(source, "ru", "-")) == "-раз два три четыре пять"


def test_sounds_are_shown_whole_and_not_as_spoken() -> None:
    """A sound may break over lines between its words, is there until somebody speaks, and is no spoken word."""
    words = wording.spoken(HELLO, "ru")
    assert [(word.text, word.kind) for word in words] == [
        ("[дверь", "sound"),
        ("скрипит]", "sound"),
        ("Кто", "spoken"),
        ("там?", "spoken"),
    ]
    assert {(word.start, word.end) for word in words[:2]} == {(80, 700)}


def test_a_sound_alone_has_time_to_be_read() -> None:
    """Where there is no pause for a sound, the words after it come a little late rather than the sound in a flash."""
    hurried = block(("[гром]", 80, 90, "sound"), *((f"слово{n}", 90 + 400 * n, 450 + 400 * n, "t") for n in range(4)))
    first, *_ = cues.build(wording.spoken(hurried, "ru"), 3000, rules(words=4, characters=12))
    assert first.end - first.start >= cues.FLASH


def test_a_translation_goes_sentence_by_sentence() -> None:
    """As many sentences as there are spoken have their times; others share the whole time by their characters."""
    source = block(("Раз.", 100, 400, "t"), ("Два", 1000, 1200, "t"), ("три.", 1200, 1500, "t"))
    for word in source["words"][1:]:
        word["sentence"] = 1
    even = wording.translated(source, "One. Two and three.", "en", 3000)
    assert [(word.text, word.sentence) for word in even][:2] == [("One.", 0), ("Two", 1)]
    assert (even[0].start, even[0].end, even[1].start, even[-1].end) == (100, 400, 1000, 1500)
    whole = wording.translated(source, "One two three.", "en", 3000)
    assert (whole[0].start, whole[-1].end) == (100, 1500)
    assert wording.translated(block(), "Silence.", "en", 3000)[0].end == 3000


def test_a_sentence_without_spaces_is_cut_and_timed_by_its_characters() -> None:
    """One token of Japanese becomes phrases that share its time, with no spaces between them, on lines short enough."""
    text = "月はいつも同じ面を私たちに向けている。"
    words = wording.spoken(block((text, 0, 1900, "edge"), ("裏側です。", 1900, 2400, "edge")), "ja")
    assert joined(words) == f"{text}裏側です。"
    assert words[0].start == 0
    assert words[-1].end == 2400
    assert all(before.end == after.start for before, after in itertools.pairwise(words))
    for cue in cues.build(words, 3000, rules("ja", characters=13)):
        assert all(len(line) <= 13 for line in cue.text)


def test_words_of_other_scripts_keep_their_spaces() -> None:
    """Between two Latin words, or Korean ones, a space stays; between Japanese sentences none comes."""
    source = block(("Hello", 0, 1, "t"), ("世界", 1, 2, "t"), ("です", 2, 3, "t"), ("OK", 3, 4, "t"))
    assert joined(wording.spoken(source, "ja")) == "Hello 世界です OK"
    assert joined(wording.spoken(block(("달은", 0, 1, "t"), ("항상", 1, 2, "t")), "ko")) == "달은 항상"
