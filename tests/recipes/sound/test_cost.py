"""What a sentence costs is known before it is spoken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factory.step import Output
from recipes import audio, voices

if TYPE_CHECKING:
    from pathlib import Path

    from factory.step import Json


def cost(folder: Path, engine: str, voice: str, spoken: str) -> float:
    """Dollars of the one `speak` step of a script of one sentence."""
    speaker: Json = {"engine": engine, "name": voice, "rate": 1.0, "pitch": 0.0, "volume": 0.0, "otherwise": []}
    token: Json = {"text": spoken, "spoken": spoken.split(), "emphasised": False}
    sentence: Json = {"text": spoken, "spoken": spoken, "pause_ms": 0, "tokens": [token]}
    block: Json = {"id": "01", "voice": speaker, "pause_ms": 0, "sentences": [sentence]}
    script = folder / "script.json"
    script.write_text(json.dumps({"language": "en", "blocks": [block]}))
    made = audio.expand({"fps": [30, 1], "align": "auto", "music": None}, {"script": script})
    (speak,) = {item.step for item in made["audio.wav"].step.inputs.values() if isinstance(item, Output)}
    return speak.cost


def test_paid_voice_is_paid_by_the_character(tmp_path: Path) -> None:
    """A sentence costs its characters at the voice's price a million; an offline voice costs nothing."""
    price = voices.info("openai", "alloy").price
    assert price > 0
    assert cost(tmp_path, "openai", "alloy", "The sea is calm tonight.") == 24 * price / 1_000_000
    assert cost(tmp_path, "espeak", "en-us", "The sea is calm tonight.") == 0
