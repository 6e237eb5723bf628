"""Packages by the machine's own apt, without root: its mirrors, proxies and signatures, but lists of our own.

For what has too many dependencies to pin one by one, and for machines whose way to a mirror only apt knows.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from factory.errors import StepError, ToolFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factory.step import Job

_SOURCES = (Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d"))
_NON_FREE = "non-free"


def download(job: Job, names: Sequence[str], into: Path, *, dependencies: bool, advice: str) -> list[Path]:
    """Fetch packages (and, if asked, those they need that this machine lacks) into a folder; the `.deb` files.

    Names may hold a version (`rhvoice-russian=1.8.0+dfsg-3`). Debian's component non-free is looked at too, without
    being added to the system's sources.

    Raises StepError where there is no apt or it does not have them, hinting at `advice`.
    """
    if shutil.which("apt-get") is None:
        raise StepError(f"there is no apt here to fetch {', '.join(names)} with", hint=advice)
    with tempfile.TemporaryDirectory(dir=into) as work:
        apt = _apt(Path(work))
        try:
            job.call([*apt, "update"])
            wanted = list(names)
            if dependencies:
                resolve = [*apt, "install", "--yes", "--no-install-recommends", "--print-uris", *names]
                lines = job.call(resolve).decode(errors="replace").splitlines()
                # 'URI' name_version_architecture.deb size hash
                files = [line.split(" ")[1] for line in lines if line.startswith("'")]
                wanted = ["=".join(file.split("_")[:2]).replace("%3a", ":") for file in files]
            # apt downloads into the folder it runs in, which is the job's.
            job.call([*apt, "download", *wanted])
        except ToolFailed as error:
            raise StepError(f"apt cannot fetch {', '.join(names)}: {error.tail.strip()}", hint=advice) from error
    found = sorted(job.folder.glob("*.deb"))
    return [Path(shutil.move(path, into / path.name)) for path in found]


def _apt(work: Path) -> list[str]:
    parts = work / "parts"
    for folder in (parts, work / "lists/partial", work / "cache/archives/partial"):
        folder.mkdir(parents=True)
    listed, folder = _SOURCES
    for path in [listed, *sorted(folder.glob("*"))]:
        if path.suffix in {".list", ".sources"} and path.is_file():
            (parts / path.name).write_text(_with_non_free(path.read_text(errors="replace")))
    options = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": parts,
        "Dir::State::Lists": work / "lists",
        "Dir::Cache": work / "cache",
        "APT::Get::List-Cleanup": "0",
        "APT::Sandbox::User": "root",  # as root apt would drop to a user who cannot write here
        "Acquire::Languages": "none",
    }
    return ["apt-get", "-qq", *(part for key, value in options.items() for part in ("-o", f"{key}={value}"))]


def _with_non_free(sources: str) -> str:
    """The same sources, with Debian's own stanzas and lines looking at non-free too."""
    one_line = re.sub(
        r"^(\s*deb\s+(?:\[[^\]]*\]\s*)?\S*/debian/?\s+\S+(?:\s+[\w-]+)*\s+main)\b(?!.*\bnon-free(?:\s|$))",
        rf"\1 {_NON_FREE}",
        sources,
        flags=re.MULTILINE,
    )
    stanzas = re.split(r"(\n\s*\n)", one_line)
    return "".join(
        re.sub(r"^(Components:.*\bmain\b)(?!.*\bnon-free(?:\s|$))", rf"\1 {_NON_FREE}", stanza, flags=re.MULTILINE)
        if re.search(r"^URIs:\s*\S+/debian/?\s*$", stanza, re.MULTILINE)
        else stanza
        for stanza in stanzas
    )
