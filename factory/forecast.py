"""What a build would do, and why, without doing it.

Bottom-up like the build itself, over the same keys and the same store: a step whose inputs are all known is exactly a
hit or a run. What lies behind a run may or may not follow, because the run may make the same bytes again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from factory.errors import StepError
from factory.evaluation import Evaluation, Node, evaluate, input_digests
from factory.keys import key_of
from factory.step import File, Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from factory.digests import FileDigests
    from factory.keys import Key
    from factory.receipt import Receipt
    from factory.selection import Known
    from factory.store import Store
    from factory.target import Target


class Verdict(StrEnum):
    """What would become of a step or a target, from nothing to all."""

    CURRENT = "up to date"
    HIT = "from cache"
    MAYBE = "may run"
    RUN = "run"


@dataclass(frozen=True)
class StepForecast:
    """One step. `changes` is what differs from the step of that name and label in the last build, if there was one."""

    name: str
    label: str
    verdict: Verdict
    changes: Sequence[str]
    seconds: float | None
    """How long it will take, if it runs and such a step ever ran; None if nobody knows."""
    cost: float = 0.0
    """US dollars a run of it is expected to cost."""


@dataclass
class TargetForecast:
    """One target. `reasons` say why it is looked at at all; empty when it is up to date."""

    target: Target
    verdict: Verdict
    reasons: list[str] = field(default_factory=list)
    steps: list[StepForecast] = field(default_factory=list)
    new: bool = False
    """Whether it was never made."""

    def seconds(self, *verdicts: Verdict) -> float:
        """The time its steps of these verdicts are known to take."""
        return sum(step.seconds or 0.0 for step in self.steps if step.verdict in verdicts)

    def cost(self, *verdicts: Verdict) -> float:
        """The US dollars its steps of these verdicts are expected to cost."""
        return sum(step.cost for step in self.steps if step.verdict in verdicts)


class Forecaster:
    """Looks ahead over targets, each after those it is made from."""

    def __init__(self, store: Store, digests: FileDigests, durations: Mapping[str, float]) -> None:
        self._store = store
        self._digests = digests
        self._durations = durations
        self._made: dict[Path, tuple[TargetForecast, Path | None]] = {}
        """Delivered path → the forecast of its target, and a file holding what it will hold, if that is known."""

    def forecast(self, known: Iterable[Known]) -> list[TargetForecast]:
        """In the order given."""
        forecasts = []
        for each in known:
            forecast = self._one(each.target, each.receipt)
            forecast.new = each.receipt is None
            forecasts.append(forecast)
        return forecasts

    def _one(self, target: Target, receipt: Receipt | None) -> TargetForecast:
        behind = {role: self._made[path] for role, path in target.sources.items() if path in self._made}
        moving = [
            f"{forecast.target.id} may change {role}" for role, (forecast, file) in behind.items() if file is None
        ]
        if moving:
            forecast = TargetForecast(target, Verdict.MAYBE, moving, self._as_last_time(receipt))
        elif receipt and receipt.holds(target, self._digests) and not _replaced(behind.values(), target):
            forecast = TargetForecast(target, Verdict.CURRENT)
        else:
            sources = {
                role: behind[role][1] or path if role in behind else path for role, path in target.sources.items()
            }
            return self._expanded(replace(target, sources=sources), target, receipt)
        for path in target.paths:
            self._made[path] = (forecast, path if forecast.verdict is Verdict.CURRENT else None)
        return forecast

    def _expanded(self, located: Target, target: Target, receipt: Receipt | None) -> TargetForecast:
        try:
            evaluation = evaluate(located, 0)
        except (StepError, OSError) as reason:
            forecast = TargetForecast(target, Verdict.RUN, [f"it cannot be laid out: {reason}"])
            self._made.update(dict.fromkeys(target.paths, (forecast, None)))
            return forecast
        steps = [self._step(node, receipt) for node in evaluation.nodes.values()]
        verdict = max((step.verdict for step in steps), key=list(Verdict).index, default=Verdict.HIT)
        if verdict is Verdict.HIT and all(self._delivered(evaluation, target, name) for name in target.outputs):
            forecast = TargetForecast(target, Verdict.CURRENT)
            self._made.update((path, (forecast, path)) for path in target.paths)
            return forecast
        reasons = [] if receipt else ["it was never made"]
        reasons += [f"{path} is gone" for path in target.paths if not path.exists()]
        forecast = TargetForecast(target, verdict, reasons or _told(steps), steps)
        for name, output in evaluation.wanted.items():
            outputs = evaluation.node(output.step).outputs
            file = self._store.blob(outputs[output.name]) if outputs else None
            self._made[target.folder / name] = (forecast, file)
        return forecast

    def _delivered(self, evaluation: Evaluation, target: Target, name: str) -> bool:
        path = target.folder / name
        return path.is_file() and self._digests.of(path) == evaluation.digest(evaluation.wanted[name])

    def _step(self, node: Node, receipt: Receipt | None) -> StepForecast:
        step = node.step
        seconds = self._durations.get(step.name)
        unknown = [role for role, item in step.inputs.items() if not self._known(node.evaluation, item)]
        if unknown:
            changes = [f"inputs.{role} may change" for role in unknown]
            return StepForecast(step.name, step.label, Verdict.MAYBE, changes, seconds, step.cost)
        node.key = key_of(step, input_digests(node, self._digests))
        record = self._store.lookup(node.key.id)
        node.outputs = record.outputs if record else None
        verdict = Verdict.HIT if record else Verdict.RUN
        return StepForecast(step.name, step.label, verdict, self._changes(node.key, node, receipt), seconds, step.cost)

    @staticmethod
    def _known(evaluation: Evaluation, item: Input) -> bool:
        return isinstance(item, File) or evaluation.node(item.step).outputs is not None

    def _changes(self, key: Key, node: Node, receipt: Receipt | None) -> list[str]:
        if receipt is None:
            return []
        same_name = [old for name, label, old in receipt.steps if (name, label) == (node.step.name, node.step.label)]
        if key.id in same_name:
            return []
        record = self._store.read(same_name[0]) if same_name else None
        return differences(record.spec, key.spec) if record else ["it is new"]

    def _as_last_time(self, receipt: Receipt | None) -> list[StepForecast]:
        return [
            StepForecast(name, label, Verdict.MAYBE, (), self._durations.get(name), self._cost(key))
            for name, label, key in (receipt.steps if receipt else [])
        ]

    def _cost(self, key: str) -> float:
        record = self._store.read(key)
        return record.cost if record else 0.0


def _replaced(behind: Iterable[tuple[TargetForecast, Path | None]], target: Target) -> bool:
    """Whether a source that will be delivered anew will then differ from the one there now."""
    return any(forecast.verdict is not Verdict.CURRENT for forecast, _ in behind) and bool(target.sources)


def _told(steps: Sequence[StepForecast]) -> list[str]:
    told = [f"{step.name} {step.label}: {change}".replace(" :", ":") for step in steps for change in step.changes]
    return told or ["a file or a recipe was touched, and makes no difference"]


def differences(old: object, new: object, path: str = "") -> list[str]:
    """Every field in which two key documents differ, as `path old → new`."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        found = []
        for name in sorted({*old, *new}):
            found += differences(old.get(name), new.get(name), f"{path}.{name}" if path else str(name))
        return found
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [each for place, pair in pairs for each in differences(*pair, f"{path}[{place}]")]
    if old == new:
        return []
    if path == "code" or path.startswith("uses"):
        return ["the recipe's code changed"]
    if path.startswith("inputs."):
        return [f"{path} holds something else" if old and new else f"{path} {'is new' if new else 'is gone'}"]
    return [f"{path} {_short(old)} → {_short(new)}"]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - what a line of a terminal has room for
