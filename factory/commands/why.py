"""`doit why TARGET`: what has changed since the target was last made, field by field, down the chain."""

from __future__ import annotations

import sys

from doit.cmd_base import DoitCmdBase

from factory.commands.plan import look_ahead
from factory.forecast import TargetForecast, Verdict


class Why(DoitCmdBase):  # type: ignore[misc]  # doit ships no types
    """Compares keys, not clocks: every record holds the readable document its key is the hash of."""

    doc_purpose = "say what has changed since a target was last made"
    doc_usage = "[TARGET ...]"
    cmd_options = ()

    def _execute(self) -> int:
        for forecast in look_ahead(self):
            sys.stdout.write("\n".join(explained(forecast)) + "\n")
        return 0


def explained(forecast: TargetForecast) -> list[str]:
    """A line for the target, and one for every step that is not as it was."""
    lines = [f"{forecast.target.id}: {forecast.verdict}"]
    steps = [step for step in forecast.steps if step.changes or step.verdict is Verdict.RUN]
    if not steps:
        return lines + [f"  {reason}" for reason in forecast.reasons]
    for step in steps:
        lines.append(f"  {step.name} {step.label}".rstrip() + f": {step.verdict}")
        lines += [f"    {change}" for change in step.changes]
    return lines
