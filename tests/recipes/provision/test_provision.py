"""What is fetched for a voice: once, whole, and only if it is what it should be."""

from __future__ import annotations

import hashlib
import http.server
import io
import lzma
import tarfile
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factory.errors import StepError, Transient
from recipes import provision
from recipes.provision import apt, debian
from recipes.provision.debian import Package, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.workbench import BenchJob

FILES = {"./usr/share/voice/good.txt": b"good", "./usr/share/voice/unwanted.txt": b"unwanted"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own."""
    monkeypatch.setenv(provision.CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "voices"


def package(folder: Path, files: dict[str, bytes]) -> Package:
    """A Debian package (deb(5)) of these files, in the pool of a mirror at `folder`."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as data:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            data.addfile(member, io.BytesIO(content))
    members = {"debian-binary": b"2.0\n", "data.tar.xz": lzma.compress(tar.getvalue())}
    deb = b"!<arch>\n"
    for name, content in members.items():
        deb += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode() + content
        deb += b"\n" * (len(content) % 2)
    (folder / "pool").mkdir(parents=True)
    (folder / "pool" / "voice_1.0_all.deb").write_bytes(deb)
    return Package("voice", "1.0", "pool", "CC0-1.0", {"all": hashlib.sha256(deb).hexdigest()})


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def mirror(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Serve a folder as the only mirror there is, on a machine without apt."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(debian, "_mirrors", lambda: [f"http://127.0.0.1:{server.server_port}"])
    monkeypatch.setattr("shutil.which", lambda _: None)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_many_threads_fetch_once(job: BenchJob, cache: Path) -> None:
    """Eight threads that need the same voice make it once, and all get it whole."""
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "data").write_text("data")

    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(provision.provide(job, "v-1", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert set(found) == {cache / "v-1"}
    assert (cache / "v-1" / "data").read_text() == "data"


def test_a_failure_leaves_nothing_behind(job: BenchJob, cache: Path) -> None:
    """A voice that could not be fetched whole is not there, and can be fetched again."""

    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise StepError("the network is gone")

    with pytest.raises(StepError):
        provision.provide(job, "v-1", fail)
    assert [path.name for path in cache.iterdir()] == [".v-1.lock"]
    assert provision.provide(job, "v-1", lambda folder: (folder / "data").touch()) == cache / "v-1"


def test_what_is_there_is_used_offline(job: BenchJob, cache: Path) -> None:
    """A provisioned voice is found without asking anybody."""
    (cache / "v-1").mkdir(parents=True)
    assert provision.provide(job, "v-1", lambda _: pytest.fail("nothing is to be made")) == cache / "v-1"


def test_the_cache_is_the_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variable, the cache is that of the project around the working folder."""
    monkeypatch.delenv(provision.CACHE_VARIABLE)
    (tmp_path / "project" / "deep").mkdir(parents=True)
    (tmp_path / "project" / "dodo.py").touch()
    monkeypatch.chdir(tmp_path / "project" / "deep")
    assert provision.cache_folder() == tmp_path / "project" / "cache"


def test_a_package_is_unpacked_where_we_like(job: BenchJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wanted files of a package of the right digest are there, and no others."""
    wanted = package(tmp_path / "mirror", FILES)
    (tmp_path / "into").mkdir()
    with mirror(tmp_path / "mirror", monkeypatch):
        unpack(job, [wanted], tmp_path / "into", lambda path: "unwanted" not in path, advice="")
    files = [
        path.relative_to(tmp_path / "into").as_posix() for path in (tmp_path / "into").rglob("*") if path.is_file()
    ]
    assert files == ["usr/share/voice/good.txt"]


def test_a_package_cannot_leave_its_folder(job: BenchJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile package that writes outside is refused."""
    hostile = package(tmp_path / "mirror", {"../outside.txt": b"x"})
    (tmp_path / "into").mkdir()
    with mirror(tmp_path / "mirror", monkeypatch), pytest.raises(StepError, match="outside"):
        unpack(job, [hostile], tmp_path / "into", lambda _: True, advice="")
    assert not (tmp_path / "outside.txt").exists()


def test_another_version_is_told(job: BenchJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mirror whose package has another digest is a mistake to be told, with what to do instead."""
    package(tmp_path / "mirror", FILES)
    pinned = Package("voice", "1.0", "pool", "CC0-1.0", {"all": "0" * 64})
    with mirror(tmp_path / "mirror", monkeypatch), pytest.raises(StepError, match="0000 is the one") as caught:
        unpack(job, [pinned], tmp_path, lambda _: True, advice="use another voice")
    assert not isinstance(caught.value, Transient)
    assert caught.value.hint.startswith("use another voice")


def test_no_mirror_may_pass(job: BenchJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network the failure is one that may pass."""
    pinned = package(tmp_path / "mirror", FILES)
    with mirror(tmp_path / "mirror", monkeypatch):
        pass
    with pytest.raises(Transient, match="could not fetch voice"):
        unpack(job, [pinned], tmp_path, lambda _: True, advice="")


def test_other_systems_are_told(job: BenchJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Debian's packages cannot run, that is said, with the advice for there."""
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(StepError, match="no Debian packages for darwin") as caught:
        unpack(job, [], tmp_path, lambda _: True, advice="use edge")
    assert caught.value.hint == "use edge"


STANZAS = """\
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: https://other.example/apt
Suites: stable
Components: main
"""


@pytest.mark.parametrize(("before", "after"), [
    ("deb http://mirror.example/debian bookworm main\n", "deb http://mirror.example/debian bookworm main non-free\n"),
    ("deb [arch=amd64] http://x/debian/ sid main contrib non-free\n",) * 2,
    ("deb https://other.example/apt stable main\n",) * 2,
    (STANZAS, STANZAS.replace("main", "main non-free", 1)),
])  # fmt: skip
def test_only_debians_own_sources_are_widened(before: str, after: str) -> None:
    """non-free is asked of Debian's mirrors and of nobody else."""
    assert apt._with_non_free(before) == after


def test_a_mirror_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that knows no Debian mirror is told one by its name in the environment, which comes first."""
    monkeypatch.setenv(debian.MIRROR_VARIABLE, "https://mirror.example/debian/")
    assert debian._mirrors()[0] == "https://mirror.example/debian"
