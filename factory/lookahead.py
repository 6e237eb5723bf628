"""Begins targets before doit offers them: as soon as the files they are laid out from are there.

doit offers a target when every target it is made from has ended. But the picture needs only the times of the words, and
those are known long before the sound is mixed; the segments need no sound at all. So whenever a file of a target is
delivered, those that read it are laid out if nothing their `expand` opens is missing; their steps wait, each for the
files it reads itself. When doit comes to such a target, its work is done or under way.

Nothing rests on it: a target that was begun from a file that has since changed is let go, and begun again by doit.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING

from factory.errors import StepError
from factory.evaluation import begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from factory.digests import FileDigests
    from factory.evaluation import Evaluation
    from factory.scheduler import Scheduler
    from factory.target import Target


class LookAhead:
    """What of a build's targets may begin. Called from the scheduler's thread only."""

    def __init__(
        self,
        scheduler: Scheduler,
        digests: FileDigests,
        targets: Iterable[Target],
        order: Callable[[Target], int],
    ) -> None:
        self._scheduler = scheduler
        self._digests = digests
        self._order = order
        self._waiting = {target.id: target for target in targets}
        """Neither offered by doit nor begun here."""
        self._missing = {path for target in self._waiting.values() for path in target.paths}
        """What is still to be delivered, or to be found up to date."""
        self._readers: dict[Path, list[str]] = defaultdict(list)
        for target in self._waiting.values():
            for path in self._missing.intersection(target.sources.values()):
                self._readers[path].append(target.id)
        self._ahead: dict[str, Evaluation] = {}

    def claim(self, target: Target) -> Evaluation | None:
        """The evaluation of a target that doit offers now, if it was begun from what its sources hold now."""
        self._waiting.pop(target.id, None)
        evaluation = self._ahead.pop(target.id, None)
        if evaluation is None:
            return None
        if self._holds(evaluation):
            return evaluation
        self._scheduler.abandon(evaluation)
        return None

    def drop(self, target: Target) -> None:
        """Let go of a target that doit will not have made: it is up to date, or something it needs has failed."""
        self._waiting.pop(target.id, None)
        if (evaluation := self._ahead.pop(target.id, None)) is not None:
            self._scheduler.abandon(evaluation)

    def settle(self, target: Target) -> None:
        """The files of a target are what they will be in this build, though none had to be written."""
        for path in target.paths:
            self.delivered(path, written=False)

    def delivered(self, path: Path, *, written: bool) -> None:
        """A file is there. Where it had to be `written`, those who read it are likely to have to be made again."""
        self._missing.discard(path)
        for name in self._readers.get(path, ()):
            evaluation = self._ahead.get(name)
            if evaluation is not None and path in evaluation.awaited:
                self._scheduler.supply(evaluation, path)
            elif evaluation is not None and not self._holds(evaluation):
                self._scheduler.abandon(evaluation)
                self._waiting[name] = self._ahead.pop(name).target
            if written and name in self._waiting:
                self._begin(self._waiting[name])

    def _begin(self, target: Target) -> None:
        awaited = self._missing.intersection(target.sources.values())
        opened = target.sources if target.reads is None else target.reads
        if any(target.sources[role] in awaited for role in opened):
            return
        with contextlib.suppress(StepError, OSError):  # doit will come to it, and it will be said then
            evaluation = begin(target, self._order(target), self._digests, awaited=awaited)
            del self._waiting[target.id]
            self._ahead[target.id] = evaluation
            self._scheduler.submit(evaluation, ahead=True)

    def _holds(self, evaluation: Evaluation) -> bool:
        """Whether its sources still hold what it was laid out from."""
        try:
            return all(
                evaluation.files[path][1] == self._digests.of(path)
                for path in evaluation.target.sources.values()
                if path in evaluation.files
            )
        except OSError:
            return False
