"""Steps on other machines: the executor of `doit -P dask`.

Dask carries the action and brings back the digests; bytes go through the store, which workers share with us (a common
folder, or each its own with one remote). So a lost worker or scheduler costs the steps that were running and no more.
The key of an action is Dask's key too: in the whole cluster it runs once. Only this module imports Dask.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections import Counter
from concurrent.futures import Executor, Future
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from factory.digests import FileDigests
from factory.errors import FactoryError, StoreError
from factory.files import copy, ensure
from factory.jobs import Control, Progress, outlived
from factory.keys import fingerprint
from factory.notices import notice
from factory.processes import Children
from factory.receipt import recipe_files
from factory.remote import Remote, SharedStore
from factory.store import Store
from factory.workshop import InputMoved, Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from factory.actions import Action, Result, Staged
    from factory.step import Json

WORKER_CACHE = "CONTENT_FACTORY_CACHE"
"""The environment variable that gives a worker a cache folder of its own, where it does not share ours."""
_DEPARTURES = 3
"""How many workers may die under a step before it is the step's fault."""


@dataclass(frozen=True)
class Place:
    """Where a worker finds the store: `cache` as a folder, `remote` as a URL or empty."""

    cache: str
    remote: str


@contextlib.contextmanager
def connect(store: Store, place: Place, *, scheduler: str, local: int) -> Iterator[tuple[DaskExecutor, int]]:
    """An executor over the scheduler at an address, or over `local` worker processes of our own; and its slots."""
    try:
        import distributed  # noqa: PLC0415 - half a second, for those who ask for it
    except ImportError:
        raise FactoryError("`-P dask` needs Dask: uv run --extra cluster doit -P dask …") from None
    if not scheduler and not local:
        raise FactoryError("say where the cluster is: --scheduler tcp://host:8786, or --local-cluster N to try it here")
    with contextlib.ExitStack() as last:
        dask: Any = distributed  # it ships no types
        if local:
            address = last.enter_context(
                dask.LocalCluster(n_workers=local, threads_per_worker=1, dashboard_address=None, silence_logs=50)
            )
        else:
            address = scheduler
        try:
            client = last.enter_context(dask.Client(address, timeout="10s", set_as_default=False))
        except OSError as reason:
            raise FactoryError(f"no Dask scheduler answers at {scheduler}: {reason}") from None
        names = _fit(client)
        workers = {name: about for name, about in client.scheduler_info(-1)["workers"].items() if name in names}
        yield DaskExecutor(client, workers, store, place), sum(about["nthreads"] for about in workers.values())


def _fit(client: Any) -> list[str]:
    """The workers that would make the same bytes as we; the others are named with the reason."""
    ours = identity()
    fit = []
    for name, theirs in client.run(identity).items():
        if theirs == ours:
            fit.append(name)
        else:
            wrong = sorted(part for part in ours if theirs.get(part) != ours[part])
            notice(f"the worker {name} is not used: it has other {' and other '.join(wrong)}")
    if not fit:
        raise FactoryError("no worker of the cluster can be used: install the same versions there as here")
    return fit


def identity() -> dict[str, str]:
    """What must be the same on two machines for their results to be."""
    packages = sorted(f"{each.name}=={each.version}" for each in distributions())
    recipes = sorted(f"{path.name} {FileDigests().of(path)}" for path in recipe_files())
    return {"Python": sys.version, "packages": fingerprint(packages), "recipes": fingerprint(recipes)}


class DaskExecutor(Executor):
    """The seam of `concurrent.futures`: what the scheduler submits to threads, it submits to a cluster here."""

    def __init__(self, client: Any, workers: Mapping[str, Any], store: Store, place: Place) -> None:
        self._client = client
        self._workers = list(workers)
        self._store = store
        self._place = place
        self._controls: dict[str, Control] = {}
        self._topic = f"content-factory-{uuid4().hex}"
        client.subscribe_topic(self._topic, self._hear)
        self.pools: Counter[str] = Counter()
        """The pools workers declare as resources (`dask worker --resources encode=2`), and what all have together."""
        for about in workers.values():
            self.pools.update({pool: int(amount) for pool, amount in about["resources"].items()})

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send an action. `fn` is a local workshop's `perform`; a worker has a workshop of its own."""
        del fn, kwargs
        action: Action
        control: Control
        action, control = args
        done: Future[Result] = Future()
        done.set_running_or_notify_cancel()
        try:
            inputs = {role: self._shipped(staged) for role, staged in action.inputs.items()}
        except (OSError, FactoryError) as reason:
            done.set_exception(reason)
            return done
        ticket = uuid4().hex
        sent = self._client.submit(
            perform,
            replace(action, inputs=inputs),
            self._place,
            Ticket(ticket, self._topic),
            resources={action.pool: 1} if action.pool in self.pools else None,
            key=f"{action.name}-{action.key.id}-{action.attempt}-{uuid4().hex if action.force else ''}",
            pure=False,
            workers=self._workers,
            retries=_DEPARTURES,
        )
        self._controls[ticket] = control

        def ended(sent: Any) -> None:
            self._controls.pop(ticket, None)
            _pass_on(sent, done, control)

        def stop(reason: Exception) -> None:
            self._client.run(stop_step, ticket, reason, on_error="ignore", workers=self._workers)
            sent.cancel()

        control.away = stop
        sent.add_done_callback(ended)
        return done

    def _hear(self, event: tuple[float, Mapping[str, Any]]) -> None:
        """What a step says on a worker, said here."""
        _, said = event
        control = self._controls.get(said["ticket"])
        if control is None:
            return
        if "done" in said:
            control.tell(Progress(said["done"], said["total"], said["fps"]))
        else:
            control.log(said["event"], **said["fields"])

    def _shipped(self, staged: Staged) -> Staged:
        """An input that any worker can find: a file of the project is put in the store, too."""
        if staged.path is None:
            return staged
        if self._store.local(staged.digest) is None:
            folder = self._store.root / "tmp"
            ensure(folder)
            arriving = folder / f"{staged.digest.sha256}-{uuid4().hex}"
            try:
                copy(staged.path, arriving)
                if FileDigests().of(arriving) != staged.digest:
                    raise InputMoved(staged.path)
                self._store.add(arriving, staged.digest)
            finally:
                arriving.unlink(missing_ok=True)
        if isinstance(self._store, SharedStore):
            self._store.share(staged.digest)
        return replace(staged, path=None)


def _pass_on(sent: Any, done: Future[Result], control: Control) -> None:
    if sent.status == "finished":
        done.set_result(sent.result())
    elif sent.status == "error":
        done.set_exception(sent.exception())
    else:
        lost = StoreError("the cluster lost the step: was its scheduler stopped? What was finished is kept")
        done.set_exception(control.reason or lost)


@dataclass(frozen=True)
class Ticket:
    """One run of an action on a worker: its name, and the Dask topic on which it tells what it does."""

    id: str
    topic: str


_RUNNING: dict[str, Control] = {}
"""Ticket → how to reach the step, on a worker."""


def perform(action: Action, place: Place, ticket: Ticket) -> Result:
    """Carry out an action on a worker. Its time runs from here on, not from when it was queued."""
    from distributed import get_worker  # noqa: PLC0415 - as in connect

    workshop, children = _workshop(place)
    worker: Any = get_worker()  # it ships no types

    def tell(progress: Progress) -> None:
        worker.log_event(ticket.topic, {"ticket": ticket.id, **asdict(progress)})

    def log(event: str, **fields: Json) -> None:
        worker.log_event(ticket.topic, {"ticket": ticket.id, "event": event, "fields": fields})

    control = _RUNNING[ticket.id] = Control(children, tell, log)
    limit = action.timeout or threading.TIMEOUT_MAX
    timer = threading.Timer(limit, control.stop, [outlived(action.name, limit)])
    timer.daemon = True
    timer.start()
    try:
        result = workshop.perform(action, control)
    finally:
        timer.cancel()
        del _RUNNING[ticket.id]
    workshop.store.flush()  # whoever reads the outputs next may be on another machine
    return result


def stop_step(ticket: str, reason: Exception) -> None:
    """End a step, if it runs on this worker. Answers at once: ending a program may take seconds."""
    control = _RUNNING.get(ticket)
    if control is not None:
        threading.Thread(target=control.stop, args=[reason], daemon=True).start()


@cache
def _workshop(place: Place) -> tuple[Workshop, Children]:
    """A worker process's own, for as long as it lives."""
    root, digests = Path(os.environ.get(WORKER_CACHE) or place.cache), FileDigests()
    store = SharedStore(root, digests, Remote(place.remote)) if place.remote else Store(root, digests)
    return Workshop(root, store, digests, root / "runs" / "workers"), Children()
