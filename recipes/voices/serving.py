"""The worker's side of `recipes.voices.workers`: JSON lines in, JSON lines out, samples through a file."""

from __future__ import annotations

import json
import os
import select
import sys
from typing import TYPE_CHECKING, Any

from recipes.voices.workers import IDLE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer requests until stdin closes or nobody asks for `IDLE_SECONDS`.

    A ValueError from `answer` is told to the one who asked; any other exception ends the worker with its traceback.
    """
    # Libraries print; what they print must not be taken for a reply.
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    unread = b""
    while True:
        while b"\n" not in unread:
            if not select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
                return
            some = os.read(0, 1 << 16)
            if not some:
                return
            unread += some
        line, _, unread = unread.partition(b"\n")
        try:
            reply = answer(json.loads(line))
        except ValueError as error:
            reply = {"error": str(error)}
        replies.write(json.dumps(reply).encode() + b"\n")
