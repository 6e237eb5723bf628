"""A double of Edge's service: the real protocol over a real WebSocket, with a fault for any connection."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import av
import numpy as np
from aiohttp import WSMsgType, web

from recipes.voices import Speech

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE = 24_000


class EdgeDouble:
    """Speaks `speech`; the n-th connection suffers the n-th fault, those after the last none.

    Faults: `403`, `429`, `503` (refused), `drop` (the socket dies in the middle), `hang` (it falls silent), `empty` (no
    audio), `page` (an error page instead of MP3), `truncated` (the end is missing), `unmarked` (no word boundaries),
    `closed` (1011, an internal error), `malformed` (metadata that is no JSON), `drip` (a few bytes now and then),
    `silence`, `clipped` and `long` (sound that cannot be the sentence). Who is refused is asked to wait `retry_after`.
    """

    retry_after = "7"

    def __init__(self, speech: Speech, faults: Sequence[str] = ()) -> None:
        self.speech = speech
        self.faults = list(faults)
        self.asked: list[str] = []
        self.port = 0
        self._encoded = _mp3(speech)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """What edge-tts is to connect to, ready for the parameters it adds."""
        return f"ws://127.0.0.1:{self.port}/edge/v1?TrustedClientToken=none"

    async def _open(self) -> None:
        app = web.Application()
        app.router.add_get("/edge/v1", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.pop(0) if self.faults else ""
        if fault.isdigit():
            return web.Response(status=int(fault), headers={"Retry-After": self.retry_after})
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT and "Path:ssml" in message.data:
                self.asked.append(message.data)
                with suppress(ConnectionResetError):  # the client had enough of it
                    await self._speak(socket, fault)
        return socket

    async def _speak(self, socket: web.WebSocketResponse, fault: str) -> None:
        await socket.send_str("X-RequestId:1\r\nPath:turn.start\r\n\r\n{}")
        audio = self._sound(fault)
        if fault == "malformed":
            await socket.send_str('X-RequestId:1\r\nPath:audio.metadata\r\n\r\n{"Metadata": [')
        for word in () if fault == "unmarked" else self.speech.words or ():
            data: dict[str, Any] = {
                "Offset": word.start * 10_000,
                "Duration": (word.end - word.start) * 10_000,
                "text": {"Text": word.text.strip(",.!?"), "Length": len(word.text), "BoundaryType": "WordBoundary"},
            }
            body = json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})
            await socket.send_str(f"X-RequestId:1\r\nPath:audio.metadata\r\n\r\n{body}")
        header = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
        for at in range(0, len(audio), 4096):
            await socket.send_bytes(len(header).to_bytes(2, "big") + header + audio[at : at + 4096])
            if fault == "drop":
                transport = socket._req.transport if socket._req else None
                if transport is not None:
                    transport.abort()
                return
            if fault == "hang":
                return
            if fault == "closed":
                await socket.close(code=1011, message=b"internal error")
                return
            while fault == "drip" and not socket.closed:
                await socket.send_bytes(len(header).to_bytes(2, "big") + header + audio[:8])
                await asyncio.sleep(0.05)
        await socket.send_str("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")

    def _sound(self, fault: str) -> bytes:
        samples, rate = self.speech.samples, self.speech.rate
        other = {
            "silence": np.zeros_like(samples),
            "clipped": np.sign(samples),
            "long": np.tile(samples, 12),
        }  # fmt: skip
        if fault in other:
            return _mp3(Speech(other[fault], rate, None))
        if fault == "truncated":
            return self._encoded[: len(self._encoded) // 8]
        return {"page": b"<html>Service unavailable</html>" * 40, "empty": b""}.get(fault, self._encoded)


def _mp3(speech: Speech) -> bytes:
    """48 kbit/s at 24 kHz, the format the client asks for."""
    out = io.BytesIO()
    with av.open(out, mode="w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=RATE, layout="mono", bit_rate=48_000)
        frame = av.AudioFrame.from_ndarray(
            np.round(speech.samples * 32767).astype(np.int16)[None, :], format="s16", layout="mono"
        )
        frame.sample_rate = speech.rate
        for piece in [frame, None]:
            container.mux(stream.encode(piece))
    return out.getvalue()
