"""Twenty ways a speech service fails a video, and what is made of each: real clients, real sockets, a real build."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factory.step import Step
from recipes import voices
from tests.e2e.studio import Studio
from tests.recipes.voices.edge_double import EdgeDouble
from tests.recipes.voices.service_double import CANARY, ServiceDouble
from tests.workbench import BenchJob

if TYPE_CHECKING:
    from pathlib import Path

ALWAYS = 40
"""More often than any sentence is tried."""
OFFLINE = "espeak/en-us"
SENTENCE = "Some words of one sentence."
SPEC = f"""\
extends: shorts
size: [108, 192]
fps: 10
language: en
mode: minimal_text
voice: [VOICE, {OFFLINE}]
videos:
  - id: one
    title: One
    blocks:
      - {{say: {SENTENCE}, show: {{text: One}}}}
      - {{say: Some words of two sentences., show: {{text: Two}}}}
"""
# The studio's own dodo.py tells the clients where their services are, and how short a time is long.
POINTED = """
import edge_tts.communicate
import factory.scheduler
from recipes.voices import edge, elevenlabs, service

edge_tts.communicate.WSS_URL = {edge!r}
elevenlabs.URL = {service!r}
edge.SILENT_SECONDS = service.SILENT_SECONDS = {seconds}
edge.TOTAL_SECONDS = service.TOTAL_SECONDS = {total}
_backoff = factory.scheduler.backoff
factory.scheduler.backoff = lambda attempt, asked: min(_backoff(attempt, asked), asked or 0.05)
"""


@dataclass(frozen=True)
class Fault:
    """What a service does the first `times` it is asked, and whether the video still has its first voice afterwards."""

    name: str
    voice: str
    does: str
    times: int
    kept: bool
    address: str = ""
    """Where the service is said to be, if not where it is."""


EDGE, OPENAI, ELEVENLABS = "edge/en-US-AriaNeural", "openai/nova", "elevenlabs/Rachel"
FAULTS = (
    Fault("403 for hours", EDGE, "403", ALWAYS, kept=False),
    Fault("429 with Retry-After", EDGE, "429", 1, kept=True),
    Fault("503 once", EDGE, "503", 1, kept=True),
    Fault("WebSocket dropped in mid-sound", EDGE, "drop", 1, kept=True),
    Fault("WebSocket falls silent", EDGE, "hang", 1, kept=True),
    Fault("WebSocket closed with 1011", EDGE, "closed", 1, kept=True),
    Fault("slow drip over a WebSocket", EDGE, "drip", ALWAYS, kept=False),
    Fault("no audio", EDGE, "empty", ALWAYS, kept=False),
    Fault("error page served as MP3", EDGE, "page", 1, kept=True),
    Fault("truncated audio", EDGE, "truncated", ALWAYS, kept=False),
    Fault("missing word boundaries", EDGE, "unmarked", ALWAYS, kept=True),
    Fault("silence", EDGE, "silence", ALWAYS, kept=False),
    Fault("clipping", EDGE, "clipped", ALWAYS, kept=False),
    Fault("wrong duration", EDGE, "long", ALWAYS, kept=False),
    Fault("500 once", OPENAI, "500", 1, kept=True),
    Fault("HTTP body dropped in its middle", OPENAI, "half", 1, kept=True),
    Fault("slow drip over HTTP", OPENAI, "drip", ALWAYS, kept=False),
    Fault("malformed JSON answer", ELEVENLABS, "page", ALWAYS, kept=False),
    Fault("DNS failure", OPENAI, "", 0, kept=False, address="http://no-such-host.invalid"),
    Fault("TLS failure", OPENAI, "", 0, kept=False, address="https://127.0.0.1:{port}"),
)


def endure(fault: Fault, folder: Path) -> None:
    """Build a video whose first voice suffers the fault. Raises AssertionError unless it is made, and whole."""
    job = BenchJob(Step("speak", print, ("speech.wav",)), {}, folder)
    said = voices.find("espeak").synthesize(job, SENTENCE, "en-us", language="en", rate=1.0, pitch=0.0)
    does = [fault.does] * fault.times
    studio = Studio.open(folder / "studio")
    studio.write("talk/project.yaml", SPEC.replace("VOICE", fault.voice))
    with ExitStack() as stack:
        edge = stack.enter_context(EdgeDouble(said, does if fault.voice == EDGE else ()))
        service = stack.enter_context(ServiceDouble(said, does if fault.voice != EDGE else ()))
        edge.retry_after = service.retry_after = "1"
        drips = fault.does == "drip"
        pointed = POINTED.format(edge=edge.url, service=service.url, seconds=0.5, total=0.5 if drips else 60)
        dodo = studio.folder / "dodo.py"
        dodo.write_text(dodo.read_text("utf-8") + pointed, "utf-8")
        url = fault.address.format(port=service.url.rpartition(":")[2]) or service.url
        secrets = {"OPENAI_API_KEY": CANARY, "ELEVENLABS_API_KEY": CANARY, "OPENAI_BASE_URL": url}
        outcome = studio.doit("final:talk/one", check=False, **secrets)
    assert outcome.code == 0, f"{fault.name}: the build failed\n{outcome.out}{outcome.err}"
    assert studio.packets("talk/one/final.mp4"), f"{fault.name}: there is no picture"
    words: Any = json.loads(studio.made("talk/one/words.json").read_text("utf-8"))
    spoken = {block["voice"] for block in words["blocks"]}
    expected = fault.voice if fault.kept else OFFLINE
    assert spoken == {expected}, f"{fault.name}: spoken by {spoken}, not {expected}"
    assert fault.kept or f"is made with {OFFLINE}" in outcome.out, f"{fault.name}: nobody was told of the switch"
