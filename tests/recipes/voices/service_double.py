"""Doubles of the HTTP speech services: their real interfaces over a real socket, with a fault for any request."""

from __future__ import annotations

import base64
import io
import json
import threading
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recipes.voices import Speech

CANARY = "canary-7f3a9c"
"""The key the doubles expect; it must be seen nowhere else."""
PAGE = b"<html><body>502 Bad Gateway</body></html>"


class ServiceDouble:
    """Speaks `speech` as ElevenLabs, Google, Gemini and OpenAI would; the n-th request suffers the n-th fault.

    Faults: a status (`429`, `503`, `401`, `400`), `drop` (the socket dies before an answer), `half` (the body ends in
    its middle), `hang` (nothing comes), `page` (an error page with status 200), `silent` (an answer without sound),
    `empty` (sound of no length), `truncated` (sound that ends too early), `cut` (a WAV shorter than its header says),
    `lengths` (times that are not as many as the characters), `untimed` (no times), `pcm` (bare samples), `drip` (a byte
    now and then, for ever). Who is refused is asked to wait `retry_after`.
    """

    retry_after = "7"

    def __init__(self, speech: Speech, faults: Sequence[str] = ()) -> None:
        self.speech = speech
        self.faults = list(faults)
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.released = threading.Event()
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name http.server calls
                double._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        self.asked.append((request.path, body, dict(request.headers)))
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "drop":
            request.close_connection = True
            return
        if fault == "hang":
            self.released.wait(20)
            return
        if fault == "drip":
            _answer(request, 200, b"R", {}, promise=1 << 20)
            while not self.released.wait(0.05):
                try:
                    request.wfile.write(b"I")
                except OSError:
                    return
        key = next((v for k, v in request.headers.items() if k.lower() in KEYS), "")
        if fault.isdigit() or CANARY not in key:
            told = {"error": {"message": f"no such key: {key}", "details": [{"retryDelay": "3s"}]}}
            _answer(
                request,
                int(fault) if fault.isdigit() else 401,
                json.dumps(told).encode(),
                {"Retry-After": self.retry_after},
            )
            return
        reply = PAGE if fault == "page" else self._voice(request.path)(request.path, body, fault)
        _answer(request, 200, reply, {}, promise=len(reply) * (2 if fault == "half" else 1))

    def _voice(self, path: str) -> Callable[[str, dict[str, Any], str], bytes]:
        if path.startswith("/v1/text-to-speech/"):
            return self._elevenlabs
        if path == "/v1beta1/text:synthesize":
            return self._google
        return self._gemini if path.endswith(":generateContent") else self._openai

    def _elevenlabs(self, path: str, body: dict[str, Any], fault: str) -> bytes:
        assert path.endswith("/with-timestamps?output_format=pcm_24000")
        told: dict[str, Any] = {} if fault == "silent" else {"audio_base64": _base64(self._pcm(fault))}
        characters, starts, ends = self._characters(body["text"])
        if fault == "lengths":
            ends.pop()
        if fault != "untimed":
            told["alignment"] = told["normalized_alignment"] = {
                "characters": characters,
                "character_start_times_seconds": starts,
                "character_end_times_seconds": ends,
            }
        return json.dumps(told).encode()

    def _google(self, _path: str, body: dict[str, Any], fault: str) -> bytes:
        assert body["enableTimePointing"] == ["SSML_MARK"]
        points = [
            {"markName": str(number), "timeSeconds": word.start / 1000}
            for number, word in enumerate(self.speech.words or ())
        ]
        if fault == "lengths":
            points.pop()
        config = {"audioEncoding": "LINEAR16", "sampleRateHertz": self.speech.rate}
        told: dict[str, Any] = {} if fault == "silent" else {"audioContent": _base64(self._wav(fault))}
        told["audioConfig"] = config
        return json.dumps(told if fault == "untimed" else told | {"timepoints": points}).encode()

    def _gemini(self, _path: str, body: dict[str, Any], fault: str) -> bytes:
        assert body["generationConfig"]["responseModalities"] == ["AUDIO"]
        if fault == "silent":
            return json.dumps({"candidates": [{"finishReason": "OTHER", "content": {"parts": []}}]}).encode()
        if fault == "safety":
            return json.dumps({"candidates": [{"finishReason": "SAFETY", "content": {}}]}).encode()
        bare = fault == "pcm"
        mime = f"audio/L16;codec=pcm;rate={self.speech.rate}" if bare else "audio/wav"
        data = _base64(self._pcm(fault) if bare else self._wav(fault))
        part = {"inlineData": {"mimeType": mime, "data": data}}
        return json.dumps({"candidates": [{"finishReason": "STOP", "content": {"parts": [part]}}]}).encode()

    def _openai(self, path: str, body: dict[str, Any], fault: str) -> bytes:
        assert path == "/audio/speech"
        assert body["response_format"] == "wav"
        return b"" if fault == "silent" else self._wav(fault)

    def _characters(self, text: str) -> tuple[list[str], list[float], list[float]]:
        """Every character of a word sounds for an equal share of it; spaces in between."""
        characters, starts, ends = [], [], []
        for number, (shown, word) in enumerate(zip(text.split(), self.speech.words or (), strict=True)):
            share = (word.end - word.start) / len(shown) / 1000
            for at, character in enumerate((" " if number else "") + shown):
                place = at - (1 if number else 0)
                characters.append(character)
                starts.append(word.start / 1000 + max(0, place) * share)
                ends.append(word.start / 1000 + (place + 1) * share)
        return characters, starts, ends

    def _pcm(self, fault: str) -> bytes:
        samples = np.round(self.speech.samples * 32767).astype("<i2")
        if fault == "empty":
            return b""
        return samples[: len(samples) // (8 if fault == "truncated" else 1)].tobytes()

    def _wav(self, fault: str) -> bytes:
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self.speech.rate)
            file.writeframes(self._pcm(fault))
        data = out.getvalue()
        return data[: len(data) * 3 // 4] if fault == "cut" else data


KEYS = {"xi-api-key", "x-goog-api-key", "authorization"}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _answer(
    request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str], *, promise: int | None = None
) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body) if promise is None else promise))
    request.end_headers()
    request.wfile.write(body)
    request.close_connection = True
