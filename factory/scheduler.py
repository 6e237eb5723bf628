"""Makes targets: keys bottom-up, asks the store first, runs what is missing, delivers.

One thread (the caller's) owns every decision here; workers only perform actions and report back through a queue. So
there is nothing to lock, and a step's key, the store's answer, retries and stopping are decided in one place.

A step is keyed when its inputs' *contents* are known, so a step that ran again and made the same bytes cuts the
rebuild short right there. Two steps with one key are one flight, wherever in the build they stand.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from factory.budget import Budget, TooDear
from factory.delivery import Lost, deliver
from factory.errors import Cancelled, FactoryError, StepError, Transient
from factory.evaluation import Evaluation, Node, action_of, input_digests
from factory.flight import Flight, backoff, run_of
from factory.jobs import Control, Progress, stopped
from factory.keys import key_of
from factory.machine import cores
from factory.patience import Patience
from factory.pools import Pools
from factory.report.events import (
    StepDropped,
    StepFailed,
    StepFinished,
    StepLogged,
    StepProgressed,
    StepRetried,
    StepRun,
    StepStarted,
)
from factory.step import Output
from factory.workshop import BlobLost, InputMoved, Workshop

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from factory.actions import Action, Result
    from factory.digests import Digest
    from factory.processes import Children
    from factory.report.events import Listener

MIN_THREADS = 2
"""A step's tools get at least two threads: x264 makes the same bytes with two or more, but not with one."""
_MOST_MOVES = 5
_TICK = 0.5
"""Seconds between two looks at the clock while nothing happens."""


class Scheduler:
    """Drives evaluations to their end on an executor. Call it from one thread; only `stop` may come from elsewhere."""

    def __init__(
        self,
        workshop: Workshop,
        executor: Executor,
        children: Children,
        listener: Listener,
        *,
        slots: int,
        limits: Mapping[str, int],
        force: bool = False,
        max_cost: float | None = None,
    ) -> None:
        self._workshop = workshop
        self._store = workshop.store
        self._digests = workshop.digests
        self._executor = executor
        self._children = children
        self._tell = listener
        self._force = force
        self._pools: Pools[Flight] = Pools(slots, limits)
        self._budget = Budget(max_cost)
        self._flights: dict[str, Flight] = {}
        self._airborne: set[Flight] = set()
        self._left_behind = False
        self._patience = Patience()
        self._events: SimpleQueue[tuple[Flight, Future[Result]] | None] = SimpleQueue()
        self._delayed: list[tuple[float, int, Flight]] = []
        self._serial = itertools.count()
        self._ready: deque[Node] = deque()
        self._finished: list[Evaluation] = []
        self._delivered: list[tuple[Path, bool]] = []
        self._under_way: set[Evaluation] = set()
        self._stopping = False
        self._draining = False

    @property
    def hungry(self) -> bool:
        """Whether there is room for another target: what waits would keep the machine busy for a moment only."""
        return not self._stopping and (not self._under_way or self._pools.waiting < 2 * self._pools.slots)

    @property
    def busy(self) -> bool:
        """Whether any target is under way."""
        return bool(self._under_way or self._finished)

    @property
    def idle(self) -> bool:
        """Whether no step is running any more, not even one that was left behind."""
        return not (self._airborne or self._left_behind)

    def submit(self, evaluation: Evaluation, *, ahead: bool = False) -> None:
        """Begin a target; it comes back from `wait` when it is made or has failed.

        One begun `ahead` does so only when it has been submitted once more, as one that is due.
        """
        evaluation.ahead = ahead
        if evaluation.done or evaluation.error is not None:
            self._finished.append(evaluation)
            return
        if not ahead:
            self._under_way.add(evaluation)
        self._ready.extend(evaluation.nodes.values())
        self._dispatch()

    def supply(self, evaluation: Evaluation, path: Path) -> None:
        """A file that steps of a target have waited for is there."""
        evaluation.awaited.discard(path)
        self._ready.extend(evaluation.nodes.values())

    def abandon(self, evaluation: Evaluation) -> None:
        """A target begun ahead is not wanted after all: what runs for it ends, and nothing more is started."""
        evaluation.error = evaluation.error or stopped()

    def wait(self) -> list[Evaluation]:
        """All targets that have ended, once one has; none, when a file was delivered or another should be begun."""
        full = not self.hungry
        while not (self._finished or self._delivered) and self._under_way and not (full and self.hungry):
            self._turn()
        finished, self._finished = self._finished, []
        return finished

    def deliveries(self) -> list[tuple[Path, bool]]:
        """The files delivered since this was asked last, and whether each had to be written."""
        delivered, self._delivered = self._delivered, []
        return delivered

    def drain(self, timeout: float = float("inf")) -> None:
        """Start nothing more and let the running steps end: their work is kept even if their target has failed."""
        self._pools.clear()
        self._delayed.clear()
        self._ready.clear()
        self._draining = True
        until = time.monotonic() + timeout
        while self._airborne and time.monotonic() < until:
            self._turn()

    def stop(self) -> None:
        """End everything. Safe in a signal handler: it only leaves a note, which `wait` acts upon at once."""
        self._stopping = True
        self._events.put(None)

    # --- one turn of the loop

    def _turn(self) -> None:
        if self._budget.due and not (self._airborne or self._delayed or self._pools.waiting):
            self._pay()
            return
        now = time.monotonic()
        until = min([now + _TICK, *(when for when, _, _ in self._delayed[:1])])
        try:
            event = self._events.get(timeout=max(0.0, until - now))
        except Empty:
            event = None
        if event is not None:
            self._landed(*event)
        if self._stopping and self._under_way:
            self._stop()
        self._watch_clock()
        self._dispatch()

    def _watch_clock(self) -> None:
        now = time.monotonic()
        while self._delayed and self._delayed[0][0] <= now:
            flight = heapq.heappop(self._delayed)[2]
            self._queue(flight)
        self._patience.look()
        for flight in tuple(self._airborne):
            assert flight.control is not None  # noqa: S101 - given before it becomes airborne
            if (reason := self._patience.ends(flight)) is not None:
                flight.control.stop(reason)
            elif self._patience.leaves(flight) and flight.control.reason is not None:
                self._left_behind = True
                self._trouble(flight, self._down(flight), flight.control.reason)

    def _stop(self) -> None:
        self._pools.clear()
        self._delayed.clear()
        self._children.stop()
        for flight in self._airborne:
            if flight.control is not None:
                flight.control.abandon(stopped())
        for evaluation in list(self._under_way):
            self._fail(evaluation, None, stopped())

    def _pay(self) -> None:
        """Nothing is left to do that is free: buy the rest, or fail what needs it."""
        try:
            for flight in self._budget.settle():
                self._queue(flight)
        except TooDear as reason:
            for flight in self._budget.clear():
                self._flights.pop(flight.key.id, None)
                for node in flight.nodes:
                    node.flying = False
                    self._fail(node.evaluation, None, reason)
        self._dispatch()

    # --- from a node to a flight

    def _key(self, node: Node) -> None:
        if not node.ready:
            return
        step = node.step
        try:
            inputs = input_digests(node, self._digests)
            node.evaluation.note(step, inputs, self._digests)
            key = node.key = key_of(step, inputs)
        except OSError as reason:
            self._fail(node.evaluation, None, StepError(f"{step.name}: {reason.filename}: {reason.strerror}"))
            return
        except (TypeError, ValueError) as reason:
            self._fail(node.evaluation, None, StepError(f"{step.name}: {reason}", hint="this is a fault in the recipe"))
            return
        flight = self._flights.get(key.id)
        if flight is not None:
            node.flying = True
            flight.nodes.append(node)
            return
        look = self._store.find if self._budget.counts(step) else self._store.lookup
        record = None if self._force or node.doubted else look(key.id)
        if record is not None:
            self._tell(StepFinished(run_of(node, key, next(self._serial), how="cached", seconds=record.seconds)))
            self._made(node, record.outputs, record.seconds, ran=False)
            return
        node.flying = True
        flight = self._flights[key.id] = Flight(key, [node], step.pool)
        if not self._budget.holds(flight):
            self._queue(flight)

    def _queue(self, flight: Flight) -> None:
        self._pools.add(flight.pool, min(node.evaluation.order for node in flight.nodes), flight)

    def _dispatch(self) -> None:
        while self._ready:
            self._key(self._ready.popleft())
        while not (self._stopping or self._draining) and (flight := self._pools.take()):
            if flight.alive:
                self._launch(flight)
            else:
                self._pools.release(flight.pool)
                self._flights.pop(flight.key.id, None)

    def _launch(self, flight: Flight) -> None:
        node = flight.nodes[0]
        run = flight.run = run_of(node, flight.key, next(self._serial), how="ran", attempt=flight.attempt)
        action = self._action(flight, node)
        run.log, run.scratch = self._workshop.log_of(action), self._workshop.failed_folder(action)

        def tell(progress: Progress) -> None:
            self._patience.hear(flight, progress)
            self._tell(StepProgressed(run, progress))

        flight.control = Control(
            self._children,
            tell=tell,
            log=lambda event, **fields: self._tell(StepLogged(run, event, fields)),
        )
        self._patience.begin(flight)
        self._airborne.add(flight)
        self._tell(StepStarted(run))
        future = self._executor.submit(self._workshop.perform, action, flight.control)
        future.add_done_callback(lambda done: self._events.put((flight, done)))

    def _action(self, flight: Flight, node: Node) -> Action:
        share = min(self._pools.slots, self._pools.running + self._pools.waiting) or 1
        return action_of(
            node,
            self._digests,
            threads=max(MIN_THREADS, cores() // share),
            attempt=flight.attempt,
            force=self._force or any(waiting.doubted for waiting in flight.nodes),
        )

    # --- what came of a flight

    def _landed(self, flight: Flight, future: Future[Result]) -> None:
        if flight not in self._airborne:
            return  # it was left behind, and came back after all
        run = self._down(flight)
        error = future.exception()
        if error is None:
            result = future.result()
            run.how, run.seconds = ("ran" if result.ran else "cached"), result.seconds
            self._tell(StepFinished(run))
            del self._flights[flight.key.id]
            for number, node in enumerate(flight.nodes):
                self._made(node, result.outputs, result.seconds, ran=result.ran and number == 0)
            return
        self._trouble(flight, run, error)

    def _down(self, flight: Flight) -> StepRun:
        run = flight.run
        assert run is not None  # noqa: S101 - a flight is launched before it lands
        self._airborne.discard(flight)
        self._pools.release(flight.pool)
        run.ended = time.time()
        return run

    def _trouble(self, flight: Flight, run: StepRun, error: BaseException) -> None:
        step = flight.nodes[0].step
        if self._stopping and not isinstance(error, Cancelled):
            error = stopped()
        run.error, run.seconds = error, run.ended - run.began
        if isinstance(error, Transient) and flight.attempt < step.attempts and flight.alive:
            delay = backoff(flight.attempt, error.retry_after)
            self._tell(StepRetried(run, delay))
            flight.attempt += 1
            heapq.heappush(self._delayed, (time.monotonic() + delay, next(self._serial), flight))
            return
        del self._flights[flight.key.id]
        for node in flight.nodes:
            node.flying = False
        if isinstance(error, BlobLost):
            self._tell(StepDropped(run))
            for node in flight.nodes:
                self._remake(node, error.digest)
            return
        if isinstance(error, InputMoved) and all(node.moves < _MOST_MOVES for node in flight.nodes):
            self._tell(StepDropped(run))
            for node in flight.nodes:
                node.moves += 1
            self._ready.extend(flight.nodes)
            return
        if not isinstance(error, FactoryError):
            error = StepError(f"{type(error).__name__}: {error}", hint="this is a fault in the engine")
        self._tell(StepFailed(run))
        for node in flight.nodes:
            self._fail(node.evaluation, run, error)

    def _made(self, node: Node, outputs: Mapping[str, Digest], seconds: float, *, ran: bool) -> None:
        evaluation = node.evaluation
        node.outputs, node.seconds, node.ran, node.flying = outputs, seconds, node.ran or ran, False
        if evaluation.error is not None or evaluation.done:
            return
        self._ready.extend(node.dependents)
        self._deliver(node)

    def _remake(self, node: Node, lost: Digest) -> None:
        """An output was known by its record alone, and its bytes turn out to be gone: make it again."""
        for item in node.step.inputs.values():
            if isinstance(item, Output):
                producer = node.evaluation.node(item.step)
                if producer.outputs is not None and producer.outputs[item.name] == lost:
                    self._forget(producer)
        self._ready.append(node)

    def _forget(self, producer: Node) -> None:
        producer.outputs, producer.doubted = None, True
        if producer.key is not None:
            self._store.forget(producer.key.id)
        self._ready.append(producer)

    # --- the files of a target, and its end

    def _deliver(self, node: Node) -> None:
        evaluation = node.evaluation
        try:
            self._delivered.extend(deliver(node, self._store, self._digests))
        except Lost:
            self._forget(node)
            return
        except OSError as reason:
            self._fail(evaluation, None, StepError(f"{reason.filename} cannot be written: {reason.strerror}"))
            return
        if evaluation.complete:
            evaluation.done = True
            self._end(evaluation)

    def _fail(self, evaluation: Evaluation, run: StepRun | None, error: Exception) -> None:
        if evaluation.error is None and not evaluation.done:
            evaluation.error, evaluation.failed = error, run
            self._end(evaluation)

    def _end(self, evaluation: Evaluation) -> None:
        self._under_way.discard(evaluation)
        if not evaluation.ahead:
            self._finished.append(evaluation)
