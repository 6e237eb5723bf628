"""One target being made: its steps as a graph of nodes, and what is known of each so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from factory.actions import Action, Staged
from factory.errors import StepError
from factory.step import File, Output, Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from factory.digests import Digest, FileDigests, Signature
    from factory.keys import Key
    from factory.report.events import StepRun
    from factory.step import Input
    from factory.target import Target


@dataclass(eq=False)
class Node:
    """A step of one target. Its key is known once all its inputs' digests are."""

    step: Step
    evaluation: Evaluation
    needs: tuple[Node, ...]
    dependents: list[Node] = field(default_factory=list)
    key: Key | None = None
    outputs: Mapping[str, Digest] | None = None
    """The digests, once made or found in the store."""
    flying: bool = False
    """Queued or running."""
    doubted: bool = False
    """Its result is known somewhere, but not its bytes: it has to run whatever any store says."""
    ran: bool = False
    seconds: float = 0.0
    moves: int = 0
    """How often an input was edited while it ran."""

    @property
    def ready(self) -> bool:
        """Whether it can be keyed now."""
        return (
            self.outputs is None
            and not self.flying
            and self.evaluation.error is None
            and all(needed.outputs is not None for needed in self.needs)
            and not (self.evaluation.awaited and self._awaits)
        )

    @property
    def _awaits(self) -> bool:
        """Whether it reads a file that another target is still to deliver."""
        return any(
            isinstance(item, File) and item.path in self.evaluation.awaited for item in self.step.inputs.values()
        )


@dataclass(eq=False)
class Evaluation:
    """One target. `order` is its video's place in the queue; `nodes` are its steps, each after what it needs."""

    target: Target
    order: int
    wanted: Mapping[str, Output]
    way: int = 0
    """Which of the target's ways: 0 is its params, then those of `otherwise`."""
    nodes: dict[int, Node] = field(default_factory=dict)
    error: Exception | None = None
    failed: StepRun | None = None
    """The step that failed, if it was a step."""
    files: dict[Path, tuple[Signature, Digest]] = field(default_factory=dict)
    """What each file from before the build was taken to be."""
    stale: bool = False
    """A file was edited under way: the target is made, but of no single version, and must be looked at again."""
    awaited: set[Path] = field(default_factory=set)
    """Sources that another target of this build is still to deliver."""
    ahead: bool = False
    """Whether doit has not offered the target yet: how it ends is kept until it does."""
    delivered: list[Path] = field(default_factory=list)
    """Files of the target that had to be written."""
    done: bool = False

    def node(self, step: Step) -> Node:
        """The node of a step of this target."""
        return self.nodes[id(step)]

    def digest(self, output: Output) -> Digest:
        """What a finished output holds."""
        known = self.node(output.step).outputs
        assert known is not None  # noqa: S101 - callers ask for finished steps only
        return known[output.name]

    def note(self, step: Step, inputs: Mapping[str, Digest], digests: FileDigests) -> None:
        """Remember for the receipt what each file was taken to be; two answers mean it was edited under way."""
        for role, item in step.inputs.items():
            seen = digests.seen(item.path) if isinstance(item, File) else None
            if isinstance(item, File) and seen and self.files.setdefault(item.path, seen)[1] != inputs[role]:
                self.stale = True

    @property
    def complete(self) -> bool:
        """Whether every step's outputs are known."""
        return all(node.outputs is not None for node in self.nodes.values())

    @property
    def ran(self) -> list[Node]:
        """The steps that were really executed."""
        return [node for node in self.nodes.values() if node.ran]


def evaluate(target: Target, order: int, way: int = 0) -> Evaluation:
    """Expand a target whose sources exist into the graph of its steps, in one of its ways. Raises StepError."""
    params = (target.params, *target.otherwise.values())[way]
    try:
        wanted = target.expand(params, target.sources)
    except StepError:
        raise
    except Exception as reason:
        raise StepError(
            f"{target.id} could not be laid out: {type(reason).__name__}: {reason}",
            hint="this is a fault in the recipe",
        ) from reason
    if set(wanted) != set(target.outputs):
        raise StepError(f"{target.id} promised {sorted(target.outputs)}, its recipe gives {sorted(wanted)}")
    evaluation = Evaluation(target, order, wanted, way)
    for output in wanted.values():
        _add(evaluation, output.step)
    return evaluation


def begin(
    target: Target, order: int, digests: FileDigests, *, way: int = 0, awaited: AbstractSet[Path] = frozenset()
) -> Evaluation:
    """`evaluate`, with a note of what each source holds that is not `awaited`. Raises StepError, OSError."""
    held = {path: digests.now(path) for path in target.sources.values() if path not in awaited}
    evaluation = evaluate(target, order, way)
    evaluation.awaited.update(awaited)
    evaluation.files.update(held)
    return evaluation


def input_digests(node: Node, digests: FileDigests) -> dict[str, Digest]:
    """Role → what the input holds, of a step whose needs are all made. Raises OSError for a file that is not there."""
    return {
        role: node.evaluation.digest(item) if isinstance(item, Output) else digests.of(item.path)
        for role, item in node.step.inputs.items()
    }


def action_of(node: Node, digests: FileDigests, *, threads: int, attempt: int = 1, force: bool = False) -> Action:
    """The action that makes a keyed node, whose needs are all made."""
    step, key = node.step, node.key
    assert key is not None  # noqa: S101 - a node is keyed before it is made
    return Action(
        key=key,
        name=step.name,
        label=step.label,
        run=step.run,
        params=step.params,
        inputs={role: _staged(node, item, digests) for role, item in step.inputs.items()},
        outputs=step.outputs,
        kind=step.kind,
        pool=step.pool,
        timeout=step.timeout,
        threads=threads,
        task=node.evaluation.target.id,
        cost=step.cost,
        attempt=attempt,
        force=force,
    )


def _staged(node: Node, item: Input, digests: FileDigests) -> Staged:
    if isinstance(item, File):
        return Staged(digests.of(item.path), item.path.suffix, item.path)
    return Staged(node.evaluation.digest(item), Path(item.name).suffix)


def _add(evaluation: Evaluation, last: Step) -> None:
    """Add a step and all behind it, inputs first, without recursion: forty joins may make a chain of forty."""
    waiting = [last]
    while waiting:
        step = waiting[-1]
        needed = {id(item.step): item.step for item in step.inputs.values() if isinstance(item, Output)}
        new = [other for key, other in needed.items() if key not in evaluation.nodes]
        if id(step) in evaluation.nodes:
            waiting.pop()
        elif new:
            waiting.extend(reversed(new))
        else:
            needs = tuple(evaluation.nodes[key] for key in needed)
            node = evaluation.nodes[id(step)] = Node(step, evaluation, needs)
            for other in needs:
                other.dependents.append(node)
