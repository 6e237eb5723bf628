"""One check and what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

type Status = Literal["pass", "warn", "fail"]

type Facts = Mapping[str, Any]
"""What was measured, as JSON: the files of the video, and those of the steps that listened and looked."""

_WORST: tuple[Status, ...] = ("pass", "warn", "fail")
_SHOWN = 12


@dataclass(frozen=True)
class Check:
    """`value` and `limit` are for people; `faults` say where each fault is and what to do, worst first."""

    name: str
    title: str
    status: Status
    value: str
    limit: str
    faults: tuple[str, ...] = ()

    def described(self) -> dict[str, object]:
        """As it stands in qa.json."""
        shown = list(self.faults[:_SHOWN])
        if len(self.faults) > _SHOWN:
            shown.append(f"and {len(self.faults) - _SHOWN} more")
        return {**vars(self), "faults": shown}


def worst(statuses: Sequence[Status]) -> Status:
    """The worst of several; `pass` of none."""
    return max(statuses, key=_WORST.index, default="pass")


def graded(value: float, warn: float, fail: float) -> Status:
    """Where a value that should be small lies: above `fail`, above `warn`, or fine."""
    return "fail" if value > fail else "warn" if value > warn else "pass"


def frame(facts: Facts) -> float:
    """Seconds one frame of the video lasts."""
    numerator, denominator = facts["words"]["fps"]
    return float(denominator / numerator)


def clock(seconds: float) -> str:
    """`1:07.32`, as players show it and a person seeks to."""
    return f"{int(seconds // 60)}:{seconds % 60:05.2f}"
