"""doit's runner, driving our scheduler: doit says which targets come next, the scheduler makes several at a time."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from doit.exceptions import BaseFail, TaskFailed, UnmetDependency
from doit.runner import ERROR, FAILURE, Runner
from doit.task import Stream

from factory.errors import Cancelled, StepError
from factory.evaluation import Evaluation, begin
from factory.loader import Make
from factory.lookahead import LookAhead
from factory.receipt import Receipt
from factory.report.events import BuildEnded, BuildStarted, TargetFinished, TargetRerouted, TargetRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from doit.control import ExecNode, TaskDispatcher
    from doit.dependency import Dependency
    from doit.task import Task

    from factory.backend import WalBackend
    from factory.digests import FileDigests
    from factory.report.events import Listener
    from factory.scheduler import Scheduler
    from factory.target import Target

_LAST_WORDS = 4.0
"""Seconds a stopped build waits for its steps before it leaves without them."""


class SilentReporter:
    """doit's reporter protocol, unheard: our own reports listen to events."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_kwargs: None


class FactoryRunner(Runner):  # type: ignore[misc]  # doit ships no types
    """One build. `run_all` answers with doit's exit code: 0 well, 1 a target failed, 2 the engine did."""

    def __init__(
        self,
        dep_manager: Dependency,
        scheduler: Scheduler,
        digests: FileDigests,
        listener: Listener,
        *,
        continue_: bool,
        always: bool,
    ) -> None:
        super().__init__(dep_manager, SilentReporter(), continue_, always, Stream(0))
        self._scheduler = scheduler
        self._digests = digests
        self._tell = listener
        self._backend: WalBackend = dep_manager.backend
        self._nodes: dict[Evaluation, ExecNode] = {}
        self._orders: dict[str, int] = {}
        self.stopped = False

    def run_tasks(self, task_dispatcher: TaskDispatcher) -> None:
        """Make everything selected; returns when nothing more can be done."""
        began = time.monotonic()
        tasks = task_dispatcher.tasks
        leaves = [name for name in task_dispatcher.selected_tasks if target_of(tasks[name])]
        for name in leaves:
            self._orders.setdefault(name.partition(":")[2], len(self._orders))
        targets = [target for task in reached(tasks, task_dispatcher.selected_tasks) if (target := target_of(task))]
        self._tell(BuildStarted([target.id for target in targets], leaves))
        self._ahead = LookAhead(self._scheduler, self._digests, targets, self._order)
        try:
            self._drive(task_dispatcher)
        finally:
            self._scheduler.drain(_LAST_WORDS if self.stopped else float("inf"))
            self._tell(BuildEnded(time.monotonic() - began, stopped=self.stopped))

    def stop(self) -> None:
        """End the build soon. Safe in a signal handler."""
        self.stopped = self._stop_running = True
        self._scheduler.stop()

    def _drive(self, dispatcher: TaskDispatcher) -> None:
        ended: deque[ExecNode] = deque()
        more = True
        while not self._stop_running:
            while more and not self._stop_running and (ended or self._scheduler.hungry):
                try:
                    node = dispatcher.generator.send(ended.popleft() if ended else None)
                except StopIteration:
                    more = False
                    break
                if node != "hold on":
                    ended.extend(self._begin(node, dispatcher.tasks))
                elif not ended:
                    break  # all that is left waits for what is running
            if not self._scheduler.busy:
                return
            for evaluation in self._scheduler.wait():
                ended.extend(self._end(evaluation))
            for path, written in self._scheduler.deliveries():
                self._ahead.delivered(path, written=written)

    def _order(self, target: Target) -> int:
        return self._orders.get(target.name, len(self._orders))

    def _begin(self, node: ExecNode, tasks: dict[str, Task]) -> list[ExecNode]:
        """Start a task; it comes back at once if there is nothing to wait for."""
        task = node.task
        task.digests = self._digests
        target = target_of(task)
        if not self.select_task(node, tasks):
            if target is not None:
                self._ahead.drop(target)
            if target is not None and node.run_status == "up-to-date":
                self._ahead.settle(target)
                self._tell(TargetFinished(TargetRun(target.id, "current", target.paths)))
            return [node]
        if target is None:
            self.process_task_result(node, self.execute_task(task))
            return [node]
        return self._start(node, target)

    def _start(self, node: ExecNode, target: Target, way: int = 0) -> list[ExecNode]:
        """Lay a target out and have it made; its task comes back at once if that cannot be."""
        try:
            evaluation = self._ahead.claim(target) or begin(target, self._order(target), self._digests, way=way)
        except OSError as reason:
            self._failed(node, TargetRun(target.id, "failed", error=StepError(f"{reason.filename}: {reason.strerror}")))
            return [node]
        except StepError as reason:
            self._failed(node, TargetRun(target.id, "failed", error=reason))
            return [node]
        self._nodes[evaluation] = node
        self._scheduler.submit(evaluation)
        return []

    def _end(self, evaluation: Evaluation) -> list[ExecNode]:
        """What a target has come to; nothing, if it failed and there is another way to make it."""
        node, target = self._nodes.pop(evaluation), evaluation.target
        if evaluation.error is not None:
            ways = list(target.otherwise)[evaluation.way :]
            if ways and not isinstance(evaluation.error, Cancelled):
                self._tell(TargetRerouted(target.id, ways[0], evaluation.error, evaluation.failed))
                return self._start(node, target, evaluation.way + 1)
            run = TargetRun(target.id, "failed", error=evaluation.error, step=evaluation.failed)
            self._failed(node, run)
            return [node]
        receipt = Receipt.of(evaluation, self._digests)
        if receipt is not None:
            node.task.values = {"receipt": asdict(receipt)}
            self.process_task_result(node, None)
            self._backend.commit(node.task.name)
        else:
            node.run_status = "successful"
        self._tell(TargetFinished(_target_run(evaluation)))
        return [node]

    def _failed(self, node: ExecNode, run: TargetRun) -> None:
        assert run.error is not None  # noqa: S101 - the callers have just set it
        self._handle_task_error(node, TaskFailed(str(run.error)), run)

    def _handle_task_error(self, node: ExecNode, base_fail: BaseFail, run: TargetRun | None = None) -> None:
        """As doit's, but a failed task keeps its last receipt (for `why`), and stopping is not a failure to report."""
        node.run_status = "failure"
        skipped = isinstance(base_fail, UnmetDependency)
        error = StepError(f"it needs {base_fail.message}" if skipped else base_fail.get_msg().strip())
        run = run or TargetRun(node.task.name, "skipped" if skipped else "failed", error=error)
        if not isinstance(run.error, Cancelled):
            self._tell(TargetFinished(run))
        mere_failure = isinstance(base_fail, TaskFailed | UnmetDependency) and self.final_result != ERROR
        self.final_result: int = FAILURE if mere_failure else ERROR
        if not self.continue_:
            self._stop_running = True


def reached(tasks: Mapping[str, Task], selected: Iterable[str]) -> list[Task]:
    """The tasks selected and all they need; the others (checks nobody asked for) are not this build's."""
    waiting, found = list(selected), dict[str, Any]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = tasks[name]
            waiting += [*found[name].task_dep, *found[name].setup_tasks]
    return list(found.values())


def target_of(task: Task) -> Target | None:
    """The target a task stands for; None for a group, or a task of the user's own."""
    actions = task._actions  # noqa: SLF001 - `actions` would wrap ours in one of doit's
    return actions[0].target if len(actions) == 1 and isinstance(actions[0], Make) else None


def _target_run(evaluation: Evaluation) -> TargetRun:
    ran = evaluation.ran
    outcome = "built" if ran else "cached" if evaluation.delivered else "current"
    saved = sum(node.seconds for node in evaluation.nodes.values() if not node.ran)
    return TargetRun(evaluation.target.id, outcome, evaluation.target.paths, saved if outcome != "current" else 0.0)
