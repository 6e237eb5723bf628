"""Gemini's voices, over the network. The model is part of the voice's name: `gemini/gemini-3.8-flash-tts:Kore`.

Older models answer with bare samples, newer ones with a WAV, and neither with times: words are aligned afterwards.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from factory.errors import StepError, Transient
from recipes.text.pieces import STRESS
from recipes.voices import ANY_LANGUAGE, Speech, VoiceInfo
from recipes.voices.decoding import decode
from recipes.voices.service import Service, answer, post, unpacked

if TYPE_CHECKING:
    from factory.step import Job

URL = "https://generativelanguage.googleapis.com"
_MODEL = "gemini-3.8-flash-tts"
_RATE = 24_000
_TERMS = "Gemini API terms"
_TOKEN_PRICES = {
    "gemini-3.8-flash-tts": 9.0, "gemini-3.8-flash-lite-tts": 6.0, "gemini-2.5-flash-preview-tts": 10.0,
}  # fmt: skip
_DEAREST = 20.0
"""US dollars a million tokens of sound, as announced for 2026 (those of 3.8 double in 2027); others at the dearest."""
_TOKENS_PER_CHARACTER = 25 / 15
"""A second of sound is 25 tokens, and about 15 characters."""
_FEMALE = """
    Achernar Aoede Autonoe Callirrhoe Despina Erinome Gacrux Kore Laomedeia Leda Pulcherrima Sulafat Vindemiatrix Zephyr
"""
_MALE = """
    Achird Algenib Algieba Alnilam Charon Enceladus Fenrir Iapetus Orus Puck Rasalgethi Sadachbia Sadaltager Schedar
    Umbriel Zubenelgenubi
"""
_GENDERS = {name: gender for gender, names in (("female", _FEMALE), ("male", _MALE)) for name in names.split()}
_REFUSED = frozenset({"SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION"})


class Gemini(Service):
    """Entry point `gemini`."""

    name = "gemini"
    pool = "api:gemini"
    secret = "GEMINI_API_KEY"  # noqa: S105  # the name of it

    def voices(self) -> tuple[VoiceInfo, ...]:
        """All thirty, with the default model."""
        return tuple(_about(name, name) for name in sorted(_GENDERS))

    def unlisted(self, name: str) -> VoiceInfo | None:
        """Any of them with another model."""
        model, _, voice = name.rpartition(":")
        return _about(name, voice) if voice in _GENDERS and re.fullmatch(r"[\w.-]+", model) else None

    def rates(self, voice: str) -> tuple[float, float]:
        """Its own only: pace is asked for in words, which no number can promise."""
        del voice  # alike for each
        return (1.0, 1.0)

    def version(self, voice: str) -> str:
        """Of the interface and the model."""
        return f"{URL} v1beta {_chosen(voice)[0]}"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak over the network."""
        del language, rate, pitch  # of the text, and refused
        key = self.key()
        model, name = _chosen(voice)
        body: dict[str, Any] = {
            "contents": [{"parts": [{"text": text.replace(STRESS, "")}]}],
            "generationConfig": {
                "responseModalities": ["AUDIO"],
                "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": name}}},
            },
        }
        url = f"{URL}/v1beta/models/{model}:generateContent"
        said = answer(self.name, post(job, self.name, url, body, headers={"x-goog-api-key": key}, secret=key))
        sound = _sound(said)
        told = re.search(r"rate=(\d+)", str(sound.get("mimeType", "")))
        samples, rate_of = decode(
            unpacked(self.name, sound.get("data")), self.name, pcm=int(told[1]) if told else _RATE
        )
        return Speech(samples, rate_of, None)


def _about(name: str, voice: str) -> VoiceInfo:
    price = _TOKEN_PRICES.get(_chosen(name)[0], _DEAREST) * _TOKENS_PER_CHARACTER
    return VoiceInfo(name, ANY_LANGUAGE, _GENDERS[voice], _TERMS, commercial=True, price=round(price, 1))


def _chosen(voice: str) -> tuple[str, str]:
    model, _, name = voice.rpartition(":")
    return model or _MODEL, name


def _sound(said: dict[str, Any]) -> dict[str, Any]:
    """The part of the answer that is sound. Raises StepError where the text was refused, Transient where it is lost."""
    candidate: Any = (said.get("candidates") or [{}])[0]
    reason = str(candidate.get("finishReason") or said.get("promptFeedback", {}).get("blockReason") or "")
    for part in candidate.get("content", {}).get("parts") or ():
        if isinstance(found := part.get("inlineData"), dict) and reason != "MAX_TOKENS":
            return found
    if reason in _REFUSED:
        raise StepError(f"gemini will not speak this: {reason}", hint="change the text, or use another voice for it")
    raise Transient(f"gemini sent no whole sound{f' ({reason})' if reason else ''}")
