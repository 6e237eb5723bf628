"""The example cluster under `deploy/`, as far as it can be checked without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

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
