"""Steps on a Dask cluster: real worker processes, started and killed here."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factory.testing import finished, start
from tests.factory.conftest import steps
from tests.factory.test_patience import impatient
from tests.factory.test_remote import elsewhere
from tests.factory.test_stopping import until

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.mark.slow
def test_stalled_step_is_ended_on_its_worker(project: Project) -> None:
    """Silence is heard across the cluster: the step's program on the worker is ended, and the build says why."""
    impatient(project)
    project.write("moon", "far=0.5 sleep=60")
    assert "render made no progress for 0.5 s" in project.failing(*CLUSTER).out
    until(lambda: not list(project.children()), PATIENCE)


def test_cluster_needs_an_address(project: Project) -> None:
    """Without a scheduler there is a message and no build."""
    failed = project.failing("-P", "dask")
    assert (failed.code, failed.err.startswith("say where the cluster is")) == (2, True)
    failed = project.failing("-P", "dask", "--scheduler", "tcp://127.0.0.1:9")
    assert (failed.code, failed.err.startswith("no Dask scheduler answers")) == (2, True)


@dataclass
class Machines:
    """A scheduler and its workers, each a process of its own, as on other machines."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""

    def scheduler(self) -> subprocess.Popen[bytes]:
        """Begin the scheduler, where it was before if there was one."""
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        port = self.address.rpartition(":")[2] or "0"
        begun = self._begin("dask_scheduler", "--host=127.0.0.1", f"--port={port}", f"--scheduler-file={file}")
        until(lambda: file.exists() and file.stat().st_size > 0, PATIENCE)
        self.address = json.loads(file.read_text())["address"]
        return begun

    def worker(self, *args: str, **environment: str) -> subprocess.Popen[bytes]:
        """Begin a worker; the build waits for none, so this does."""
        log = self.folder / f"worker-{len(self.processes)}.log"
        begun = self._begin("dask_worker", self.address, "--no-dashboard", "--no-nanny", *args, log=log, **environment)
        until(lambda: "Registered to" in log.read_text(), PATIENCE)
        return begun

    def _begin(self, program: str, *args: str, log: Path | None = None, **environment: str) -> subprocess.Popen[bytes]:
        log = log or self.folder / "scheduler.log"
        with log.open("ab") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *args],
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": str(self.folder)} | environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        self.processes.append(process)
        return process


@pytest.fixture
def machines(project: Project) -> Iterator[Machines]:
    """A cluster that is not the build's own."""
    made = Machines(project.root)
    made.scheduler()
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_worker_that_shares_only_the_remote(project: Project, machines: Machines) -> None:
    """A worker with a cache folder of its own gets its inputs from the remote, and leaves there what it makes."""
    remote, other = project.root / "remote", project.root / "other"
    (project.root / "pyproject.toml").write_text(f'[tool.content-factory]\nremote = "file://{remote}"\n')
    (project.root / "projects/asset.bin").write_text("asset")
    project.write("moon", "one", "two asset=asset.bin")
    machines.worker("--nthreads=2", CONTENT_FACTORY_CACHE=str(other))
    assert project.doit("-P", "dask", "--scheduler", machines.address).ran == steps(write_script=1, render=2, join=1)
    assert project.final("moon").read_text() == "ONE\nTWO ASSET=ASSET.BINasset\n"
    assert len(list(other.glob("ac/??/*.json"))) == 4


@pytest.mark.slow
def test_pool_is_a_resource_of_the_worker(project: Project, machines: Machines) -> None:
    """Where workers declare a pool as a resource, no more steps of it run than they have."""
    machines.worker("--nthreads=2", "--resources=cpu=1")
    project.write("moon", "sleep=0.3", "sleep=0.31", "sleep=0.32")
    outcome = project.doit("-P", "dask", "--scheduler", machines.address)
    assert outcome.results is not None
    spans = sorted((step["began"], step["ended"]) for step in outcome.results.steps)
    assert all(ended <= began + 0.01 for (_, ended), (began, _) in pairwise(spans))


@pytest.mark.slow
def test_worker_with_other_versions_is_refused(project: Project, machines: Machines) -> None:
    """A worker with a package more than we have gets nothing to do and the reason is told; alone, it is an error."""
    other = project.root / "other/of_another_version-1.0.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: of-another-version\nVersion: 1.0\n")
    machines.worker("--nthreads=2", PYTHONPATH=f"{project.root}:{other.parent}")
    failed = project.failing("-P", "dask", "--scheduler", machines.address)
    assert re.search(r"note: the worker tcp://\S+ is not used: it has other packages\n", failed.err)
    assert "no worker of the cluster can be used" in failed.err
    machines.worker("--nthreads=2")
    made = project.doit("-P", "dask", "--scheduler", machines.address)
    assert made.ran == steps(write_script=1, render=3, join=1)
    assert "is not used: it has other packages" in made.err


@pytest.mark.slow
def test_key_runs_once_in_the_whole_cluster(project: Project, machines: Machines) -> None:
    """Two builds from two checkouts on one cluster at once: every step runs once, and both have the video."""
    (project.root / "pyproject.toml").write_text(f'[tool.content-factory]\nremote = "file://{project.root}/remote"\n')
    project.write("moon", *(f"flaky=0 sleep=0.{number}" for number in range(1, 5)))
    other = elsewhere(project)
    machines.worker("--nthreads=2", CONTENT_FACTORY_CACHE=str(project.root / "other"))
    both = [start(each.root, "-P", "dask", "--scheduler", machines.address) for each in (project, other)]
    for each, process in zip((project, other), both, strict=True):
        outcome = finished(each.root, process, *process.communicate(timeout=PATIENCE))
        assert outcome.code == 0, outcome.out + outcome.err
        assert each.final("moon").read_text().startswith("FLAKY=0 SLEEP=0.1\n")
    assert [tries.read_text() for tries in project.root.glob("tries-*")] == ["1"] * 4


def test_stop_and_timeout_reach_the_worker(project: Project, machines: Machines) -> None:
    """A step that runs too long is ended on its worker, Ctrl-C ends what runs there, and the worker lives on."""
    worker = machines.worker("--nthreads=2")
    project.write("moon", "timeout=1 sleep=60")
    assert "render ran longer than 1 s" in project.failing("-P", "dask", "--scheduler", machines.address).out
    assert not list(project.children())
    project.write("moon", "one", "group=60")
    process = start(project.root, "-P", "dask", "--scheduler", machines.address)
    until(lambda: any("sleep" in child for child in project.children()), PATIENCE)
    process.send_signal(signal.SIGINT)
    outcome = finished(project.root, process, *process.communicate(timeout=PATIENCE))
    assert outcome.code == 128 + signal.SIGINT
    assert "stopped; what was finished is kept" in outcome.out
    until(lambda: not list(project.children()), PATIENCE)
    assert worker.poll() is None


@pytest.mark.slow
def test_lost_scheduler_costs_what_was_running(project: Project, machines: Machines) -> None:
    """A build whose scheduler is killed ends with a message; with a scheduler again the next one goes on from there."""
    worker = machines.worker("--nthreads=2")
    project.write("moon", "one", "sleep=60")
    process = start(project.root, "-P", "dask", "--scheduler", machines.address)
    until(lambda: any("sleep" in child for child in project.children()), PATIENCE)
    machines.processes[0].kill()
    machines.processes[0].wait()
    outcome = finished(project.root, process, *process.communicate(timeout=PATIENCE))
    assert outcome.code == 1, outcome.err
    assert "the cluster lost the step" in outcome.out
    worker.kill()
    worker.wait()
    until(lambda: not list(project.children()), PATIENCE)
    machines.scheduler()
    machines.worker("--nthreads=2")
    project.write("moon", "one", "two")
    assert project.doit("-P", "dask", "--scheduler", machines.address).ran == steps(write_script=1, render=1, join=1)


def test_steps_on_workers_are_heard(project: Project) -> None:
    """What a step logs on a worker is a line in the log of the build."""
    project.write("moon", "say=hello")
    outcome = project.doit(*CLUSTER)
    assert outcome.results is not None
    log = (project.root / "cache/runs" / outcome.results.id / "log.jsonl").read_text().splitlines()
    assert [line["event"] for line in map(json.loads, log)].count("hello") == 1
