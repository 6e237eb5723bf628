"""The cache kept a second time: what another machine finds there, and what becomes of a build when it misbehaves."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
import pytest
from obstore.store import S3Store

from factory.testing import finished, start
from tests.factory.conftest import Project, steps
from tests.factory.test_stopping import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def shared(project: Project, url: str) -> Project:
    """Give a project a remote."""
    (project.root / "pyproject.toml").write_text(f'[tool.content-factory]\nremote = "{url}"\n')
    return project


def elsewhere(project: Project, name: str = "elsewhere") -> Project:
    """A second checkout, with no cache of its own."""
    root = project.root / name
    shutil.copytree(project.root, root, ignore=shutil.ignore_patterns("build", "cache", "remote", name))
    return Project(root)


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(project.root, **credentials(port))
    outcome = finished(project.root, process, *process.communicate(timeout=60))
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


def credentials(port: int) -> Mapping[str, str]:
    """What a person would set to use a server of their own."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "maker",
        "AWS_SECRET_ACCESS_KEY": "of-videos",
        "AWS_REGION": "us-east-1",
    }


@pytest.fixture
def seaweed(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A real S3 server, which knows one user."""
    ports = []
    for _ in range(4):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1] % 20000 + 10000)
    users = tmp_path / "users.json"
    keys = [{"accessKey": "maker", "secretKey": "of-videos"}]
    users.write_text(json.dumps({"identities": [{"name": "maker", "credentials": keys, "actions": ["Admin"]}]}))
    names = ("master.port", "volume.port", "filer.port", "s3.port")
    options = [f"-{name}={port}" for name, port in zip(names, ports, strict=True)]
    (tmp_path / "data").mkdir()
    weed = str(Path(sys.executable).parent / "weed")
    server = subprocess.Popen(
        [weed, "server", "-ip=127.0.0.1", "-s3", f"-s3.config={users}", f"-dir={tmp_path}/data", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: bucket(ports[3]))
        yield server, ports[3]
    finally:
        server.kill()
        server.wait()


def bucket(port: int) -> bool:
    """Whether a bucket could be written to."""
    known = credentials(port)
    store = S3Store(
        "cache",
        endpoint=known["AWS_ENDPOINT_URL"],
        access_key_id=known["AWS_ACCESS_KEY_ID"],
        secret_access_key=known["AWS_SECRET_ACCESS_KEY"],
        region="us-east-1",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    try:
        obstore.put(store, "hello", b"hello")
    except (OSError, obstore.exceptions.BaseError):
        time.sleep(0.2)
        return False
    return True


def test_s3_server_with_authentication(project: Project, seaweed: tuple[subprocess.Popen[bytes], int]) -> None:
    """Over real S3 a second checkout runs nothing; when the server dies the next build is complete without it."""
    server, port = seaweed
    shared(project, "s3://cache/toys")
    first = start(project.root, **credentials(port))
    assert finished(project.root, first, *first.communicate(timeout=PATIENCE)).code == 0
    other = elsewhere(project)
    second = start(other.root, **credentials(port))
    outcome = finished(other.root, second, *second.communicate(timeout=PATIENCE))
    assert (outcome.code, outcome.ran, outcome.err) == (0, steps(), "")
    server.kill()
    other.write("moon", "four")
    third = start(other.root, **credentials(port))
    outcome = finished(other.root, third, *third.communicate(timeout=60))
    assert outcome.code == 0, outcome.err
    assert other.final("moon").read_text() == "FOUR\n"
