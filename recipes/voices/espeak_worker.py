"""A process that speaks with espeak-ng's C library (`speak_lib.h`), for `recipes.voices.espeak` and for alignment.

espeak-ng says at which sample each word and each phoneme begins; it is the one voice that is exact about it.
"""

from __future__ import annotations

import array
import ctypes as c
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from recipes.voices.serving import serve

if TYPE_CHECKING:
    from collections.abc import Sequence

PACE = 175
"""Words a minute at rate 1, espeak-ng's own default."""
_SYNCHRONOUS, _PHONEME_EVENTS, _CHARACTERS, _UTF8, _RATE = 2, 1, 1, 1, 1
_WORD, _PHONEME = 1, 7


class _Event(c.Structure):
    _fields_: ClassVar = [
        ("type", c.c_int), ("identifier", c.c_uint), ("position", c.c_int), ("length", c.c_int), ("time", c.c_int),
        ("sample", c.c_int), ("user", c.c_void_p), ("id", c.c_char * 8),
    ]  # fmt: skip


_Callback = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))


class Library:
    """espeak-ng with one voice at a time."""

    def __init__(self) -> None:
        # The GPL stays in this process.
        import espeakng_loader  # noqa: PLC0415

        self._c = c.CDLL(espeakng_loader.get_library_path())
        self._c.espeak_Initialize.argtypes = [c.c_int, c.c_int, c.c_char_p, c.c_int]
        self._c.espeak_Synth.argtypes = [
            c.c_char_p, c.c_size_t, c.c_uint, c.c_int, c.c_uint, c.c_uint, c.c_void_p, c.c_void_p,
        ]  # fmt: skip
        data = espeakng_loader.get_data_path().encode()
        self.rate = self._c.espeak_Initialize(_SYNCHRONOUS, 0, data, _PHONEME_EVENTS)
        if self.rate <= 0:
            raise RuntimeError(f"espeak-ng does not start with the data in {data!r}")
        self._samples = array.array("h")
        self._events: list[tuple[int, int, int, bytes]] = []
        self._held = _Callback(self._on_speech)  # ctypes frees a callback nobody holds
        self._c.espeak_SetSynthCallback(self._held)

    def _on_speech(self, samples: Any, count: int, events: Any) -> int:
        if samples and count:
            self._samples.frombytes(c.string_at(samples, count * 2))
        index = 0
        while events[index].type:
            event = events[index]
            self._events.append((event.type, event.position - 1, event.sample, event.id))
            index += 1
        return 0

    def speak(self, text: str, voice: str, rate: float) -> tuple[array.array[int], list[tuple[int, int, int, bytes]]]:
        """Samples, and events as (kind, character, sample, phoneme)."""
        self._samples, self._events = array.array("h"), []
        if self._c.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        self._c.espeak_SetParameter(_RATE, round(PACE * rate), 0)
        data = text.encode() + b"\0"
        if self._c.espeak_Synth(data, len(data), 0, _CHARACTERS, 0, _UTF8, None, None):
            raise ValueError(f"espeak-ng cannot speak {text!r}")
        return self._samples, self._events


def main() -> None:
    """Serve requests {text, voice, rate, out} with {rate, words: [[start, end] in seconds]}."""
    library = Library()

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        samples, events = library.speak(request["text"], request["voice"], request["rate"])
        Path(request["out"]).write_bytes(samples.tobytes())
        spans = place(request["text"], events, len(samples))
        return {
            "rate": library.rate,
            "words": [[start / library.rate, end / library.rate] for start, end in spans],
        }

    serve(answer)


def place(text: str, events: Sequence[tuple[int, int, int, bytes]], length: int) -> list[tuple[float, float]]:
    """The span of each word in samples; words espeak-ng joins (`of the`) share theirs by their letters."""
    words = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        words.append((at, at + len(word)))
        at += len(word)
    begins = [(character, sample) for kind, character, sample, _ in events if kind == _WORD]
    silences = [sample for kind, _, sample, name in events if kind == _PHONEME and name.startswith(b"_")]
    # A group of words begins with the first that has an event of its own.
    groups: list[tuple[list[int], int]] = []
    for index, (start, end) in enumerate(words):
        own = [sample for character, sample in begins if start <= character < end]
        if own or not groups:
            groups.append(([index], own[0] if own else 0))
        else:
            groups[-1][0].append(index)
    spans: list[tuple[float, float]] = []
    for (members, begin), (_, following) in pairwise([*groups, ([], length)]):
        end = min([following, *(silence for silence in silences if begin < silence < following)])
        sizes = [words[index][1] - words[index][0] for index in members]
        edges = [begin + (end - begin) * sum(sizes[:count]) / sum(sizes) for count in range(len(sizes) + 1)]
        spans += pairwise(edges)
    return spans


if __name__ == "__main__":
    main(*sys.argv[1:])
