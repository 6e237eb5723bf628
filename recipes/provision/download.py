"""A file from a URL: whole and with the digest it must have, or not at all; what a broken connection left is kept.

The bytes that have come are kept under the digest they are to have, so that the next attempt asks for the rest only.
"""

from __future__ import annotations

import hashlib
import shutil
import urllib.error
import urllib.request
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING

from factory.errors import StepError, Transient
from recipes.provision import alone, voices_folder

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from pathlib import Path

    from factory.step import Job

_CHUNK = 1 << 18
_TIMEOUT = 60
# Statuses that say "not now", as `recipes.voices.service` takes them.
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


def download(job: Job, url: str, to: Path, sha256: str) -> None:
    """Fetch `url` into `to`.

    Raises:
        StepError: it is not there, or is another file than the one of that digest; nothing of it is kept.
        Transient: the connection broke, or the server is busy; what has come is kept for the next attempt.
    """
    folder = voices_folder()
    partial = folder / f".{sha256}.part"
    with alone(job, folder / f".{sha256}.lock"):
        begun = partial.stat().st_size if partial.is_file() else 0
        got = _receive(job, url, partial, begun)
        if got != sha256 and begun:  # the first half may have been of another file
            got = _receive(job, url, partial, 0)
        if got != sha256:
            partial.unlink()
            raise StepError(f"{url} has sha256 {got}, and {sha256} is the one this was made with")
        shutil.move(partial, to)


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _receive(job: Job, url: str, partial: Path, begun: int) -> str:
    """Complete a file of which `begun` bytes are there; the digest of all of it."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={begun}-"} if begun else {})  # noqa: S310  # pinned or a mirror's
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as response:  # noqa: S310  # as above
            _keep(job, response, partial, begun)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and begun:  # there is no more than we have
            return digest(partial)
        told = f"{url}: {error.code} {error.reason}"
        if error.code in _PASSING or error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Transient(told) from error
        raise StepError(told) from error
    except (OSError, HTTPException) as error:
        raise Transient(f"{url}: {getattr(error, 'reason', error)}") from error
    return digest(partial)


def _keep(job: Job, response: HTTPResponse, partial: Path, begun: int) -> None:
    # A server that cannot resume sends all of it, with another status.
    begun = begun if response.status == HTTPStatus.PARTIAL_CONTENT else 0
    total = begun + int(response.headers.get("Content-Length") or 0)
    with partial.open("r+b" if begun else "wb") as file:
        file.seek(begun)
        while chunk := response.read(_CHUNK):
            job.check()
            file.write(chunk)
            job.progress(file.tell(), max(total, file.tell()))
        # `read` takes a connection that was closed too early for the end of the file.
        if file.tell() < total:
            raise HTTPException(f"the connection broke after {file.tell()} of {total} bytes")
