"""RHVoice: statistical voices of the people who made them, offline and forty times faster than speech.

The library and the freely licensed voices come from Debian's packages, which put it in `non-free` only because the
scripts that trained the voices are not published. Voices under CC BY-NC-ND are known here and never used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import StepError
from recipes.provision import provide, provided
from recipes.provision.debian import Package, installed, unpack
from recipes.voices import RATES, Engine, Speech, VoiceInfo, Word, rhvoice_worker, workers

if TYPE_CHECKING:
    from factory.step import Job

VERSION = "1.8.0+dfsg-3"
_POOL = "pool/non-free/r/rhvoice"
_EACH = "each voice its own (doit voices rhvoice)"
_LIBRARIES = (
    Package("libsonic0", "0.2.0-12", "pool/main/s/sonic", "Apache-2.0", {
        "amd64": "9d60de6918ace0b10e3e4e95421befd08aaf03b5b2a3d71ceb799e0cf259916f",
        "arm64": "15987e29ab068f204178067df837a5b62025bc8927f308f6ae1bf27242473353",
    }),
    Package("librhvoice-core7", VERSION, _POOL, "LGPL-2.1-or-later", {
        "amd64": "7b321d21caf899c78e579593f105fd49995f4d0c948c0523b2b4baa3291375f5",
        "arm64": "724a3486164bcf7db7020b56f4571c76fc374fe20e65dae6eeb6f0d8d30edf67",
    }),
    Package("librhvoice5", VERSION, _POOL, "LGPL-2.1-or-later", {
        "amd64": "7a12f124a48941ec0e94aeaa60da44a27c164a31d5a6bb884875e533a6d15128",
        "arm64": "a7260d863dd8816bb113f2333daa65ac8a37a34abc91a7cf415a06e78a979a90",
    }),
)  # fmt: skip
_LANGUAGES = {
    "ru": Package("rhvoice-russian", VERSION, _POOL, _EACH, {
        "all": "1892955b9d779abb67963842f124fb2192810e7bb9976ad3a4cbdea7a99ac838",
    }),
    "en": Package("rhvoice-english", VERSION, _POOL, _EACH, {
        "all": "7ea5227bcfc54b814086f53225ff47052b444d4554e8c4e752c9e6b29edf89a5",
    }),
}  # fmt: skip
_SONAMES = ("libsonic.so.0", "libRHVoice_core.so.7", "libRHVoice.so.5")
_ADVICE = (
    "RHVoice runs on Linux (x86-64, ARM64) with glibc; elsewhere, or without a network, use another engine for this "
    "video's voice, e.g. edge/ru-RU-SvetlanaNeural online or piper/joe for English"
)

_FREE = "LGPL-2.1-or-later"
_SHAREALIKE = "CC-BY-SA-4.0"
_CLOSED = "CC-BY-NC-ND-4.0"
_ARCTIC = "CMU Arctic (BSD-like)"
# Licences: Debian's copyright file of rhvoice 1.8.0+dfsg-3 and doc/en/License.md of RHVoice.
_VOICES = {
    "aleksandr": ("ru", "male", _FREE), "aleksandr-hq": ("ru", "male", _SHAREALIKE), "anna": ("ru", "female", _FREE),
    "elena": ("ru", "female", _FREE), "irina": ("ru", "female", _FREE),
    "alan": ("en", "male", _ARCTIC), "bdl": ("en", "male", _ARCTIC), "clb": ("en", "female", _ARCTIC),
    "slt": ("en", "female", _ARCTIC),
    "arina": ("ru", "female", _CLOSED), "artemiy": ("ru", "male", _CLOSED), "evgeniy-rus": ("ru", "male", _CLOSED),
    "mikhail": ("ru", "male", _CLOSED), "pavel": ("ru", "male", _CLOSED), "tatiana": ("ru", "female", _CLOSED),
    "victoria": ("ru", "female", _CLOSED), "vitaliy": ("ru", "male", _CLOSED), "yuriy": ("ru", "male", _CLOSED),
    "evgeniy-eng": ("en", "male", _CLOSED), "lyubov": ("en", "female", _CLOSED),
}  # fmt: skip
# Aleksandr speaks 118 to 138 words a minute, which drags; narration is 150 to 160. Rate 1.0 means this pace.
_PACE = {"aleksandr": 1.3, "aleksandr-hq": 1.3, "irina": 1.15}


class RHVoice(Engine):
    """Entry point `rhvoice`."""

    name = "rhvoice"
    pool = "cpu"
    attempts = 3  # for the download of the voice
    pitched = True
    stressed = True
    code = (rhvoice_worker.main,)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Russian and English voices of Debian's packages."""
        return tuple(
            VoiceInfo(name, language, gender, licence, commercial=licence != _CLOSED)
            for name, (language, gender, licence) in _VOICES.items()
        )

    def rates(self, voice: str) -> tuple[float, float]:
        """RHVoice goes from half to twice the pace a voice was trained at, and silently no further."""
        pace = _PACE.get(voice, 1.0)
        return max(RATES[0], rhvoice_worker.SLOWEST / pace), min(RATES[1], rhvoice_worker.FASTEST / pace)

    def version(self, voice: str) -> str:
        """That of the packages, which are pinned by digest."""
        return f"{VERSION} {voice}"

    def state(self, voice: str) -> str:
        """Whether its packages have been brought already."""
        return "ready" if provided(_folder(voice)) else "fetched when it first speaks"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak; U+0301 after a vowel is honoured. Word times are exact to ±25 ms."""
        del language  # of the voice
        import numpy as np  # noqa: PLC0415  # not needed to list voices

        root = _provided(job, voice)
        libraries = [next(root.glob(f"usr/lib/*/{name}")) for name in _SONAMES]
        out = job.folder / "rhvoice.raw"
        reply = workers.ask(
            job,
            rhvoice_worker.__name__,
            (str(root / "usr/share/RHVoice"), *map(str, libraries)),
            {
                "text": text,
                "profile": voice.capitalize(),
                "rate": rate * _PACE.get(voice, 1.0),
                "pitch": 2 ** (pitch / 12),
                "out": str(out),
            },
        )
        samples = np.fromfile(out, np.int16).astype(np.float32) / np.float32(32768)
        out.unlink()
        if not samples.size:
            raise StepError(f"RHVoice said nothing for {text!r}")
        return Speech(samples, int(reply["rate"]), _words(text, reply["words"]))


def _provided(job: Job, voice: str) -> Path:
    """Where the library and the voice are: the machine's own root if it has just this version."""
    packages = (*_LIBRARIES, _LANGUAGES[_VOICES[voice][0]])
    if installed(job, packages):
        return Path("/")
    free = {name for name, (_, _, licence) in _VOICES.items() if licence != _CLOSED}

    def wanted(path: str) -> bool:
        parts = path.split("/")
        if parts[:4] == ["usr", "share", "RHVoice", "voices"]:
            return parts[4] in free or parts[4] == voice
        return path.startswith(("usr/lib/", "usr/share/RHVoice/", "usr/share/doc/"))

    def make(folder: Path) -> None:
        unpack(job, packages, folder, wanted, advice=_ADVICE)

    return provide(job, _folder(voice), make)


def _folder(voice: str) -> str:
    """Where a voice is provided. One that is not for everybody is only unpacked where it is asked for."""
    language, _, licence = _VOICES[voice]
    return f"rhvoice-{language}{f'-{voice}' if licence == _CLOSED else ''}-{VERSION}"


def _words(text: str, events: list[tuple[int, int, float, float]]) -> tuple[Word, ...] | None:
    """Times of the text's words. RHVoice may hear several words in one of ours; it never joins two of them."""
    words = []
    at = 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        # Events count bytes of UTF-8.
        first, last = len(text[:start].encode()), len(text[:at].encode())
        inside = [event for event in events if event[0] < last and event[0] + event[1] > first]
        if not inside:
            return None
        words.append(Word(word, round(inside[0][2] * 1000), round(inside[-1][3] * 1000), "rhvoice"))
    return tuple(words)
