"""Kills what a dead build left running. Run as a process of its own: `python warden.py <marker>`.

Linux has a per-thread "signal me when my parent dies", but setting it needs code between fork and exec, which is not
safe in a process with threads, and macOS has nothing like it. So one small process per build reads a pipe from it. The
build tells it the process groups it starts and ends; a pipe that closes without a farewell means the build was killed,
`kill -9` included, and whatever still runs is then killed too. A child started in the very last instant, before the
build could name it, is found by `marker` in its environment (Linux).

It imports next to nothing, so that it is up in a few milliseconds.
"""

import contextlib
import os
import signal
import sys

MARKER = "CONTENT_FACTORY_RUN"
"""The environment variable every child of a build carries."""


def watch(lines: object, marker: str) -> None:
    """Follow `+pgid`, `-pgid` and `bye` until the pipe closes, then kill what is left."""
    groups: set[int] = set()
    for line in lines:  # type: ignore[attr-defined]  # typing is not worth importing here
        if line.startswith("bye"):
            return
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    for group in groups:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)
    for pid in _marked(f"{MARKER}={marker}".encode()):
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _marked(entry: bytes) -> list[int]:
    found = []
    with contextlib.suppress(FileNotFoundError):  # macOS has no /proc
        for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - pathlib takes longer to import than this
            with contextlib.suppress(OSError), open(f"/proc/{name}/environ", "rb") as file:  # noqa: PTH123 - as above
                if entry in file.read().split(b"\0") and int(name) != os.getpid():
                    found.append(int(name))
    return found


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watch(sys.stdin, sys.argv[1])
