"""`doit verify`: make a sample of what is in the store again, and see whether the bytes are the same."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from doit.cmd_base import DoitCmdBase

from factory.selection import behind

if TYPE_CHECKING:
    from factory.selection import Known
    from factory.verification import Finding

_COUNT = {
    "name": "count",
    "short": "c",
    "long": "count",
    "type": int,
    "default": 10,
    "help": "how many steps to make again, chosen by chance; 0 for all [default: %(default)s]",
}


class Verify(DoitCmdBase):  # type: ignore[misc]  # doit ships no types
    """The store is left as it is, whatever comes out."""

    doc_purpose = "make a sample of what is in the cache again and compare"
    doc_usage = "[TARGET ...]"
    cmd_options = (_COUNT,)

    def _execute(self, count: int) -> int:
        from factory.digests import FileDigests  # noqa: PLC0415 - commands are imported to be listed, too
        from factory.loader import CACHE  # noqa: PLC0415
        from factory.verification import Verification  # noqa: PLC0415

        digests = FileDigests(self.dep_manager.backend.state)
        known = behind(self.task_list, self.sel_tasks, self.dep_manager)
        with tempfile.TemporaryDirectory() as folder:
            verification = Verification(CACHE.absolute(), digests, Path(folder))
            nodes = verification.candidates(_made(known))
            sample = nodes if not count else random.sample(nodes, min(count, len(nodes)))
            findings = [verification.check(node) for node in sample]
            verification.close()
        self.dep_manager.close()
        for finding in findings:
            if finding.differing:
                sys.stdout.write(f"{_line(finding)}\n")
        bad = sum(bool(finding.differing) for finding in findings)
        sys.stdout.write(f"{len(findings)} steps made again, {bad} came out otherwise\n")
        return 1 if bad else 0


def _made(known: list[Known]) -> list[Known]:
    return [each for each in known if each.receipt is not None]


def _line(finding: Finding) -> str:
    return f"{finding.target} {finding.step}: {', '.join(finding.differing)} came out otherwise"
