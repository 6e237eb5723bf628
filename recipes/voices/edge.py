"""Microsoft Edge's voices, over the network and without an account, through edge-tts.

The service refuses for days now and then (403), so every trouble with it is `Transient`: the engine of the build waits
and tries again, and what came back is checked like any other speech before it counts.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from factory.errors import StepError, Transient
from recipes.installed import version
from recipes.text.pieces import STRESS
from recipes.voices import Engine, Speech, VoiceInfo
from recipes.voices.decoding import decode
from recipes.voices.letters import Heard, assign

if TYPE_CHECKING:
    from factory.step import Job

CONNECT_SECONDS, SILENT_SECONDS, TOTAL_SECONDS = 10, 30, 180
_TICKS = 10_000  # of 100 ns in a millisecond
_POLL_SECONDS = 0.2
_PASSING = frozenset({403, 408, 425, 429, *range(500, 600)})
_TERMS = "Microsoft service terms"
_FEMALE = """
    de-DE-KatjaNeural en-GB-SoniaNeural en-US-AriaNeural en-US-EmmaMultilingualNeural en-US-JennyNeural
    es-ES-ElviraNeural fr-FR-DeniseNeural it-IT-ElsaNeural ja-JP-NanamiNeural kk-KZ-AigulNeural pl-PL-ZofiaNeural
    pt-BR-FranciscaNeural ru-RU-SvetlanaNeural tr-TR-EmelNeural uk-UA-PolinaNeural zh-CN-XiaoxiaoNeural
"""
_MALE = """
    de-DE-ConradNeural en-GB-RyanNeural en-US-AndrewMultilingualNeural en-US-BrianMultilingualNeural
    en-US-GuyNeural es-ES-AlvaroNeural fr-FR-HenriNeural it-IT-DiegoNeural ja-JP-KeitaNeural kk-KZ-DauletNeural
    pl-PL-MarekNeural pt-BR-AntonioNeural ru-RU-DmitryNeural tr-TR-AhmetNeural uk-UA-OstapNeural zh-CN-YunxiNeural
"""


class Edge(Engine):
    """Entry point `edge`."""

    name = "edge"
    pool = "api:edge"
    attempts = 3
    pitched = False  # the service takes Hz, which are other semitones for every voice
    code = ()

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Those of the service that have been there for years."""
        return tuple(
            VoiceInfo(name, "-".join(name.split("-")[:2]), gender, _TERMS, commercial=True)
            for gender, names in (("female", _FEMALE), ("male", _MALE))
            for name in names.split()
        )

    def state(self, voice: str) -> str:
        """It needs no key."""
        del voice  # alike for each
        return "ready, over the network"

    def version(self, voice: str) -> str:
        """Of the client; the service has none, which is why its speech is recorded and not made again."""
        return f"edge-tts {version('edge-tts')} {voice}"

    def synthesize(self, job: Job, text: str, voice: str, *, language: str, rate: float, pitch: float) -> Speech:
        """Speak over the network. Word times are the service's where it tells them for every word."""
        del language, pitch  # of the voice, and refused
        plain = text.replace(STRESS, "")
        encoded, boundaries = asyncio.run(_listen(job, plain, voice, rate))
        samples, sampled = decode(encoded, "edge-tts")
        return Speech(samples, sampled, assign(text, boundaries, self.name))


async def _listen(job: Job, text: str, voice: str, rate: float) -> tuple[bytes, list[Heard]]:
    """The MP3 and the word boundaries, or `Transient`."""
    import aiohttp  # noqa: PLC0415  # 0.3 s that a build without this engine does not pay
    from edge_tts import Communicate  # noqa: PLC0415
    from edge_tts.exceptions import EdgeTTSException  # noqa: PLC0415

    clock = asyncio.get_running_loop().time
    began = heard_from = clock()

    async def receive() -> tuple[bytes, list[Heard]]:
        stream = Communicate(
            text,
            voice,
            rate=f"{round((rate - 1) * 100):+d}%",
            boundary="WordBoundary",  # no longer its default (edge-tts pull request 396)
            connect_timeout=CONNECT_SECONDS,
        ).stream()
        audio = bytearray()
        boundaries: list[Heard] = []
        nonlocal heard_from
        async for message in stream:
            heard_from = clock()
            if message["type"] == "audio":
                audio += message["data"]
            else:
                start, duration = int(message["offset"] // _TICKS), int(message["duration"] // _TICKS)
                boundaries.append((message["text"], start, start + duration))
        return bytes(audio), boundaries

    task = asyncio.ensure_future(receive())
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_POLL_SECONDS)
            job.check()
            # edge-tts' own `receive_timeout` does not reach a socket that has become a WebSocket.
            if clock() - heard_from > SILENT_SECONDS:
                raise TimeoutError(f"nothing came for {SILENT_SECONDS} s")  # noqa: TRY301  # told like its own timeouts
            if clock() - began > TOTAL_SECONDS:
                raise TimeoutError(f"it was not done after {TOTAL_SECONDS} s")  # noqa: TRY301
        return task.result()
    except aiohttp.ClientResponseError as error:
        if error.status in _PASSING:
            raise Transient(
                f"edge-tts was refused: {error.status} {error.message}",
                retry_after=_seconds(error.headers.get("Retry-After") if error.headers else None),
                hint="its service does this for hours now and then; an offline voice (rhvoice, piper) always works",
            ) from error
        raise StepError(f"edge-tts was refused: {error.status} {error.message}") from error
    except (aiohttp.ClientError, EdgeTTSException, TimeoutError, OSError, ValueError, KeyError) as error:
        # ValueError, KeyError: edge-tts reads the service's JSON and headers as if they were always whole.
        reason = str(error) or type(error).__name__
        raise Transient(f"edge-tts did not get through: {reason}", hint="is there a network?") from error
    finally:
        task.cancel()
        await asyncio.wait({task})


def _seconds(retry_after: str | None) -> float | None:
    """The seconds of a Retry-After header; its other form, a date, is not used by this service."""
    return float(retry_after) if retry_after and retry_after.strip().isdigit() else None
