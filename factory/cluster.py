"""Steps on other machines: the executor of `doit -P dask`.

Dask carries the action and brings back the digests; bytes go through the store, which workers share with us (a common
folder, or each its own with one remote). So a lost worker or scheduler costs the steps that were running and no more.
The key of an action is Dask's key too: in the whole cluster it runs once. Only this module imports Dask.
"""

from __future__ import annotations

import contextlib
import sys
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from factory.digests import FileDigests
from factory.errors import FactoryError, StoreError
from factory.files import copy, ensure
from factory.jobs import Control
from factory.keys import fingerprint
from factory.notices import notice
from factory.processes import Children
from factory.receipt import recipe_files
from factory.remote import Remote, SharedStore
from factory.store import Store
from factory.workshop import InputMoved, Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factory.actions import Action, Result, Staged

_DEPARTURES = 3
"""How many workers may die under a step before it is the step's fault."""


@dataclass(frozen=True)
class Place:
    """Where a worker finds the store: `cache` as a folder, `remote` as a URL or empty."""

    cache: str
    remote: str


@contextlib.contextmanager
def connect(store: Store, place: Place, *, scheduler: str, local: int) -> Iterator[tuple[Executor, int]]:
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
        workers = _fit(client)
        slots = sum(
            worker["nthreads"] for name, worker in client.scheduler_info(-1)["workers"].items() if name in workers
        )
        yield DaskExecutor(client, workers, store, place), slots


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

    def __init__(self, client: Any, workers: list[str], store: Store, place: Place) -> None:
        self._client = client
        self._workers = workers
        self._store = store
        self._place = place

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send an action. `fn` is a local workshop's `perform`; a worker has a workshop of its own."""
        del fn, kwargs
        action: Action = args[0]
        done: Future[Result] = Future()
        done.set_running_or_notify_cancel()
        try:
            inputs = {role: self._shipped(staged) for role, staged in action.inputs.items()}
        except (OSError, FactoryError) as reason:
            done.set_exception(reason)
            return done
        sent = self._client.submit(
            perform,
            replace(action, inputs=inputs),
            self._place,
            key=f"{action.name}-{action.key.id}-{action.attempt}-{uuid4().hex if action.force else ''}",
            pure=False,
            workers=self._workers,
            retries=_DEPARTURES,
        )
        sent.add_done_callback(lambda ended: _pass_on(ended, done))
        return done

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


def _pass_on(ended: Any, done: Future[Result]) -> None:
    if ended.status == "finished":
        done.set_result(ended.result())
    else:
        error = ended.exception() if ended.status == "error" else StoreError("the cluster dropped the step")
        done.set_exception(error)


def perform(action: Action, place: Place) -> Result:
    """Carry out an action on a worker."""
    workshop, children = _workshop(place)
    result = workshop.perform(action, Control(children, lambda _: None, lambda *_, **__: None))
    workshop.store.flush()  # whoever reads the outputs next may be on another machine
    return result


@cache
def _workshop(place: Place) -> tuple[Workshop, Children]:
    """A worker process's own, for as long as it lives."""
    root, digests = Path(place.cache), FileDigests()
    store = SharedStore(root, digests, Remote(place.remote)) if place.remote else Store(root, digests)
    return Workshop(root, store, digests, root / "runs" / "workers"), Children()
