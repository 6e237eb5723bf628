"""Google Cloud Text-to-Speech: WaveNet and its relatives, with a mark before every word (interface v1beta1)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from recipes.text.pieces import STRESS
from recipes.voices import Speech, VoiceInfo, Word, timed
from recipes.voices.decoding import decode
from recipes.voices.service import Service, answer, post, unpacked

if TYPE_CHECKING:
    from factory.step import Job

URL = "https://texttospeech.googleapis.com"
_RATE = 24_000
_MOST_BYTES = 5000
"""Of text or SSML that one request may hold."""
_TERMS = "Google Cloud terms"
_NAME = re.compile(r"([a-z]{2,3}-[A-Z]{2})-(Standard|Wavenet|Neural2|News|Studio|Chirp3-HD|Chirp-HD)-\w+")
# Of the price list as remembered, not read: check it where it matters. A mark is not charged for.
_PRICES = {"Standard": 4.0, "Wavenet": 4.0, "Neural2": 16.0, "News": 16.0, "Studio": 160.0}
_PRICE = 30.0
_SPOKEN = {"Chirp3-HD", "Chirp-HD", "Studio"}
"""Voices that take no marks."""
_FEMALE = (
    "ru-RU-Wavenet-A ru-RU-Wavenet-C ru-RU-Wavenet-E en-US-Wavenet-C en-US-Wavenet-F en-US-Neural2-F en-GB-Wavenet-A"
)
_MALE = "ru-RU-Wavenet-B ru-RU-Wavenet-D en-US-Wavenet-A en-US-Wavenet-D en-US-Neural2-D en-GB-Wavenet-B"


class Google(Service):
    """Entry point `google`."""

    name = "google"
    pool = "api:google"
    secret = "GOOGLE_TTS_API_KEY"  # noqa: S105  # the name of it

    def voices(self) -> tuple[VoiceInfo, ...]:
        """A few of Russian and English; the service has hundreds."""
        return tuple(
            _about(name, gender) for gender, names in (("female", _FEMALE), ("male", _MALE)) for name in names.split()
        )

    def unlisted(self, name: str) -> VoiceInfo | None:
        """Any other of the service, by its full name: `de-DE-Wavenet-C`."""
        return _about(name, "") if _NAME.fullmatch(name) else None

    def version(self, voice: str) -> str:
        """Of the interface; the service has no other."""
        return f"{URL} v1beta1 {voice}"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak over the network. Word times are those of marks: a word ends where the next begins."""
        del language, pitch  # of the voice, and refused
        key = self.key()
        plain = text.replace(STRESS, "")
        marked = "".join(f'<mark name="{n}"/>{escape(word)} ' for n, word in enumerate(plain.split()))
        ssml = f"<speak>{marked.rstrip()}</speak>"
        takes_marks = _kind(voice) not in _SPOKEN and len(ssml.encode()) <= _MOST_BYTES
        body: dict[str, Any] = {
            "input": {"ssml": ssml} if takes_marks else {"text": plain},
            "voice": {"languageCode": "-".join(voice.split("-")[:2]), "name": voice},
            "audioConfig": {"audioEncoding": "LINEAR16", "sampleRateHertz": _RATE, "speakingRate": rate},
        }
        if takes_marks:
            body["enableTimePointing"] = ["SSML_MARK"]
        url = f"{URL}/v1beta1/text:synthesize"
        said = answer(self.name, post(job, self.name, url, body, headers={"x-goog-api-key": key}, secret=key))
        samples, sampled = decode(unpacked(self.name, said.get("audioContent")), self.name, pcm=_RATE)
        return Speech(samples, sampled, _words(text, said.get("timepoints"), len(samples) / sampled))


def _kind(voice: str) -> str:
    found = _NAME.fullmatch(voice)
    return found[2] if found else ""


def _about(name: str, gender: str) -> VoiceInfo:
    price = _PRICES.get(_kind(name), _PRICE)
    return VoiceInfo(name, "-".join(name.split("-")[:2]), gender, _TERMS, commercial=True, price=price)


def _words(text: str, timepoints: object, seconds: float) -> tuple[Word, ...] | None:
    """The times of the text's words; None unless every mark came back, in order and within the sound."""
    words = text.split()
    if not isinstance(timepoints, list):
        return None
    try:
        times = {str(point["markName"]): float(point["timeSeconds"]) for point in timepoints}
        starts = [times[str(number)] for number in range(len(words))]
    except (KeyError, TypeError, ValueError):
        return None
    edges = [*starts, seconds]
    if any(after < before for before, after in pairwise(edges)) or starts[0] < 0:
        return None
    return timed(words, pairwise(edges), Google.name)
