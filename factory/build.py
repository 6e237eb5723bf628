"""One build, put together: state, store, workers and reports around doit's task list."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from factory import machine
from factory.code import remembering
from factory.digests import FileDigests
from factory.loader import CACHE
from factory.overlay import Overlay, workable
from factory.pools import API_LIMIT
from factory.processes import Children
from factory.receipt import recipes
from factory.runner import FactoryRunner
from factory.scheduler import Scheduler
from factory.settings import Settings, load_settings
from factory.store import Store
from factory.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

    from doit.control import TaskDispatcher
    from doit.dependency import Dependency

    from factory.backend import WalBackend
    from factory.report.events import Listener

_SPARE = 8 * API_LIMIT
"""Workers beyond `-n`, for steps that only wait for a service."""


@dataclass(frozen=True)
class Cluster:
    """Other machines to build on: the address of their scheduler, or a number of worker processes of our own."""

    scheduler: str
    local: int


def build(
    dep_manager: Dependency,
    dispatcher: TaskDispatcher,
    *,
    jobs: int,
    continue_: bool,
    always: bool,
    max_cost: float | None = None,
    cluster: Cluster | None = None,
) -> int:
    """Make what the dispatcher has selected and say so. Answers with the exit code: 128 + signal if it was stopped."""
    root = Path.cwd()
    cache, settings = CACHE.absolute(), load_settings(root)
    backend: WalBackend = dep_manager.backend
    digests = FileDigests(backend.state)
    dep_manager.checker.digests = digests
    with contextlib.ExitStack() as last:
        folder = last.enter_context(workable(cache))
        last.enter_context(remembering(folder / "code.json", recipes(digests)))
        run_folder = folder / "runs" / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.getpid()}"
        store = _store(cache, folder, digests, settings)
        workshop = Workshop(folder, store, digests, run_folder / "steps")
        last.callback(workshop.close)
        last.callback(store.close)
        children = Children()
        last.callback(children.close)
        executor, slots, pools = _executor(jobs, cluster, store, settings, last)
        listener = _reports(root, run_folder, backend)
        scheduler = Scheduler(
            workshop,
            executor,
            children,
            listener,
            slots=slots,
            limits=pools,
            force=always,
            max_cost=max_cost,
        )
        runner = FactoryRunner(dep_manager, scheduler, digests, listener, continue_=continue_, always=always)
        last.callback(lambda: executor.shutdown(wait=scheduler.idle, cancel_futures=True))
        with _stopping(runner) as stopped:
            code = int(runner.run_all(dispatcher))
        if stopped:
            code = 128 + stopped[0]
            if not scheduler.idle:
                children.close()
                _leave(code)
    if not scheduler.idle:
        _leave(code)
    return code


def _leave(code: int) -> NoReturn:
    """End the process with a step still in it that does not listen: Python would wait for its thread for ever."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _executor(
    jobs: int, cluster: Cluster | None, store: Store, settings: Settings, last: contextlib.ExitStack
) -> tuple[Executor, int, Mapping[str, int]]:
    """What runs the steps, how many at once, and how many of each pool."""
    if cluster is None:
        slots = jobs or machine.workers()
        return ThreadPoolExecutor(slots + _SPARE, thread_name_prefix="step"), slots, settings.pools
    from factory.cluster import Place, connect  # noqa: PLC0415 - brings in Dask

    place = Place(str(store.root), settings.remote)
    executor, slots = last.enter_context(connect(store, place, scheduler=cluster.scheduler, local=cluster.local))
    return executor, jobs or slots, {**settings.pools, **executor.pools}


def _store(cache: Path, folder: Path, digests: FileDigests, settings: Settings) -> Store:
    if folder != cache:
        return Overlay(folder, digests, Store(cache, digests))
    if not settings.remote:
        return Store(cache, digests)
    from factory.remote import Remote, SharedStore  # noqa: PLC0415 - a tenth of a second most builds need not pay

    return SharedStore(cache, digests, Remote(settings.remote))


def _reports(root: Path, run_folder: Path, backend: WalBackend) -> Listener:
    from rich.console import Console  # noqa: PLC0415 - 60 ms that other commands need not pay

    from factory.report.events import chorus  # noqa: PLC0415
    from factory.report.history import History  # noqa: PLC0415
    from factory.report.journal import Journal  # noqa: PLC0415
    from factory.report.results import ResultsWriter, prune  # noqa: PLC0415
    from factory.report.summary import Summary  # noqa: PLC0415
    from factory.report.terminal import Terminal  # noqa: PLC0415
    from factory.report.trace import Trace  # noqa: PLC0415

    prune(run_folder.parent)
    console = Console()
    listeners: list[Listener] = [
        Journal(run_folder / "log.jsonl"),
        Trace(run_folder / "trace.json"),
        ResultsWriter(run_folder),
        History(backend.state),
    ]
    if console.is_terminal:
        listeners.append(Terminal(console, backend.state.durations()))
    return chorus(*listeners, Summary(console, root, run_folder, lines=not console.is_terminal))


@contextlib.contextmanager
def _stopping(runner: FactoryRunner) -> Iterator[list[int]]:
    """Turn the first Ctrl-C or SIGTERM into a gentle stop; the list then holds its number. The second is not gentle."""
    received: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        signal.signal(number, before[signal.Signals(number)])
        runner.stop()

    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
