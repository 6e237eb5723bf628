"""Festival with festvox-ru: recordings of a Russian speaker, cut and joined; 16 kHz, and in Debian's main component.

For machines that have apt but neither RHVoice nor a way to it. Its program is asked for one sentence at a time.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import StepError
from recipes import ffmpeg
from recipes.provision import apt, provide, provided
from recipes.provision.debian import extract
from recipes.sound import waves
from recipes.text.pieces import STRESS
from recipes.voices import Engine, Speech, VoiceInfo
from recipes.voices.letters import assign
from recipes.voices.pacing import paced

if TYPE_CHECKING:
    from factory.step import Job

VERSION = "0.5+dfsg"
_FOLDER = f"festival-ru-{VERSION}"
_VOICE = "msu_ru_nsh_clunits"
_DATA = f"usr/share/festival/voices/russian/{_VOICE}"
_ADVICE = f"install it (`apt install festival festvox-ru`, version {VERSION}), or use another voice, e.g. rhvoice"
# Its rules know Russian letters and marks only, and fail at anything else. Nothing here can end a string in Scheme.
_UNSPEAKABLE = re.compile(r"[^а-яёА-ЯЁ .,!?;:-]")


class Festival(Engine):
    """Entry point `festival`."""

    name = "festival"
    pool = "cpu"
    attempts = 3  # for the download of the voice
    pitched = False
    code = ()

    def voices(self) -> tuple[VoiceInfo, ...]:
        """festvox-ru's one speaker."""
        return (VoiceInfo("nsh", "ru", "male", "BSD-like (festvox-ru)", commercial=True),)

    def state(self, voice: str) -> str:
        """Whether its packages have been brought already."""
        del voice  # the only one
        return "ready" if provided(_FOLDER) else "fetched when it first speaks"

    def version(self, voice: str) -> str:
        """Of the voice's data, which has not changed since 2008, and of what sets its pace."""
        return f"festvox-ru {VERSION} {voice} {ffmpeg.version()}"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak. Word times are Festival's own, exact to the sample; stress marks are not understood."""
        del voice, language, pitch  # the only one, and refused
        root = _root(job)
        out = job.folder / "festival.wav"
        script = job.folder / "festival.scm"
        script.write_text(_script(root, _UNSPEAKABLE.sub("", text.replace(STRESS, "")), out), encoding="utf-8")
        said = job.call([*_program(root), "-b", script]).decode(errors="replace")
        if not out.is_file():
            raise StepError(f"Festival said nothing for {text!r}", hint="does it hold letters other than Russian ones?")
        heard = [
            (word, round(float(start) * 1000 / rate), round(float(end) * 1000 / rate))
            for word, start, end in re.findall(r"^word (\S+) (\S+) (\S+)$", said, re.MULTILINE)
        ]
        samples, sampled = waves.read(out)
        return Speech(paced(job, samples, sampled, rate), sampled, assign(text, heard, self.name))


def _root(job: Job) -> Path:
    if shutil.which("festival") and (Path("/") / _DATA).is_dir():
        return Path("/")

    def make(folder: Path) -> None:
        packages = apt.download(job, ["festival", "festvox-ru"], folder, dependencies=True, advice=_ADVICE)
        if not any(package.name.startswith(f"festvox-ru_{VERSION}") for package in packages):
            raise StepError(f"apt has another festvox-ru than {VERSION}, which this was made with", hint=_ADVICE)
        for package in packages:
            extract(job, package, folder, lambda path: path.startswith(("usr/bin/festival", "usr/lib/", "usr/share/")))
            package.unlink()

    return provide(job, _FOLDER, make)


def _program(root: Path) -> list[str]:
    if root == Path("/"):
        return ["festival"]
    libraries = sorted({str(path.parent) for path in root.glob("usr/lib/**/*.so*")})
    return ["env", f"LD_LIBRARY_PATH={':'.join(libraries)}", str(root / "usr/bin/festival")]


def _script(root: Path, text: str, to: Path) -> str:
    share, out = (str(path).replace("\\", "\\\\").replace('"', '\\"') for path in (root / "usr/share/festival", to))
    return f"""
        (set! libdir "{share}/")
        (set! datadir libdir)
        (set! load-path (cons libdir nil))
        (set! system-voice-path (cons "{share}/voices/" nil))
        (load "{share}/init.scm")
        (voice_{_VOICE})
        (set! spoken (utt.synth (Utterance Text "{text}")))
        (utt.save.wave spoken "{out}" 'riff)
        (mapcar
          (lambda (word) (format t "word %s %f %f\\n"
            (item.name word) (item.feat word "word_start") (item.feat word "word_end")))
          (utt.relation.items spoken 'Word))
    """
