"""The cache kept a second time: what another machine finds there, and what becomes of a build when it misbehaves."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import obstore
import pytest

from factory.testing import Outcome, finished, start
from tests.factory.conftest import Project, steps
from tests.factory.test_stopping import PATIENCE, until
from tests.s3 import S3Server, credentials, free_ports, moto, seaweed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def shared(project: Project, url: str) -> Project:
    """Give a project a remote."""
    (project.root / "pyproject.toml").write_text(f'[tool.content-factory]\nremote = "{url}"\n')
    return project


def elsewhere(project: Project, name: str = "elsewhere") -> Project:
    """A second checkout, with no cache of its own."""
    root = project.root / name
    shutil.copytree(project.root, root, ignore=shutil.ignore_patterns("build", "cache", "remote", name))
    return Project(root)


def over(project: Project, environment: dict[str, str]) -> Outcome:
    """A build that reaches its remote by what the environment says."""
    process = start(project.root, **environment)
    return finished(project.root, process, *process.communicate(timeout=PATIENCE))


@pytest.fixture
def folder(project: Project) -> Path:
    """A remote that is a directory."""
    remote = project.root / "remote"
    shared(project, f"file://{remote}")
    return remote


def test_second_checkout_runs_nothing(project: Project, folder: Path) -> None:
    """What one machine made, another fetches, and delivers the same bytes."""
    project.doit()
    assert list(folder.glob("ac/??/*.json"))
    other = elsewhere(project)
    built = other.doit()
    assert built.ran == steps()
    assert built.outcomes == {"script:toy/moon": "cached", "final:toy/moon": "cached"}
    assert other.final("moon").read_text() == "ONE\nTWO\nTHREE\n"


def test_corrupted_object_is_found_and_made_again(project: Project, folder: Path) -> None:
    """A blob that is not its digest is not believed; its step runs, and the remote is put right."""
    project.doit()
    for blob in folder.glob("cas/??/*"):
        if blob.read_bytes() == b"TWO\n":
            blob.chmod(0o644)
            blob.write_bytes(b"two\n")
    (folder / "ac").rename(folder / "old")
    for record in (folder / "old").glob("??/*.json"):
        if json.loads(record.read_text())["spec"]["step"] != "join":
            (folder / "ac" / record.parent.name).mkdir(parents=True, exist_ok=True)
            record.rename(folder / "ac" / record.parent.name / record.name)
    other = elsewhere(project)
    assert other.doit().ran == steps(render=1, join=1)
    assert other.final("moon").read_text() == "ONE\nTWO\nTHREE\n"
    assert elsewhere(project, "third").doit().ran == steps()


def test_unreachable_remote_costs_one_note(project: Project) -> None:
    """Without the network a build is slower, says so once, and is complete."""
    shared(project, "s3://nowhere/cache")
    (port,) = free_ports(1)
    outcome = over(project, credentials(port))
    assert outcome.code == 0, outcome.err
    assert outcome.err.count("note: the remote cache s3://nowhere/cache is left alone") == 1
    assert project.final("moon").exists()


def test_push_and_pull_move_everything(project: Project) -> None:
    """`cache push` sends what the remote lacks, `cache pull` fetches what is missing here."""
    project.doit()
    shared(project, f"file://{project.root}/remote")
    assert project.doit("cache", "push").out.startswith("5 results sent")
    assert project.doit("cache", "push").out.startswith("0 results sent")
    other = elsewhere(project)
    assert other.doit("cache", "pull").out.startswith("5 results fetched")
    shutil.rmtree(project.root / "remote")
    assert other.doit().ran == steps()


@pytest.fixture(scope="module", params=["seaweed", "moto"])
def s3(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Each of two real S3 servers; what one test leaves there the next does not look at."""
    with moto() if request.param == "moto" else seaweed(tmp_path_factory.mktemp("seaweed")) as server:
        yield server


def test_second_checkout_over_s3_runs_nothing(project: Project, s3: S3Server) -> None:
    """What one machine made another fetches over real S3; it delivers the same bytes and says nothing of it."""
    shared(project, "s3://cache/second")
    assert over(project, s3.environment).ran == steps(write_script=1, render=3, join=1)
    other = elsewhere(project)
    outcome = over(other, s3.environment)
    assert (outcome.code, outcome.ran, outcome.err) == (0, steps(), "")
    assert other.final("moon").read_bytes() == project.final("moon").read_bytes()


def test_corrupted_object_on_s3_is_made_again(project: Project, s3: S3Server) -> None:
    """An object that is not its digest is not believed: its step runs, and a third checkout finds it put right."""
    shared(project, "s3://cache/corrupted")
    over(project, s3.environment)
    for name in s3.names("corrupted/cas"):
        if bytes(obstore.get(s3.objects, name).bytes()) == project.final("moon").read_bytes():
            obstore.put(s3.objects, name, b"one\ntwo\nthree\n")
    other = elsewhere(project)
    assert over(other, s3.environment).ran == steps(join=1)
    assert other.final("moon").read_text() == "ONE\nTWO\nTHREE\n"
    assert over(elsewhere(project, "third"), s3.environment).ran == steps()


@pytest.mark.parametrize("make", ["seaweed", "moto"])
def test_server_dying_in_a_build_costs_nothing(project: Project, make: str, tmp_path: Path) -> None:
    """A server killed in the middle of a build costs one note: the build is complete, and so is the next without it."""
    shared(project, "s3://cache/dying")
    project.write("moon", "one", "sleep=1", "three")
    with moto() if make == "moto" else seaweed(tmp_path) as server:
        process = start(project.root, "-n", "1", **server.environment)
        until(lambda: len(server.names("dying/ac")) > 1)
        server.stop()
        outcome = finished(project.root, process, *process.communicate(timeout=PATIENCE))
        assert (outcome.code, outcome.ran) == (0, steps(write_script=1, render=3, join=1)), outcome.err
        assert outcome.err.count("note: the remote cache s3://cache/dying is left alone") == 1
        assert project.final("moon").read_text() == "ONE\nSLEEP=1\nTHREE\n"
        assert over(project, server.environment).out.startswith("everything is up to date")
