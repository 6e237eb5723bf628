"""How much of this machine a build may use, as a container sees it."""

from __future__ import annotations

import math
import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_STEP_MEMORY = 1 << 30
"""Bytes to leave to each step that runs: what a 1080p encode with its picture graph stays under."""


def cores() -> int:
    """Processors this process may use: its affinity, and the quota of its cgroup if it has one."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _read("cpu.max").partition(" ")
    if quota.isdigit() and period.strip().isdigit():
        count = min(count, math.ceil(int(quota) / int(period)))
    return max(1, count)


def workers() -> int:
    """Steps to run at once when nobody says: one a core, but no more than memory has room for."""
    limit = _read("memory.max")
    memory = int(limit) if limit.isdigit() else os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(cores(), memory // _STEP_MEMORY))


def _read(name: str) -> str:
    try:
        return (_CGROUP / name).read_text("ascii").strip()
    except OSError:
        return ""
