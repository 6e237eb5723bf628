"""Whether steps are what the store relies on: functions of their key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factory.errors import FactoryError
from factory.evaluation import Node, action_of, evaluate, input_digests
from factory.jobs import Control
from factory.keys import key_of
from factory.machine import cores
from factory.processes import Children
from factory.scheduler import MIN_THREADS
from factory.store import Record, Store
from factory.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from factory.digests import FileDigests
    from factory.selection import Known


class Witness(Store):
    """A store that reads as ever, and lets what is made anew go by."""

    def put(self, record: Record, files: Mapping[str, Path]) -> None:
        """Keep nothing."""


@dataclass(frozen=True)
class Finding:
    """One step made again. `differing` names the outputs whose bytes are not those in the store."""

    target: str
    step: str
    differing: tuple[str, ...]


class Verification:
    """Makes steps again beside a build's store, in a folder of its own."""

    def __init__(self, cache: Path, digests: FileDigests, folder: Path) -> None:
        self._store = Witness(cache, digests)
        self._digests = digests
        self._children = Children()
        self._workshop = Workshop(folder, self._store, digests, folder / "logs")

    def candidates(self, known: Iterable[Known]) -> list[Node]:
        """Every step of these targets that is in the store with all its inputs."""
        found = []
        for each in known:
            for node in evaluate(each.target, 0).nodes.values():
                if any(needed.outputs is None for needed in node.needs):
                    continue
                node.key = key_of(node.step, input_digests(node, self._digests))
                record = self._store.lookup(node.key.id)
                if record is not None:
                    node.outputs = record.outputs
                    found.append(node)
        return found

    def check(self, node: Node) -> Finding:
        """Make one again."""
        step, outputs = node.step, node.outputs
        assert outputs is not None  # noqa: S101 - candidates have them
        action = action_of(node, self._digests, threads=max(MIN_THREADS, cores()), force=True)
        name = f"{step.name} {step.label}".rstrip()
        try:
            made = self._workshop.perform(action, Control(self._children, lambda _: None, lambda *_, **__: None))
        except FactoryError as reason:
            return Finding(action.task, name, (f"it failed ({reason}), so all",))
        differing = tuple(output for output, digest in outputs.items() if made.outputs[output] != digest)
        return Finding(action.task, name, differing)

    def close(self) -> None:
        """Leave nothing running and nothing behind."""
        self._children.close()
        self._workshop.close()
