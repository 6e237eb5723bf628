"""Cues: every word once, in time, on lines a person would have chosen."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipes.captions import cues
from recipes.captions.cues import Rules, Word

PHRASES = Rules("ru", lambda text: float(len(text)), 1e9, 39, 2, 0, 0, 0, 1000 / 30)
SHORTS = Rules("ru", lambda text: float(len(text)), 16, 39, 2, 4, 0, 150, 1000 / 30)


def spoken(text: str, pace: float = 70, pause: int = 60) -> tuple[list[Word], int]:
    """Words of a text at so many ms a letter, and the length of their block."""
    now, sentence, words = 200, 0, []
    for word in text.split():
        end = now + round(len(word) * pace)
        words.append(Word(word, now, end, sentence))
        now = end + pause + (400 if word[-1] in ".!?" else 0)
        sentence += word[-1] in ".!?"
    return words, now


@st.composite
def blocks(draw: st.DrawFn) -> tuple[list[Word], int]:
    """Any block of words as the voice may time them: pauses, sentences, long words, words of no length."""
    now, sentence, words = draw(st.integers(0, 800)), 0, []
    for _ in range(draw(st.integers(0, 25))):
        text = draw(st.text("абвгд,.!?—«»i1 %", min_size=1, max_size=18).filter(str.strip))
        end = now + draw(st.integers(0, 900))
        words.append(Word(text.strip(), now, end, sentence))
        sentence += draw(st.booleans())
        now = end + draw(st.integers(0, 1500))
    return words, now + draw(st.integers(0, 900)) + 20


@given(blocks(), st.sampled_from([PHRASES, SHORTS, dataclasses.replace(PHRASES, lead=200, lag=400, lines=1)]))
def test_every_word_is_in_exactly_one_cue(block: tuple[list[Word], int], rules: Rules) -> None:
    """Whatever is said, the cues hold all of it, once, in order."""
    words, length = block
    assert [word for cue in cues.build(words, length, rules) for word in cue.words] == words


@given(blocks(), st.sampled_from([PHRASES, SHORTS, dataclasses.replace(PHRASES, lead=200, lag=400)]))
def test_cues_keep_their_time_and_their_size(block: tuple[list[Word], int], rules: Rules) -> None:
    """No cue overlaps another or leaves its block; a gap is two frames or none; lines and words keep their limits."""
    words, length = block
    made = cues.build(words, length, rules)
    for cue in made:
        assert 0 <= cue.start < cue.end
        assert len(cue.lines) <= rules.lines
        assert all(len(line) <= rules.characters or len(cue.lines[n]) == 1 for n, line in enumerate(cue.text))
        assert not rules.words or len(cue.words) <= rules.words
    for one, other in itertools.pairwise(made):
        gap = other.start - one.end
        assert gap == 0 or gap >= 2 * rules.frame
    if made and words[-1].start <= length - 20 and all(a.start < b.start for a, b in itertools.pairwise(words)):
        assert made[-1].end <= length


@pytest.mark.parametrize(
    ("language", "text", "lines"),
    [
        (
            "ru",
            "Учёные измерили расстояние лазером, а зеркала оставили астронавты «Аполлона-11» в 1969 году.",
            [
                ("Учёные измерили расстояние лазером,",),
                ("а зеркала оставили астронавты", "«Аполлона-11» в 1969 году."),
            ],
        ),
        (
            "en",
            "It is only 1.5 inches a year, but over a billion years it adds up, and one day there will be no eclipses.",
            [
                ("It is only 1.5 inches a year,",),
                ("but over a billion years it adds up,", "and one day there will be no eclipses."),
            ],
        ),
    ],
)
def test_lines_are_broken_as_an_editor_would(language: str, text: str, lines: list[tuple[str, ...]]) -> None:
    """Known sentences come out as the guides would have them: balanced, at punctuation, before a conjunction."""
    rules = dataclasses.replace(PHRASES, language=language, characters=cues.LINE_CHARACTERS[language])
    assert [cue.text for cue in cues.build(*spoken(text), rules)] == lines


def test_shorts_show_a_few_words_at_a_time() -> None:
    """Groups of one to four words that belong together, none of them a lost preposition."""
    made = cues.build(*spoken("Каждую ночь Луна уходит от нас. На 3,8 см в год — и это не шутка."), SHORTS)
    assert [" / ".join(cue.text) for cue in made] == [
        "Каждую ночь Луна",
        "уходит от нас.",
        "На 3,8 см",
        "в год —",
        "и это не шутка.",
    ]


def test_small_gaps_are_closed_and_large_ones_kept() -> None:
    """A caption does not blink between two words, and does not hang through a long silence."""
    words = [Word("Раз.", 0, 1000, 0), Word("Два.", 1300, 2300, 1), Word("Три.", 6000, 7000, 2)]
    made = cues.build(words, 9000, dataclasses.replace(SHORTS, words=1))
    assert [(cue.start, cue.end) for cue in made] == [(0, 1300), (1300, 2450), (6000, 7150)]


def test_a_short_phrase_stays_long_enough_to_be_read() -> None:
    """A phrase is shown 5/6 s at least where there is silence after it."""
    made = cues.build([Word("Да.", 0, 200, 0)], 5000, PHRASES)
    assert made[0].end - made[0].start == cues.SHORTEST


def test_lead_and_lag_move_a_cue_against_the_voice() -> None:
    """`lead` shows a cue earlier, `lag` keeps it longer, never before the block begins."""
    rules = dataclasses.replace(SHORTS, lead=200, lag=300)
    made = cues.build([Word("Раз,", 100, 900, 0), Word("два.", 3000, 3900, 0)], 9000, rules)
    assert [(cue.start, cue.end) for cue in made] == [(0, 1200), (2800, 4200)]


def test_reading_speed_counts_the_spaces() -> None:
    """17 characters in a second are 17 cps."""
    cue = cues.Cue(0, 1000, ((Word("восемь88", 0, 500, 0), Word("и восемь", 500, 1000, 0)),))
    assert cue.speed == cues.SPEED_WARN


def test_silence_has_no_captions() -> None:
    """A block without words has no cues."""
    assert cues.build([], 3000, PHRASES) == []


def test_captions_do_not_blink_where_blocks_meet() -> None:
    """A first cue that would come a frame or two into its block is there from the beginning."""
    soon = [Word("Сразу.", 40, 600, 0)]
    late = [Word("Позже.", 90, 600, 0)]
    assert cues.build(soon, 1000, PHRASES)[0].start == 0
    assert cues.build(late, 1000, PHRASES)[0].start == 90
