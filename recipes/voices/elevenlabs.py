"""ElevenLabs: expressive voices over the network, with the time of every character.

The voice is one of those every account has, by name, or any other by its id (a clone of one's own), with a model before
it where the default is not wanted: `elevenlabs/Rachel`, `elevenlabs/eleven_v3:21m00Tcm4TlvDq8ikWAM`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from recipes.text.pieces import STRESS
from recipes.voices import ANY_LANGUAGE, Speech, VoiceInfo, Word
from recipes.voices.decoding import decode
from recipes.voices.letters import assign
from recipes.voices.service import Service, answer, post, unpacked

if TYPE_CHECKING:
    from factory.step import Job
    from recipes.voices.letters import Heard

URL = "https://api.elevenlabs.io"
_MODEL = "eleven_multilingual_v2"
_RATE = 24_000  # 44 100 asks for a dearer plan
_TERMS = "ElevenLabs terms (commercial use on paid plans)"
_PRICES = {"eleven_flash_v2_5": 50.0, "eleven_v4": 80.0}
_PRICE = 100.0
"""Of the API's list, pay as you go, in 2026; sellers of it quote 80 to 115 for multilingual v2, and plans differ."""
_ID = re.compile(r"[A-Za-z0-9]{20}")
# Names and ids as the service's own list of voices has given them since 2023; an account may lack the oldest.
_VOICES = {
    "Rachel": ("21m00Tcm4TlvDq8ikWAM", "female"), "Sarah": ("EXAVITQu4vr4xnSDxMaL", "female"),
    "Charlotte": ("XB0fDUnXU5powFXDhCwa", "female"), "Lily": ("pFZP5JQG7iQjIQuC4Bku", "female"),
    "Adam": ("pNInz6obpgDQGcFmaJgB", "male"), "George": ("JBFqnCBsd6RMkjVDRZzb", "male"),
    "Brian": ("nPczCjzI2devNBz1zQrb", "male"), "Daniel": ("onwK4e9ZLuTAKqWW03F9", "male"),
}  # fmt: skip


class ElevenLabs(Service):
    """Entry point `elevenlabs`."""

    name = "elevenlabs"
    pool = "api:elevenlabs"
    secret = "ELEVENLABS_API_KEY"  # noqa: S105  # the name of it

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Some of those that accounts have from the start."""
        return tuple(_about(name, gender) for name, (_, gender) in _VOICES.items())

    def unlisted(self, name: str) -> VoiceInfo | None:
        """Any voice by its id, and any voice with another model."""
        voice = name.rpartition(":")[2]
        if voice in _VOICES:
            return _about(name, _VOICES[voice][1])
        return _about(name, "") if _ID.fullmatch(voice) else None

    def rates(self, voice: str) -> tuple[float, float]:
        """What the service takes."""
        del voice  # alike for each
        return (0.7, 1.2)

    def version(self, voice: str) -> str:
        """Of the interface and the model; the service has no other."""
        return f"{URL} v1 {_chosen(voice)[0]}"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak over the network. Word times are the service's own, from those of the characters."""
        del pitch  # refused
        model, identity = _chosen(voice)
        plain = text.replace(STRESS, "")
        key = self.key()
        body: dict[str, Any] = {"text": plain, "model_id": model}
        if rate != 1:
            body["voice_settings"] = {"speed": rate}
        if model != _MODEL:  # which refuses to be told
            body["language_code"] = language.partition("-")[0]
        url = f"{URL}/v1/text-to-speech/{identity}/with-timestamps?output_format=pcm_{_RATE}"
        said = answer(self.name, post(job, self.name, url, body, headers={"xi-api-key": key}, secret=key))
        encoded = said.get("audio_base64") or said.get("audio_base_64")
        samples, sampled = decode(unpacked(self.name, encoded), self.name, pcm=_RATE)
        words = _words(text, said.get("alignment")) or _words(text, said.get("normalized_alignment"))
        return Speech(samples, sampled, words)


def _about(name: str, gender: str) -> VoiceInfo:
    return VoiceInfo(name, ANY_LANGUAGE, gender, _TERMS, commercial=True, price=_PRICES.get(_chosen(name)[0], _PRICE))


def _chosen(voice: str) -> tuple[str, str]:
    """The model and the id of the voice."""
    model, _, name = voice.rpartition(":")
    return model or _MODEL, _VOICES[name][0] if name in _VOICES else name


def _words(text: str, alignment: object) -> tuple[Word, ...] | None:
    """The times of the text's words; None where the characters are not the text's, or have no times."""
    if not isinstance(alignment, dict):
        return None
    parts = ("characters", "character_start_times_seconds", "character_end_times_seconds")
    characters, starts, ends = (alignment.get(part) for part in parts)
    if not (isinstance(characters, list) and isinstance(starts, list) and isinstance(ends, list)):
        return None
    if not len(characters) == len(starts) == len(ends):
        return None
    try:
        heard: list[Heard] = [
            (str(character), round(float(start) * 1000), round(float(end) * 1000))
            for character, start, end in zip(characters, starts, ends, strict=True)
        ]
    except (TypeError, ValueError, OverflowError):
        return None
    return assign(text, heard, ElevenLabs.name)
