"""A process that speaks with RHVoice's C library (`RHVoice.h` 1.8), for `recipes.voices.rhvoice`.

RHVoice reports words between buffers of 100 ms, so one pass knows a word's start only to that. It is asked to speak the
sentence again at half the pace, where buffers cut the same speech at other places: both intervals hold the true time,
and their overlap is at most 50 ms wide.
"""

from __future__ import annotations

import array
import ctypes as c
import sys
from pathlib import Path
from typing import Any, ClassVar

from recipes.voices.serving import serve

SLOWEST, FASTEST = 0.5, 2.0
"""The paces RHVoice keeps to, as factors of the one a voice was trained at; past them it silently stays there."""
BUFFER_SECONDS = 0.1

_Rate = c.CFUNCTYPE(c.c_int, c.c_int, c.c_void_p)
_Play = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_uint, c.c_void_p)
_Event = c.CFUNCTYPE(c.c_int, c.c_uint, c.c_uint, c.c_void_p)


class _Callbacks(c.Structure):
    _fields_: ClassVar = [
        ("set_sample_rate", _Rate), ("play_speech", _Play), ("process_mark", c.c_void_p), ("word_starts", _Event),
        ("word_ends", _Event), ("sentence_starts", c.c_void_p), ("sentence_ends", c.c_void_p),
        ("play_audio", c.c_void_p), ("done", c.c_void_p),
    ]  # fmt: skip


class _InitParams(c.Structure):
    _fields_: ClassVar = [
        ("data_path", c.c_char_p), ("config_path", c.c_char_p), ("resource_paths", c.POINTER(c.c_char_p)),
        ("callbacks", _Callbacks), ("options", c.c_uint),
    ]  # fmt: skip


class _SynthParams(c.Structure):
    _fields_: ClassVar = [
        ("voice_profile", c.c_char_p), ("absolute_rate", c.c_double), ("absolute_pitch", c.c_double),
        ("absolute_volume", c.c_double), ("relative_rate", c.c_double), ("relative_pitch", c.c_double),
        ("relative_volume", c.c_double), ("punctuation_mode", c.c_int), ("punctuation_list", c.c_char_p),
        ("capitals_mode", c.c_int), ("flags", c.c_int),
    ]  # fmt: skip


class Library:
    """RHVoice with the voices of one folder."""

    def __init__(self, libraries: list[str], data: str) -> None:
        # Each is found by the next under its soname, so no search path has to be set.
        for path in libraries:
            self._c = c.CDLL(path, mode=c.RTLD_GLOBAL)
        for name in ("RHVoice_new_tts_engine", "RHVoice_new_message"):
            getattr(self._c, name).restype = c.c_void_p
        self._c.RHVoice_new_message.argtypes = [
            c.c_void_p, c.c_char_p, c.c_uint, c.c_int, c.POINTER(_SynthParams), c.c_void_p,
        ]  # fmt: skip
        self._c.RHVoice_speak.argtypes = self._c.RHVoice_delete_message.argtypes = [c.c_void_p]
        self._rate = 0
        self._samples = array.array("h")
        self._starts: list[tuple[int, int, int]] = []
        self._ends: list[tuple[int, int, int]] = []
        # ctypes frees a callback nobody holds, while the library still calls it.
        self._held = (_Rate(self._on_rate), _Play(self._on_speech), _Event(self._on_start), _Event(self._on_end))
        callbacks = _Callbacks(self._held[0], self._held[1], None, self._held[2], self._held[3])
        # No configuration: the machine's own RHVoice.conf and user dictionaries would change the sound.
        self._engine = self._c.RHVoice_new_tts_engine(
            c.byref(_InitParams(data.encode(), b"/nonexistent", None, callbacks, 0))
        )
        if not self._engine:
            raise ValueError(f"RHVoice does not start with the voices in {data}")

    def _on_rate(self, rate: int, _: object) -> int:
        self._rate = rate
        return 1

    def _on_speech(self, samples: Any, count: int, _: object) -> int:
        self._samples.frombytes(c.string_at(samples, count * 2))
        return 1

    def _on_start(self, position: int, length: int, _: object) -> int:
        self._starts.append((position, length, len(self._samples)))
        return 1

    def _on_end(self, position: int, length: int, _: object) -> int:
        self._ends.append((position, length, len(self._samples)))
        return 1

    def speak(self, text: str, profile: str, rate: float, pitch: float) -> dict[str, Any]:
        """One pass; times in samples, words as (byte offset, byte length, samples played before)."""
        self._samples = array.array("h")
        self._starts, self._ends = [], []
        data = text.encode()
        params = _SynthParams(profile.encode(), 0, 0, 0, rate, pitch, 1, 0, None, 0, 0)
        message = self._c.RHVoice_new_message(self._engine, data, len(data), 0, c.byref(params), None)
        if not message:
            raise ValueError(f"RHVoice cannot speak with {profile}")
        try:
            self._c.RHVoice_speak(message)
        finally:
            self._c.RHVoice_delete_message(message)
        return {"rate": self._rate, "samples": self._samples, "starts": self._starts, "ends": self._ends}


def main(data: str, *libraries: str) -> None:
    """Serve requests {text, profile, rate, pitch, out} with {rate, words: [[byte, length, start, end] in seconds]}."""
    library = Library(list(libraries), data)

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        text, profile, pace, pitch = (request[key] for key in ("text", "profile", "rate", "pitch"))
        spoken = library.speak(text, profile, pace, pitch)
        slower = max(SLOWEST, pace / 2)  # more would take longer than speaking does
        slow = library.speak(text, profile, slower, pitch) if slower < pace else spoken
        Path(request["out"]).write_bytes(spoken["samples"].tobytes())
        rate = spoken["rate"]
        words = []
        for index, (position, length, _) in enumerate(spoken["starts"]):
            times = []
            for kind in ("starts", "ends"):
                fine = (0.0, float("inf"))
                if [event[:2] for event in spoken[kind]] == [event[:2] for event in slow[kind]]:
                    stretch = len(spoken["samples"]) / max(1, len(slow["samples"]))
                    fine = _interval(slow[kind][index][2] / rate, stretch)
                coarse = _interval(spoken[kind][index][2] / rate, 1)
                times.append((max(coarse[0], fine[0]) + min(coarse[1], fine[1])) / 2)
            words.append([position, length, *times])
        return {"rate": rate, "words": words}

    serve(answer)


def _interval(played: float, stretch: float) -> tuple[float, float]:
    """The span of time the event lies in: the buffer that is played next."""
    return played * stretch, (played + BUFFER_SECONDS) * stretch


if __name__ == "__main__":
    main(*sys.argv[1:])
