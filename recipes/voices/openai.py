"""OpenAI's voices, and those of any server with the same interface (`/v1/audio/speech`), one's own included.

`OPENAI_BASE_URL` names the server, as for OpenAI's own client; there any name of a voice is taken. A model is written
before the voice: `openai/tts-1-hd:nova`, `openai/kokoro:af_heart`.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from recipes.text.pieces import STRESS
from recipes.voices import ANY_LANGUAGE, RATES, Speech, VoiceInfo
from recipes.voices.decoding import decode
from recipes.voices.service import Service, post

if TYPE_CHECKING:
    from factory.step import Job

URL = "https://api.openai.com/v1"
URL_VARIABLE = "OPENAI_BASE_URL"
_MODEL, _COMMON_MODEL = "gpt-4o-mini-tts", "tts-1"
_TERMS, _OWN_TERMS = "OpenAI terms", f"as the server at {URL_VARIABLE} has it"
_PRICES = {"tts-1": 15.0, "tts-1-hd": 30.0, "gpt-4o-mini-tts": 16.0}
"""As its pages list them; the last from its $12 a million tokens of sound, 1 300 of them a thousand characters."""
_OLDER_VOICES = ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer")
_VOICES = (*_OLDER_VOICES, "ballad", "cedar", "marin", "verse")
_NAME = re.compile(r"(?:[\w.-]+:)?[\w.+()-]+")


class OpenAI(Service):
    """Entry point `openai`."""

    name = "openai"
    pool = "api:openai"
    secret = "OPENAI_API_KEY"  # noqa: S105  # the name of it

    def voices(self) -> tuple[VoiceInfo, ...]:
        """OpenAI's own."""
        return tuple(_about(name) for name in _VOICES)

    def unlisted(self, name: str) -> VoiceInfo | None:
        """OpenAI's own with another model; at a server of one's own, anything."""
        model, voice = _chosen(name)
        known = _url() != URL or voice in (_OLDER_VOICES if model.startswith("tts-1") else _VOICES)
        return _about(name) if known and _NAME.fullmatch(name) else None

    def state(self, voice: str) -> str:
        """Whether there is a key; a server of one's own may want none."""
        return super().state(voice) if _url() == URL else f"at {_url()}"

    def rates(self, voice: str) -> tuple[float, float]:
        """All, but for OpenAI's newer models, which take a speed and ignore it."""
        return (1.0, 1.0) if _chosen(voice)[0].startswith("gpt-") else RATES

    def version(self, voice: str) -> str:
        """Of the server and the model."""
        return f"{_url()} {_chosen(voice)[0]}"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak over the network. It tells no times, so words are aligned afterwards."""
        del language, pitch  # of the text, and refused
        key = self.key() if _url() == URL else os.environ.get(self.secret, "").strip()
        model, name = _chosen(voice)
        body: dict[str, Any] = {
            "model": model, "voice": name, "input": text.replace(STRESS, ""), "response_format": "wav",
        }  # fmt: skip
        if rate != 1:
            body["speed"] = rate
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        data = post(job, self.name, f"{_url()}/audio/speech", body, headers=headers, secret=key)
        samples, sampled = decode(data, self.name)
        return Speech(samples, sampled, None)


def _url() -> str:
    return os.environ.get(URL_VARIABLE, "").strip().rstrip("/") or URL


def _chosen(voice: str) -> tuple[str, str]:
    model, _, name = voice.rpartition(":")
    return model or (_MODEL if _url() == URL else _COMMON_MODEL), name


def _about(name: str) -> VoiceInfo:
    if _url() != URL:
        return VoiceInfo(name, ANY_LANGUAGE, "", _OWN_TERMS, commercial=True)
    price = _PRICES.get(_chosen(name)[0], _PRICES["tts-1"])
    return VoiceInfo(name, ANY_LANGUAGE, "", _TERMS, commercial=True, price=price)
