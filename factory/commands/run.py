"""`doit` and `doit run`: make what has changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doit.cmd_run import Run as DoitRun
from doit.cmd_run import opt_always, opt_continue, opt_num_process

from factory import stamp
from factory.digests import Signature, signature
from factory.errors import FactoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doit.cmdparse import DefaultUpdate

    from factory.backend import WalBackend

_STAMP = Path("cache", "stamp")

_WHERE = {
    "name": "par_type",
    "short": "P",
    "long": "parallel-type",
    "type": str,
    "default": "thread",
    "choices": (("thread", "on this machine"), ("dask", "on a Dask cluster")),
    "help": "where steps run [default: %(default)s]",
}
_SCHEDULER = {
    "name": "scheduler",
    "short": "",
    "long": "scheduler",
    "type": str,
    "default": "",
    "help": "with -P dask: the address of the cluster, tcp://host:8786",
}
_LOCAL = {
    "name": "local_cluster",
    "short": "",
    "long": "local-cluster",
    "type": int,
    "default": 0,
    "help": "with -P dask: begin a cluster of so many worker processes here, to try it",
}
SELECT = {
    "name": "select",
    "short": "",
    "long": "select",
    "type": str,
    "default": "",
    "help": "only targets in a state: state:modified, state:new, result:error…; with + all made from them, too",
}
_MAX_COST = {
    "name": "max_cost",
    "short": "",
    "long": "max-cost",
    "type": float,
    "default": None,
    "help": "US dollars paid services may cost in this build; if they would cost more, none is asked",
}
_JOBS = {**opt_num_process, "help": "how many steps to run at once [default: one a core]"}


class Run(DoitRun):  # type: ignore[misc]  # doit ships no types
    """Replaces doit's own command of that name through its entry point."""

    doc_purpose = "make what has changed"
    doc_usage = "[TARGET ...]"
    cmd_options: tuple[Mapping[str, Any], ...] = (
        opt_always,
        opt_continue,
        SELECT,
        _MAX_COST,
        _JOBS,
        _WHERE,
        _SCHEDULER,
        _LOCAL,
    )

    def execute(self, params: DefaultUpdate, args: list[str]) -> int:
        """Answer from the stamp if nothing has moved, else load the tasks and build."""
        root = _root(params).absolute()
        everything = not (args or params["always"] or params["select"])
        if everything and (targets := stamp.holds(root / _STAMP)) is not None:
            sys.stdout.write(f"everything is up to date ({targets} targets)\n")
            return 0
        snapshot = stamp.Snapshot.take(root)
        try:
            code = int(super().execute(params, args))
        except FactoryError as mistake:
            sys.stderr.write(f"{mistake}\n")
            return 2
        if everything and code == 0:
            self._stamp(root, snapshot)
        return code

    def _stamp(self, root: Path, snapshot: stamp.Snapshot) -> None:
        """Note that all is up to date, if all that was selected are targets with receipts."""
        from factory.loader import receipt_in  # noqa: PLC0415 - not needed to say that all is up to date
        from factory.receipt import as_signature, site_packages  # noqa: PLC0415
        from factory.runner import reached, target_of  # noqa: PLC0415

        read = {folder: signature(Path(folder).stat()) for folder in site_packages()}
        delivered: dict[str, Signature] = {}
        tasks = [task for task in reached(self.control.tasks, self.control.selected_tasks) if not task.has_subtask]
        for task in tasks:
            receipt = receipt_in(self.dep_manager.get_values(task.name))
            if receipt is None or target_of(task) is None:
                return
            read.update({path: as_signature(seen) for path, seen in receipt.files.items()})
            delivered.update({path: as_signature(seen) for path, seen in receipt.outputs.items()})
        for path in delivered:
            read.pop(path, None)
        stamp.write(root / _STAMP, snapshot, read, delivered, len(tasks))

    def _selected(self, expression: str) -> list[str]:
        from factory.commands.plan import look_ahead, picked  # noqa: PLC0415 - as in _execute

        return picked(expression, look_ahead(self))

    def get_backends(self) -> dict[str, type[WalBackend]]:
        """Ours alone; looking through the entry points of all installed packages for others costs milliseconds."""
        from factory.backend import WalBackend  # noqa: PLC0415 - not needed to say that all is up to date

        return {"wal": WalBackend}

    def get_reporters(self) -> dict[str, Any]:
        """None: this command has its own reports."""
        return {}

    def _execute(  # noqa: PLR0917 - doit passes every option by its name
        self,
        always: bool,
        continue_: bool,
        select: str,
        max_cost: float | None,
        num_process: int,
        par_type: str,
        scheduler: str,
        local_cluster: int,
    ) -> int:
        from doit.control import TaskControl  # noqa: PLC0415 - not needed to say that all is up to date

        from factory.build import Cluster, build  # noqa: PLC0415 - as above

        self.control = TaskControl(self.task_list)
        self.control.process(self._selected(select) if select else self.sel_tasks)
        if not self.control.selected_tasks:
            sys.stdout.write(f"--select {select}: there is no such target\n")
            return 0
        return build(
            self.dep_manager,
            self.control.task_dispatcher(),
            jobs=num_process,
            continue_=continue_,
            always=always,
            max_cost=max_cost,
            cluster=Cluster(scheduler, local_cluster) if par_type == "dask" else None,
        )


def _root(params: DefaultUpdate) -> Path:
    """The folder of `dodo.py`, as doit's own options say it."""
    file = Path(params.get("dodoFile") or "dodo.py")
    if params.get("seek_file") and not file.is_absolute():
        for folder in (Path.cwd(), *Path.cwd().parents):
            if (folder / file).exists():
                return folder
    return Path(params.get("cwdPath") or file.absolute().parent)
