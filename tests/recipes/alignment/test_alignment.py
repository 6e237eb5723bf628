"""Known-text alignment against voices that know their own times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from recipes import voices
from recipes.alignment import align
from recipes.sound.speaking import trim
from recipes.text import prepare

if TYPE_CHECKING:
    from tests.workbench import BenchJob

RUSSIAN = (
    "Мёд может храниться тысячи лет, потому что в нём почти нет воды. Пчёлы машут крыльями, чтобы влага испарилась. "
    "Ветер там дует со скоростью 500 км/ч, а буря бушует уже несколько столетий. Осьминог умеет менять цвет кожи, хотя "
    "сам он не различает цветов."
)
ENGLISH = (
    "It holds only about 17% water, so microbes dry out before they can grow. In 1969 the first people walked there, "
    "and 600 million watched them do it. It has three hearts, nine brains, and blue blood."
)


@pytest.mark.parametrize(("engine", "voice", "language", "text"), [
    ("rhvoice", "aleksandr-hq", "ru", RUSSIAN), ("piper", "joe", "en", ENGLISH), ("kokoro", "af_heart", "en", ENGLISH),
])  # fmt: skip
def test_words_are_found_where_they_sound(job: BenchJob, engine: str, voice: str, language: str, text: str) -> None:
    """Against the voice's own times: median under 60 ms, 95 % under 150 ms, none over 300 ms."""
    errors = []
    for sentence in prepare(text, language, {}):
        speech = voices.find(engine).synthesize(job, sentence.spoken, voice, language=language, rate=1.0, pitch=0.0)
        samples, cut = trim(speech.samples, speech.rate)
        found = align(job, sentence.spoken, samples, speech.rate, language)
        assert [word.text for word in found] == sentence.spoken.split()
        assert {word.source for word in found} == {"dtw"}
        errors += [
            abs(word.start - (known.start - cut * 1000)) for word, known in zip(found, speech.words or (), strict=True)
        ]
    assert np.median(errors) < 60
    assert np.percentile(errors, 95) < 150
    assert max(errors) < 300
