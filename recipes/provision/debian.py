"""Debian packages without root, on any Linux: from the pool of a mirror by pinned sha256, unpacked where we like.

The digest is what apt would verify too (its signed lists hold nothing else about a package), and being pinned here it
also holds the version, which a distribution's own archive would not.
"""

from __future__ import annotations

import lzma
import os
import platform
import re
import shutil
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from factory.errors import StepError, ToolFailed
from recipes.provision.ladder import Apt, Pinned, Url, bring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from factory.step import Job
    from recipes.provision.ladder import Source

MIRROR_VARIABLE = "CONTENT_FACTORY_DEBIAN_MIRROR"
"""Names a mirror of the Debian archive (`https://…/debian`), for a machine that is not set up with one."""
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Package:
    """One package of one version. `pool` is its folder in the archive; `sha256` is by architecture, or under `all`."""

    name: str
    version: str
    pool: str
    licence: str
    sha256: Mapping[str, str]

    def file(self, architecture: str) -> tuple[str, str]:
        """Its path in the archive and the digest it must have."""
        kind = "all" if "all" in self.sha256 else architecture
        # The epoch of a version (`1:2.5.0-9`) is not part of file names.
        return f"{self.pool}/{self.name}_{self.version.rpartition(':')[2]}_{kind}.deb", self.sha256[kind]


def installed(job: Job, packages: Iterable[Package]) -> bool:
    """Whether the machine itself has just these versions."""
    if shutil.which("dpkg-query") is None:
        return False
    wanted = {package.name: package.version for package in packages}
    try:
        said = job.call(["dpkg-query", "--show", "--showformat=${Package} ${Version}\n", *wanted])
    except ToolFailed:  # one of them is not
        return False
    return {
        name: version for name, _, version in (line.partition(" ") for line in said.decode().splitlines())
    } == wanted


def unpack(job: Job, packages: Iterable[Package], into: Path, wanted: Callable[[str], bool], *, advice: str) -> None:
    """Fetch packages and unpack those of their files whose path (`usr/share/…`) is `wanted`, under `into`.

    Raises:
        StepError: this is no Linux that can run them, or nobody has them; hinting at `advice`.
        Transient: a mirror did not answer, and nobody else has them.
    """
    architecture = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None:
        raise StepError(
            f"there are no Debian packages for {sys.platform} on {platform.machine()}, where this voice comes from",
            hint=advice,
        )
    for package in packages:
        archive = into / ".package.deb"
        _fetch(job, package, architecture, archive, advice)
        extract(job, archive, into, wanted)
        archive.unlink()


def extract(job: Job, archive: Path, into: Path, wanted: Callable[[str], bool]) -> None:
    """Unpack those files of a package whose path (`usr/share/…`) is `wanted`; no script of it is run."""
    try:
        with archive.open("rb") as file, _data(file, archive.name) as data:
            # `data` refuses absolute paths, links that leave the folder, devices and set-uid bits.
            data.extractall(into, members=_chosen(job, data, wanted), filter="data")
    except (tarfile.TarError, lzma.LZMAError) as error:
        raise StepError(f"{archive.name} cannot be unpacked: {error}") from error


def _chosen(job: Job, data: tarfile.TarFile, wanted: Callable[[str], bool]) -> Iterator[tarfile.TarInfo]:
    for member in data:
        job.check()
        member.name = member.name.removeprefix("./")
        if not member.isdir() and wanted(member.name):
            yield member


def _fetch(job: Job, package: Package, architecture: str, to: Path, advice: str) -> None:
    path, sha256 = package.file(architecture)
    wanted = Pinned(f"{package.name} {package.version}", sha256, package.licence)
    sources: list[Source] = [
        *(Url(f"{mirror}/{path}") for mirror in _mirrors()),
        Apt(f"{package.name}={package.version}"),
    ]
    advice = f"{advice}; or name a Debian mirror in {MIRROR_VARIABLE}"
    bring(job, wanted, to, sources, advice=advice)


def _mirrors() -> list[str]:
    """The mirror a person names, then those this machine is set up with."""
    mirrors = []
    for path in sorted([Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*.*")]):
        try:
            text = path.read_text()
        except (OSError, UnicodeDecodeError):
            continue
        mirrors += re.findall(
            r"^\s*(?:deb\s+(?:\[[^\]]*\]\s*)?|URIs:\s*)(https?://\S+?/debian)/?(?:\s|$)", text, re.MULTILINE
        )
    named = os.environ.get(MIRROR_VARIABLE, "").rstrip("/")
    return list(dict.fromkeys([*([named] if named else []), *mirrors]))


def _data(file: IO[bytes], package: str) -> tarfile.TarFile:
    """The files of a package: a member of an `ar` archive (deb(5)) that is a tar, compressed."""
    if file.read(8) != b"!<arch>\n":
        raise StepError(f"{package} is not a Debian package")
    while header := file.read(60):
        name, size = header[:16].strip().decode(), int(header[48:58])
        if name.startswith("data.tar.xz"):
            return tarfile.open(fileobj=lzma.open(file), mode="r|")
        file.seek(size + size % 2, 1)
    raise StepError(f"{package} holds no data.tar.xz")
