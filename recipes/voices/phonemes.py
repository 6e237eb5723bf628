"""Words of a text among the phonemes of the sentence they are spoken in.

espeak-ng, which reads a text for neural voices, joins and splits words (`of the` is one group, `twenty-one` two). So
each word is also read alone, and the phonemes of the words are aligned to those of the sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BREAK = " "
_STRESSES = "ˈˌ"


def place(words: Sequence[Sequence[str]], sentence: Sequence[str]) -> list[tuple[int, int]]:
    """For each word, given by its phonemes, the span [first, last) of its phonemes in the sentence.

    Global alignment (Needleman and Wunsch, 1970), where a break between words matches a break of the sentence for
    nothing and a sound for much; a word none of whose sounds is found gets an empty span where it must be.

    A bare break belongs to the word after it: what neural voices say in its 25 to 100 ms is that word's first sound
    (a sibilant is heard 50 to 75 ms before the frames of its own phoneme). A break after a mark is a pause.
    """
    told: list[tuple[str, int]] = [("", -1)]
    for index, word in enumerate(words):
        sounds = [(phoneme, index) for phoneme in word if phoneme.isalpha()]
        told += [*sounds, (BREAK, -1)]
    heard = ["", *sentence]
    height, width = len(told), len(heard)
    cost = [[0.0] * width for _ in range(height)]
    for i in range(height):
        for j in range(width):
            if i or j:
                cost[i][j] = min(
                    cost[i - 1][j - 1] + _change(told[i][0], heard[j]) if i and j else float("inf"),
                    cost[i - 1][j] + _skip(told[i][0]) if i else float("inf"),
                    cost[i][j - 1] + _skip(heard[j]) if j else float("inf"),
                )
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    i, j = height - 1, width - 1
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + _change(told[i][0], heard[j]):
            if (spoken := told[i][1]) >= 0:
                first[spoken] = j - 1
                last.setdefault(spoken, j)
            i, j = i - 1, j - 1
        elif i and cost[i][j] == cost[i - 1][j] + _skip(told[i][0]):
            i -= 1
        else:
            j -= 1
    spans = []
    reached = 0
    for index in range(len(words)):
        begin = first.get(index, reached)
        while begin > reached and sentence[begin - 1] in _STRESSES:
            begin -= 1  # the mark of stress is spoken with the sound after it
        if set(sentence[reached:begin]) <= {BREAK}:
            begin = reached
        reached = max(begin, last.get(index, begin))
        spans.append((begin, reached))
    return spans


def _change(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return 1.2 if a.isalpha() and b.isalpha() else 4.0


def _skip(phoneme: str) -> float:
    # Marks of stress and punctuation are in the sentence only.
    return 1.0 if phoneme.isalpha() else 0.6 if phoneme == BREAK else 0.1
