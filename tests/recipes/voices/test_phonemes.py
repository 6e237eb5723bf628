"""Words among phonemes, and phonemes in the alphabet of a voice."""

from __future__ import annotations

from itertools import pairwise

from recipes.voices.kokoro_worker import LONGEST, pieces, spelled
from recipes.voices.phonemes import place


def test_a_break_sounds_like_the_word_after_it() -> None:
    """The space between two words is the beginning of the second, but for a pause after a mark."""
    assert place(["wˈʌn", "tˈuː", "ðə"], list("wˈʌn, tˈuː ðə")) == [(0, 4), (6, 10), (10, 13)]


def test_joined_words_share_their_group() -> None:
    """`of the`, which espeak-ng reads as one group, is still two words in order."""
    spans = place(["ʌv", "ðə", "sˈiː"], list("ʌvðə sˈiː"))
    assert spans == [(0, 2), (2, 4), (4, 9)]


def test_an_accent_is_spelled_its_own_way() -> None:
    """espeak-ng's phonemes become the signs Kokoro was taught, American or British."""
    assert spelled("ɹˈoʊd, tʃˈɜːtʃ bˈʌʔn\u0329", "en-us") == "ɹˈOd, ʧˈɜɹʧ bˈʌtᵊn"
    assert spelled("ɹˈəʊd ðeə", "en-gb") == "ɹˈQd ðɛː"


def test_a_long_sentence_is_said_in_pieces() -> None:
    """Nothing is lost, no piece is too long, and it is cut after a mark, else between words."""
    marked = "wˈʌn tˈuː, " * 70
    plain = "wˈʌn tˈuː " * 70
    for signs, end in ((marked, ", "), (plain, " ")):
        cut = pieces(signs)
        assert "".join(cut) == signs
        assert len(cut) > 1
        assert all(len(piece) <= LONGEST for piece in cut)
        assert all(first.endswith(end) for first, _ in pairwise(cut))
