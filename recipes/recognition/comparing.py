"""How far what was heard is from what should have been said."""

from __future__ import annotations

from dataclasses import dataclass

from recipes import text
from recipes.text.pieces import plain

_LETTERS = 1


@dataclass(frozen=True)
class Errors:
    """Errors of one text: words and characters that differ, of how many there should be."""

    words: int
    of_words: int
    characters: int
    of_characters: int

    @property
    def wer(self) -> float:
        """Word error rate; more than 1 where more was said than should have been."""
        return self.words / max(1, self.of_words)

    @property
    def cer(self) -> float:
        """Character error rate."""
        return self.characters / max(1, self.of_characters)

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.words + other.words,
            self.of_words + other.of_words,
            self.characters + other.characters,
            self.of_characters + other.of_characters,
        )


def compare(expected: str, heard: str, language: str) -> Errors:
    """Count differences in wording alone: numbers as words, no case, no punctuation, no stress, `ё` as `е`."""
    import jiwer  # noqa: PLC0415  # of the extra [qa]

    wanted, got = wording(expected, language), wording(heard, language)
    if not wanted:
        return Errors(len(got), 0, len("".join(got)), 0)
    words = jiwer.process_words(" ".join(wanted), " ".join(got))
    letters = jiwer.process_characters(" ".join(wanted), " ".join(got))
    return Errors(
        words.substitutions + words.deletions + words.insertions,
        len(wanted),
        letters.substitutions + letters.deletions + letters.insertions,
        len(" ".join(wanted)),
    )


def wording(said: str, language: str) -> list[str]:
    """The words of a text as they sound. Letters said one by one are one word: `Эн Би Эй` is heard as `НБА` or not."""
    spoken = [
        word for sentence in text.prepare(said, language, {}) for token in sentence.tokens for word in token.spoken
    ]
    words: list[str] = []
    spelled = False
    for word in (part for piece in spoken for part in plain(piece).replace("-", " ").split()):
        letter = len(word) == _LETTERS and not word.isdigit()
        if letter and spelled:
            words[-1] += word
        else:
            words.append(word)
        spelled = letter
    return words
