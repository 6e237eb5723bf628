"""How long the speech of a ten-minute script takes: `audio.wav` and `words.json` by `doit`, on two cores.

    uv run python -m benchmarks.narration [ENGINE/VOICE ...]

No sentence is there twice, so none comes from the cache. Wall time of the whole command, from the spec to the mix, told
for ten minutes of sound; voices are on the disk already, which is on nobody's clock. Where other work shares the cores,
the processor's seconds say more: two cores cannot take less than half of them, and need not take much more.
"""

from __future__ import annotations

import itertools
import os
import resource
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from benchmarks.edit import share_tools
from recipes import voices
from tests.e2e.studio import ROOT, Studio

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FAST = ("rhvoice/aleksandr-hq", "piper/joe")
_MINUTES = 10
_WORDS_A_MINUTE = {"ru": 120, "en": 160}
_SENTENCES_A_BLOCK = 6
_NUMBERED = {"ru": "Пункт {}: {}", "en": "Item {}: {}"}


def main(names: Sequence[str]) -> None:
    """Measure and print."""
    print("speech of ten minutes   wall s  for 10 min   CPU s  for 10 min  sentences  minutes  load before")
    for name in names:
        with tempfile.TemporaryDirectory(prefix="narration-") as folder:
            report(Studio.open(Path(folder) / "studio"), name)


def report(studio: Studio, name: str) -> None:
    """One voice: a line of the table."""
    engine, _, voice = name.partition("/")
    language = voices.info(engine, voice).language.partition("-")[0]
    share_tools(studio)
    studio.doit("voices", name, "--say", "Да." if language == "ru" else "Yes.")  # brings what the voice needs
    sentences = list(script(language))
    write(studio, name, language, sentences)
    load = os.getloadavg()[0]
    began, used = time.monotonic(), _used()
    ran = studio.build("-n", "2", "audio:narration/ten")
    took, busy = time.monotonic() - began, _used() - used
    with wave.open(str(studio.folder / "build" / "narration" / "ten" / "audio.wav")) as file:
        minutes = file.getnframes() / file.getframerate() / 60
    scale = _MINUTES / minutes
    print(
        f"{name:22} {took:7.1f} {took * scale:11.1f} {busy:7.1f} {busy * scale:11.1f} {ran['speak']:10} {minutes:8.1f} "
        f"{load:12.1f}",
        flush=True,
    )


def _used() -> float:
    """Seconds of processor time of all commands that have ended, workers included."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def script(language: str) -> Iterator[str]:
    """Lines of the corpus, numbered so that no two are alike, for about ten minutes."""
    groups = yaml.safe_load((ROOT / "benchmarks" / "corpus" / f"{language}.yaml").read_text("utf-8"))
    words = 0
    for number, line in enumerate(itertools.cycle(line["text"] for group in groups for line in group["lines"]), 1):
        yield _NUMBERED[language].format(number, line)
        words += 2 + len(line.split())
        if words > _MINUTES * _WORDS_A_MINUTE[language]:
            return


def write(studio: Studio, name: str, language: str, sentences: Sequence[str]) -> None:
    """One video of blocks of a few sentences, with a picture nobody will look at."""
    studio.paint("narration/any.jpg", 1)
    blocks = [
        {"say": " ".join(sentences[at : at + _SENTENCES_A_BLOCK]), "show": "any.jpg"}
        for at in range(0, len(sentences), _SENTENCES_A_BLOCK)
    ]
    video = {"id": "ten", "title": "Ten minutes", "blocks": blocks}
    spec = {"extends": "longform", "language": language, "voice": name, "videos": [video]}
    studio.write("narration/project.yaml", yaml.safe_dump(spec, allow_unicode=True))


if __name__ == "__main__":
    main(sys.argv[1:] or FAST)
