"""Random builds under random edits, against an evaluator too simple to be wrong.

The promise: the same bytes as making everything anew, never a step that was not needed, never one that was missed.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from doit.cmd_base import ModuleTaskLoader
from doit.doit_cmd import DoitMain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory.loader import config, tasks
from factory.report.results import all_results
from factory.step import File, Input, Job, Json, Output, Step
from factory.target import Target
from tests.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TARGETS = 3
type Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Node:
    """One step: `reads` are places of earlier steps, or of files when negative."""

    reads: tuple[int, ...]
    salt: int
    keep: int
    """How many different outputs it can have: few make early cutoff likely."""


@dataclass(frozen=True)
class Graph:
    """Targets in a row; each may read the one before. `files` hold one small number each."""

    files: tuple[int, ...]
    targets: tuple[tuple[Node, ...], ...]


def mingle(job: Job) -> None:
    """Output a small number that depends on everything read."""
    total = sum(int(path.read_text()) * (place + 1) for place, (_, path) in enumerate(sorted(job.inputs.items())))
    salt, keep = job.params["salt"], job.params["keep"]
    assert isinstance(salt, int)
    assert isinstance(keep, int)
    job.output("out.txt").write_text(str((total + salt) % keep))


def expand(params: Mapping[str, Json], sources: Mapping[str, Path]) -> Mapping[str, Output]:
    """The steps of one target; the last is delivered."""
    steps: list[Step] = []
    described: Any = params["nodes"]
    for reads, salt, keep in described:
        inputs: dict[str, Input] = {
            f"i{number}": steps[read]["out.txt"] if read >= 0 else File(sources[f"f{-read}"])
            for number, read in enumerate(reads)
        }
        steps.append(Step("mingle", mingle, ("out.txt",), {"salt": salt, "keep": keep}, inputs))
    return {"out.txt": steps[-1]["out.txt"]}


def targets_of(graph: Graph, root: Path) -> list[Target]:
    """The graph as targets under a folder."""
    made: list[Target] = []
    for number, nodes in enumerate(graph.targets):
        files = [root / f"file{place}" for place in range(len(graph.files))]
        if made:
            files[0] = made[-1].paths[0]
        sources = {f"f{place + 1}": file for place, file in enumerate(files)}
        described: Json = [[list(node.reads), node.salt, node.keep] for node in nodes]
        made.append(
            Target("make", f"t{number}", expand, root / f"build{number}", ("out.txt",), {"nodes": described}, sources)
        )
    return made


@dataclass
class World:
    """A project that is edited and built, and what was ever made in it."""

    root: Path
    made: set[object] = field(default_factory=set)
    harmed: bool = False
    """A blob was damaged: what is needed to replace it is nobody's to count."""

    def write(self, graph: Graph) -> None:
        """Put the files there, and the graph itself, as a spec would be."""
        (self.root / "projects").mkdir(exist_ok=True)
        (self.root / "projects/graph").write_text(repr(graph))
        for number, value in enumerate(graph.files):
            file = self.root / f"file{number}"
            if not file.exists() or file.read_text() != str(value):
                file.write_text(str(value))

    def build(self, graph: Graph) -> Counter[str]:
        """Build for real, and count what ran."""
        made = targets_of(graph, self.root)

        def task_make() -> Iterator[dict[str, Any]]:
            return tasks(made)

        names = {"DOIT_CONFIG": config("make"), "task_make": task_make}
        before = {results.id for results in all_results(self.root / "cache/runs")}
        with contextlib.chdir(self.root), open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123 - /dev/null
            assert DoitMain(ModuleTaskLoader(names), config_filenames=()).run(["-n", "2"]) == 0
        after = [results for results in all_results(self.root / "cache/runs") if results.id not in before]
        return after[0].ran if after else Counter()

    def oracle(self, graph: Graph) -> tuple[list[str], int]:
        """What every target must hold, and how many steps had to run for it: those never made from these inputs."""
        needed = 0
        with tempfile.TemporaryDirectory() as folder:
            bench = Workbench(Path(folder) / "bench")
            for number, value in enumerate(graph.files):
                (Path(folder) / f"file{number}").write_text(str(value))
            targets = targets_of(graph, Path(folder))
            held = [bench.deliver(target)["out.txt"].read_text() for target in targets]
            for step, place in bench._made.values():
                contents = tuple((role, next(place.glob(f"in-{role}*")).read_text()) for role in sorted(step.inputs))
                identity = (tuple(sorted(step.params.items())), contents)
                needed += identity not in self.made
                self.made.add(identity)
        return held, needed


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Two or three targets of one to six steps each."""
    files = draw(st.tuples(*[st.integers(0, 3)] * 2))
    rows = []
    for _ in range(draw(st.integers(2, TARGETS))):
        nodes = []
        for place in range(draw(st.integers(1, 6))):
            reads = tuple(draw(st.lists(st.integers(-len(files), place - 1).filter(bool), min_size=1, max_size=3)))
            nodes.append(Node(reads, draw(st.integers(0, 2)), draw(st.sampled_from([2, 3, 50]))))
        rows.append(tuple(nodes))
    return Graph(files, tuple(rows))


def edited(graph: Graph, draw: Draw, world: World) -> Graph:
    """Something happens: a file or a parameter changes, a file is touched, an output or the state is lost or harmed."""
    match draw(st.sampled_from(["file", "salt", "nothing", "touch", "lose", "harm", "state", "blob"])):
        case "file":
            at = draw(st.integers(0, len(graph.files) - 1))
            files = tuple(draw(st.integers(0, 3)) if n == at else value for n, value in enumerate(graph.files))
            return replace(graph, files=files)
        case "salt":
            row = draw(st.integers(0, len(graph.targets) - 1))
            at = draw(st.integers(0, len(graph.targets[row]) - 1))
            nodes = list(graph.targets[row])
            nodes[at] = replace(nodes[at], salt=draw(st.integers(0, 2)))
            return replace(graph, targets=(*graph.targets[:row], tuple(nodes), *graph.targets[row + 1 :]))
        case "touch":
            os.utime(world.root / "file0")
        case "lose":
            (world.root / "build1/out.txt").unlink()
        case "harm":
            (world.root / "build0/out.txt").write_text("99")
        case "state":
            for file in (world.root / "cache").glob("state.db*"):
                file.unlink()
        case "blob":
            place = draw(st.integers(0, 99))  # whatever is drawn must not depend on what a build happened to leave
            blobs = sorted((world.root / "cache/cas").glob("??/*"))
            blob = blobs[place % len(blobs)]
            number = blob.read_text()
            blob.chmod(0o644)
            blob.write_text("?" * len(number))
            world.harmed = True
    return graph


def check(data: st.DataObject) -> None:
    """Build a random graph, and build again after each of some random edits."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        graph = data.draw(graphs())
        for _ in range(data.draw(st.integers(1, 4))):
            world.write(graph)
            held, needed = world.oracle(graph)
            ran = world.build(graph)
            assert [path.read_text() for target in targets_of(graph, world.root) for path in target.paths] == held
            assert ran.total() == needed or world.harmed
            graph = edited(graph, data.draw, world)


QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(st.data())
def test_random_builds_are_right_and_minimal(data: st.DataObject) -> None:
    """After any edit: the bytes of a build from nothing, and exactly the steps whose inputs are new."""
    check(data)


@pytest.mark.slow
@settings(QUICK, max_examples=500)
@given(st.data())
def test_five_hundred_random_builds(data: st.DataObject) -> None:
    """The same, five hundred times."""
    check(data)
