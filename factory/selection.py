"""The targets behind what a person named, each after those it is made from, with what was recorded of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from doit.control import TaskControl

from factory.loader import receipt_in
from factory.runner import target_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doit.dependency import Dependency
    from doit.task import Task

    from factory.receipt import Receipt
    from factory.target import Target


@dataclass(frozen=True)
class Known:
    """A target and its last receipt."""

    target: Target
    receipt: Receipt | None
    asked: bool
    """Whether it was named, or only lies behind what was."""


def behind(tasks: Sequence[Task], wanted: Sequence[str] | None, dep_manager: Dependency) -> list[Known]:
    """Everything behind `wanted` (task names, patterns or files, as for `doit run`)."""
    control = TaskControl(tasks)
    control.process(list(wanted) if wanted is not None else None)
    done: dict[str, Known | None] = {}
    waiting = list(reversed(control.selected_tasks))
    asked = set(waiting)
    while waiting:
        task = control.tasks[waiting[-1]]
        missing = [name for name in task.task_dep if name not in done]
        if task.has_subtask and task.name in asked:
            asked.update(missing)
        if missing:
            waiting.extend(reversed(missing))
            continue
        waiting.pop()
        target = target_of(task)
        receipt = receipt_in(dep_manager.get_values(task.name))
        done.setdefault(task.name, Known(target, receipt, task.name in asked) if target else None)
    return [known for known in done.values() if known is not None]
