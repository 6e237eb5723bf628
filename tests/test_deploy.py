"""The example cluster under `deploy/`: its parts fit, and its commands, run here as processes, build a project."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from factory.testing import finished
from tests.factory.conftest import Project, project, steps
from tests.factory.test_stopping import until
from tests.s3 import credentials, free_ports, seaweed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["project"]

PATIENCE = 120.0
DEPLOY = Path(__file__).parent.parent / "deploy"


def kubernetes() -> list[dict[str, Any]]:
    """Every object of the Kubernetes example."""
    return list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))


def compose() -> dict[str, Any]:
    """The services of the compose example."""
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return services


def pods() -> list[dict[str, Any]]:
    """The pod of every Kubernetes object that has one."""
    return [each["spec"]["template"] for each in kubernetes() if "template" in each.get("spec", {})]


def test_both_run_a_scheduler_workers_and_a_store() -> None:
    """Each example has all three parts, and workers are told the name the scheduler really has."""
    services = compose()
    assert {"scheduler", "worker", "store"} <= services.keys()
    assert "tcp://scheduler:8786" in services["worker"]["command"]
    names = {each["metadata"]["name"] for each in kubernetes() if each["kind"] == "Service"}
    assert names == {"content-factory-scheduler", "content-factory-store"}
    commands = [container.get("command", []) for pod in pods() for container in pod["spec"]["containers"]]
    assert any("tcp://content-factory-scheduler:8786" in command for command in commands)


def test_kubernetes_selectors_find_their_pods() -> None:
    """Every workload selects the pods it makes, and every service selects some."""
    labels = [pod["metadata"]["labels"] for pod in pods()]
    for each in kubernetes():
        if each["kind"] == "Service":
            assert each["spec"]["selector"] in labels
        elif "template" in each.get("spec", {}):
            assert each["spec"]["selector"]["matchLabels"] == each["spec"]["template"]["metadata"]["labels"]


def test_images_are_names_alone() -> None:
    """No image is tied to one registry."""
    images = [container["image"] for pod in pods() for container in pod["spec"]["containers"]]
    images += [service["image"] for service in compose().values()]
    assert not [image for image in images if "." in image.partition("/")[0] or ":" in image.partition("/")[0]]


def test_no_secret_is_written_down() -> None:
    """Compose refuses to start without the keys, and those of Kubernetes say that they must be changed."""
    environment = compose()["store"]["environment"]
    assert all(":?" in value for value in environment.values())
    secret = next(each for each in kubernetes() if each["kind"] == "Secret")
    assert all(value.startswith("change-me") for value in secret["stringData"].values())


def words(command: Sequence[str]) -> list[str]:
    """A command line with `--option=value` and `--option value` written alike, and no host name in it."""
    plain = (re.sub(r"^tcp://[a-z-]+:", "tcp://scheduler:", word) for word in command)
    return [part for word in plain for part in (word.split("=", 1) if word.startswith("--") else [word])]


def test_both_run_the_same_commands() -> None:
    """What is tried below with the commands of compose is what Kubernetes runs."""
    containers = {each["name"]: each for pod in pods() for each in pod["spec"]["containers"]}
    for name, service in compose().items():
        if name in containers:
            said = containers[name].get("command") or containers[name]["args"]
            assert words(said) == words(service["command"])


@dataclass
class Host:
    """The services of the compose file as processes of this machine, each with what the file gives it."""

    folder: Path
    scheduler: int
    s3: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self, service: str) -> dict[str, str]:
        """What the file sets, with the address this machine has instead of the service's name, and keys filled in."""
        known = credentials(self.s3)
        said: Mapping[str, str] = compose()[service].get("environment", {})
        filled = {name: known.get(name, value) if ":" in value else value for name, value in said.items()}
        return filled | {"PYTHONPATH": str(self.folder)}

    def command(self, service: str) -> list[str]:
        """What the file runs, with the port this machine has free."""
        program, *args = (word.replace("//scheduler:", "//127.0.0.1:") for word in compose()[service]["command"])
        here = str(Path(sys.executable).parent / program)
        return [here, *(word.replace("8786", str(self.scheduler)) for word in args)]

    def begin(self, service: str, ready: str, **environment: str) -> None:
        """Start a service, and wait until it says that it is ready."""
        log = self.folder / f"{service}-{len(self.running)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                self.command(service),
                cwd=self.folder,
                env=os.environ | self.environment(service) | environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self.running.append(process)
        until(lambda: ready in log.read_text(), PATIENCE)

    def stop(self) -> None:
        """End them all, and what they started."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def host(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The store, the scheduler and two workers of the compose file."""
    (scheduler,) = free_ports(1)
    keys = compose()["store"]["environment"].keys()
    known = {name: value for name, value in credentials(0).items() if name in keys}
    with seaweed(tmp_path_factory.mktemp("store"), compose()["store"]["command"], **known) as store:
        made = Host(project.root, scheduler, store.port)
        try:
            made.begin("scheduler", "Scheduler at")
            for number in range(2):
                made.begin("worker", "Registered to", CONTENT_FACTORY_CACHE=str(project.root / f"worker-{number}"))
            yield made
        finally:
            made.stop()


@pytest.mark.slow
def test_compose_file_builds_a_project(project: Project, host: Host) -> None:
    """A build by the file's own commands: workers that share nothing but the store make the bytes one machine makes."""
    remote = re.search(r'remote = "[^"]+"', (DEPLOY / "compose.yaml").read_text())
    assert remote is not None
    (project.root / "pyproject.toml").write_text(f"[tool.content-factory]\n{remote[0]}\n")
    (project.root / "projects/asset.bin").write_text("asset")
    project.write("moon", "one", "two asset=asset.bin", "sleep=0.5", "sleep=0.6")
    process = subprocess.Popen(
        host.command("doit"),
        cwd=project.root,
        env=os.environ | host.environment("doit"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    outcome = finished(project.root, process, *process.communicate(timeout=PATIENCE))
    assert (outcome.code, outcome.ran) == (0, steps(write_script=1, render=4, join=1)), outcome.out + outcome.err
    assert project.final("moon").read_text() == "ONE\nTWO ASSET=ASSET.BINasset\nSLEEP=0.5\nSLEEP=0.6\n"
    assert len({record.name for record in project.root.glob("worker-*/ac/??/*.json")}) == 6
    assert not project.doit().ran
