"""What a person should know though nothing has failed."""

from __future__ import annotations

import sys

_SAID: set[str] = set()


def notice(text: str) -> None:
    """Say something once per process, on stderr, where it stands apart from what a build reports."""
    if text not in _SAID:
        _SAID.add(text)
        sys.stderr.write(f"note: {text}\n")
