"""One question to a speech service over HTTP, and what its answers mean.

A service's trouble is either passing (`Transient`: the build waits, as long as it was asked to, and tries again) or not
(no key, no credit, a refusal), which another attempt would not mend. Secrets are named by their environment variable
and read when they are used: they reach no key, no log and no message, not even when a service repeats them.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import os
import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from factory.errors import StepError, Transient
from recipes.voices import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factory.step import Job, Json

CONNECT_SECONDS, SILENT_SECONDS = 10, 60
TOTAL_SECONDS = 180
"""For one sentence, so that a service that sends a byte now and then does not hold a build for hours."""
_MOST_BYTES = 64 << 20
_CHUNK = 1 << 16
_POLL_SECONDS = 0.2
_PASSING = frozenset({408, 425, 429, *range(500, 600)})
_SHOWN = 200
_HIDDEN = "•••"


class Service(Engine):
    """What engines behind an HTTP interface have in common."""

    attempts = 4
    pitched = False
    code = ()
    secret: str
    """The environment variable that holds the key to the service."""

    def state(self, voice: str) -> str:
        """Whether there is a key."""
        del voice  # one key opens all
        return "ready" if os.environ.get(self.secret) else f"needs {self.secret}"

    def key(self) -> str:
        """The secret itself, for a header. Raises StepError where the environment has none."""
        value = os.environ.get(self.secret, "").strip()
        if not value:
            raise StepError(
                f"{self.name} needs a key, and the environment has no {self.secret}",
                hint=f"set {self.secret}, or use a voice that needs none (rhvoice, piper)",
            )
        return value


def post(job: Job, who: str, url: str, body: Mapping[str, Json], *, headers: Mapping[str, str], secret: str) -> bytes:
    """Send JSON and give back the body of the answer.

    Raises:
        Transient: the network or the service failed in a way that may pass.
        StepError: the service refused; with its own words, without the secret.
    """
    try:
        return asyncio.run(_posted(job, who, url, body, headers=headers, secret=secret))
    except StepError as error:
        # A service may repeat what it was sent, and an exception chained to this one may hold the request.
        raise error.with_traceback(None) from None


async def _posted(
    job: Job, who: str, url: str, body: Mapping[str, Json], *, headers: Mapping[str, str], secret: str
) -> bytes:
    import aiohttp  # noqa: PLC0415  # 0.3 s that a build without services does not pay

    async def ask() -> bytes:
        timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            # A redirect would carry the key to wherever it points.
            session.post(url, json=body, headers=headers, allow_redirects=False) as reply,
        ):
            received = bytearray()
            async for chunk in reply.content.iter_chunked(_CHUNK):
                received += chunk
                if len(received) > _MOST_BYTES:
                    raise StepError(f"{who} sent more than {_MOST_BYTES >> 20} MiB for one sentence")
            if reply.status != 200:  # noqa: PLR2004  # OK
                raise _refusal(who, reply.status, reply.headers.get("Retry-After"), bytes(received), secret)
            return bytes(received)

    task = asyncio.ensure_future(ask())
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_POLL_SECONDS)
            job.check()
        return task.result()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        reason = _hidden(str(error) or type(error).__name__, secret)
        raise Transient(f"{who} did not get through: {reason}", hint="is there a network?") from None
    finally:
        task.cancel()
        await asyncio.wait({task})


def _refusal(who: str, status: int, wait: str | None, body: bytes, secret: str) -> StepError:
    text = _hidden(_words(body), secret)
    message = f"{who} refused: {status} {text}".rstrip()
    if status in _PASSING:
        return Transient(message, retry_after=_seconds(wait, body))
    hint = "is the key right, and is there credit left?" if status in {401, 402, 403} else ""
    return StepError(message, hint=hint)


def _words(body: bytes) -> str:
    """What an error page says, on one line: services put it at different places."""
    text = body[:8192].decode(errors="replace")
    try:
        told: Any = json.loads(text)
    except ValueError:
        told = re.sub(r"<[^>]*>", " ", text)
    for name in ("error", "detail", "message", "error_description"):
        if isinstance(told, dict) and name in told:
            told = told[name]
    return " ".join(str(told).split())[:_SHOWN]


def _hidden(text: str, secret: str) -> str:
    return text.replace(secret, _HIDDEN) if secret else text


def _seconds(wait: str | None, body: bytes) -> float | None:
    """How long we were asked to wait: a Retry-After of seconds or a date (RFC 9110, 10.2.3), or Google's RetryInfo."""
    if wait and wait.strip().isdigit():
        return float(wait)
    if wait:
        try:
            return max(0.0, parsedate_to_datetime(wait).timestamp() - time.time())
        except ValueError:
            return None
    delay = re.search(rb'"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"', body)
    return float(delay[1]) if delay else None


def answer(who: str, body: bytes) -> dict[str, Any]:
    """The JSON object a service answered with. Raises Transient for anything else, such as a gateway's error page."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Transient(f"{who} sent something that is no JSON: {body[:60]!r}")
    return found


def unpacked(who: str, encoded: object) -> bytes:
    """The bytes of a base64 text. Raises Transient where there is none, or half of one."""
    if not isinstance(encoded, str) or not encoded:
        raise Transient(f"{who} sent no sound")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Transient(f"{who} sent sound that is not whole") from None
