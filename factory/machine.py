"""How much of this machine a build may use, as a container sees it."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CGROUP = Path("/sys/fs/cgroup")
_MINE = Path("/proc/self/cgroup")
_STEP_MEMORY = 1 << 30
"""Bytes to leave to each step that runs: what a 1080p encode with its picture graph stays under."""


def cores() -> int:
    """Processors this process may use: its affinity, and the quota of its control group if it has one."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for group in _groups("cpu"):
        quota, _, period = _read(group / "cpu.max").partition(" ")
        if not quota:
            quota, period = _read(group / "cpu.cfs_quota_us"), _read(group / "cpu.cfs_period_us")
        if quota.isdigit() and period.isdigit():
            count = min(count, math.ceil(int(quota) / int(period)))
    return max(1, count)


def workers() -> int:
    """Steps to run at once when nobody says: one a core, but no more than memory has room for."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for group in _groups("memory"):
        limit = _read(group / "memory.max") or _read(group / "memory.limit_in_bytes")
        if limit.isdigit():
            memory = min(memory, int(limit))
    return max(1, min(cores(), memory // _STEP_MEMORY))


def _groups(controller: str) -> Iterator[Path]:
    """The control groups this process is in that may limit `controller`, of version 2 and of 1, innermost first.

    All of them count: a limit holds for what is inside. A container may see a path that only its host has; what it can
    see of its own group is then at the top.
    """
    for line in _read(_MINE).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        top = _CGROUP / controllers
        mine = top / path.lstrip("/")
        yield from (group for group in (mine, *mine.parents) if group.is_relative_to(top))


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except OSError:
        return ""
