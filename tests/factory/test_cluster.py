"""Steps on a Dask cluster: real worker processes, started and killed here."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factory.cluster import _fit, identity
from factory.errors import FactoryError
from factory.testing import finished, start
from tests.factory.conftest import steps
from tests.factory.test_stopping import until

if TYPE_CHECKING:
    from tests.factory.conftest import Project

PATIENCE = 120.0
CLUSTER = ("-P", "dask", "--local-cluster", "2")


def test_cluster_makes_the_same_bytes(project: Project) -> None:
    """A build on a cluster runs the same steps to the same bytes, and an ordinary one then finds nothing to do."""
    (project.root / "projects/asset.bin").write_text("asset")
    project.write("moon", "one", "two asset=asset.bin", "three")
    assert project.doit(*CLUSTER).ran == steps(write_script=1, render=3, join=1)
    assert project.final("moon").read_text() == "ONE\nTWO ASSET=ASSET.BINasset\nTHREE\n"
    assert project.doit().ran == steps()


def test_killed_worker_costs_its_step_only(project: Project) -> None:
    """With one of two workers killed in the middle of a step, the build is complete."""
    project.write("moon", "one", "sleep=2", "three")
    process = start(project.root, *CLUSTER)
    killed: list[int] = []

    def kill() -> bool:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if (folder / "comm").read_text() == "sleep\n" and (folder / "cwd").resolve().is_relative_to(
                    project.root
                ):
                    worker = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    os.kill(worker, signal.SIGKILL)
                    killed.append(worker)
            except OSError:
                continue
        return bool(killed)

    until(kill)
    outcome = finished(project.root, process, *process.communicate(timeout=PATIENCE))
    assert outcome.code == 0, outcome.out + outcome.err
    assert outcome.ran == steps(write_script=1, render=3, join=1)
    assert not list(project.children())


def test_failure_on_a_worker_is_told_as_ever(project: Project) -> None:
    """A tool's last words come back from the worker."""
    project.write("moon", "tool")
    failed = project.failing(*CLUSTER)
    assert "failed final:toy/moon, in render · block 0" in failed.out
    assert "these are my last words" in failed.out


def test_cluster_needs_an_address(project: Project) -> None:
    """Without a scheduler there is a message and no build."""
    failed = project.failing("-P", "dask")
    assert (failed.code, failed.err.startswith("say where the cluster is")) == (2, True)
    failed = project.failing("-P", "dask", "--scheduler", "tcp://127.0.0.1:9")
    assert (failed.code, failed.err.startswith("no Dask scheduler answers")) == (2, True)


class Workers:
    """A Dask client, as far as it is asked what its workers are."""

    def __init__(self, **identities: dict[str, str]) -> None:
        self._identities = identities

    def run(self, _function: object) -> dict[str, dict[str, str]]:
        """Ask them all."""
        return self._identities


def test_worker_with_other_versions_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A worker whose packages or recipes are not ours gets nothing to do, and the reason is told."""
    ours = identity()
    assert _fit(Workers(good=ours, old=ours | {"packages": "others"})) == ["good"]
    assert capsys.readouterr().err == "note: the worker old is not used: it has other packages\n"
    with pytest.raises(FactoryError, match="no worker"):
        _fit(Workers(old=ours | {"recipes": "others"}))
