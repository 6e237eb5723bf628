"""How much of a machine a build takes for itself, under control groups laid out as the kernel lays them out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from factory import machine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GIB = 1 << 30
V2 = "0::/user.slice/build.service"
V1 = "4:memory:/box/build\n3:cpuset:/box\n1:cpu,cpuacct:/box/build\n0::/"


@pytest.fixture(autouse=True)
def sixteen_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A big machine: sixteen cores, as many GiB."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(16)))
    page = os.sysconf("SC_PAGE_SIZE")
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": page, "SC_PHYS_PAGES": 16 * GIB // page}.__getitem__)


@pytest.mark.parametrize(
    ("mine", "files", "expected"),
    [
        ("", {}, (16, 16)),
        (V2, {"cpu.max": "max 100000", "memory.max": "max"}, (16, 16)),
        (V2, {"user.slice/build.service/cpu.max": "350000 100000"}, (4, 4)),
        (V2, {"user.slice/build.service/memory.max": f"{3 * GIB}"}, (16, 3)),
        (V2, {"user.slice/memory.max": f"{2 * GIB}", "user.slice/build.service/memory.max": "max"}, (16, 2)),
        (V2, {"memory.max": f"{GIB // 2}"}, (16, 1)),
        (V1, {"memory/box/build/memory.limit_in_bytes": f"{5 * GIB}"}, (16, 5)),
        (V1, {"memory/memory.limit_in_bytes": "9223372036854771712"}, (16, 16)),
        (V1, {"cpu,cpuacct/box/cpu.cfs_quota_us": "200000", "cpu,cpuacct/box/cpu.cfs_period_us": "100000"}, (2, 2)),
        (V1, {"cpu,cpuacct/box/cpu.cfs_quota_us": "-1", "cpu,cpuacct/box/cpu.cfs_period_us": "100000"}, (16, 16)),
    ],
)
def test_limits_of_a_container_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mine: str, files: Mapping[str, str], expected: tuple[int, int]
) -> None:
    """Quotas are found in both versions, at any height, and the tightest holds: (cores, steps at once)."""
    (tmp_path / "mine").write_text(mine)
    for name, text in files.items():
        file = tmp_path / "cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "_MINE", tmp_path / "mine")
    assert (machine.cores(), machine.workers()) == expected
