"""A process that speaks with Kokoro, for `recipes.voices.kokoro`.

A process apart because espeak-ng, which reads the text for it (Piper brings it), is under the GPL. The network
works out how many frames each phoneme lasts; that becomes an output of it here, and is when each word sounds.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipes.voices.phonemes import BREAK, place
from recipes.voices.serving import serve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RATE = 24_000
LONGEST = 510
"""Phonemes it can say at once; a voice has one style for every length up to this."""
_FRAME = 600  # samples
# Seconds. What a sign sounds like begins this much before its frames do: measured with af_heart where speech comes out
# of silence (median of 50 sentences 44 ms) and where a sibilant follows a vowel (45 to 50 ms).
_LEAD = 0.045
_DURATIONS = "/encoder/Clip_output_0"
# Kokoro's alphabet (`config.json` of hexgrad/Kokoro-82M): the number of each sign.
_NUMBERS = {
    sign: number
    for first, signs in (
        (1, ";:,.!?"), (9, '—…"()“” \u0303ʣʥʦʨᵝ\uab67AI'), (31, "O"), (33, "Q"), (35, "ST"), (39, "W"),
        (41, "Yᵊabcdef"), (50, "hijklmnopqrstuvwxyzɑɐɒæ"), (75, "βɔɕç"), (80, "ɖðʤə"), (85, "ɚɛɜ"), (90, "ɟ"),
        (92, "ɡ"), (99, "ɥ"), (101, "ɨɪʝ"), (110, "ɯɰŋɳɲɴø"), (118, "ɸθœ"), (123, "ɹ"), (125, "ɾɻ"), (128, "ʁɽʂʃʈʧ"),
        (135, "ʊʋ"), (138, "ʌɣɤ"), (142, "χʎ"), (147, "ʒʔ"), (156, "ˈˌː"), (162, "ʰ"), (164, "ʲ"), (169, "↓"),
        (171, "→↗↘"), (177, "ᵻ"),
    )
    for number, sign in enumerate(signs, first)
}  # fmt: skip
# What espeak-ng writes → what Kokoro was taught by its own reader, misaki (`espeak.py` there), by accent.
_DIPHTHONGS = {"aɪ": "I", "aʊ": "W", "eɪ": "A", "ɔɪ": "Y", "dʒ": "ʤ", "tʃ": "ʧ"}
_SOUNDS = {"ʔn\u0329": "tᵊn", "əl": "ᵊl", "ʲ": "", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ɐ": "ə", "ɬ": "l", "ʔ": "t"}
_ACCENTS = {
    "en-us": {"oʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": "", "o": "ɔ", "e": "A", "ɾ": "T"},
    "en-gb": {"əʊ": "Q", "eə": "ɛː", "iə": "ɪə"},
}


def prepare(model: str, out: str) -> None:
    """Write the published model with its phonemes' durations as an output, as ONNX Runtime would optimise it."""
    import onnx  # noqa: PLC0415  # speaking does not need it
    import onnxruntime  # noqa: PLC0415

    graph = onnx.load(model)
    graph.graph.output.append(onnx.helper.make_tensor_value_info(_DURATIONS, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    # The highest level that holds for every processor.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = out
    onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])


def main(model: str, voices: str) -> None:
    """Serve requests {text, voice, accent, out} with {rate, words: [[start, end] in seconds]}."""
    import numpy as np  # noqa: PLC0415  # only the process needs them
    import onnxruntime  # noqa: PLC0415
    from piper.phonemize_espeak import EspeakPhonemizer  # noqa: PLC0415  # the GPL stays in this process

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    styles = np.load(voices)
    reader = EspeakPhonemizer()

    def read(text: str, accent: str) -> str:
        return spelled((BREAK.join("".join(part) for part in reader.phonemize(accent, text))), accent)

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        text, accent, style = request["text"], request["accent"], styles[request["voice"]]
        signs = read(text, accent)
        edges: list[int] = []  # where each sign begins
        said = 0
        with Path(request["out"]).open("wb") as out:
            for piece in pieces(signs):
                numbers = [0, *(_NUMBERS[sign] for sign in piece), 0]
                samples, frames = session.run(None, {
                    "tokens": np.array([numbers]), "style": style[len(piece) - 1], "speed": np.ones(1, np.float32)
                })  # fmt: skip
                out.write(samples.tobytes())
                # Frames of a silence, of each sign, and of another silence.
                begins = list(accumulate((int(count) * _FRAME for count in frames[0]), initial=said))
                said += samples.size
                if begins[-1] != said:
                    raise ValueError(f"Kokoro gives no times for {text!r}")
                edges += begins[1:-2]
        edges.append(begins[-2])
        spans = place([list(read(word, accent)) for word in text.split()], list(signs))
        times = [max(0.0, edge / RATE - _LEAD) for edge in edges]
        return {"rate": RATE, "words": [[times[first], times[last]] for first, last in spans]}

    serve(answer)


def spelled(phonemes: str, accent: str) -> str:
    """espeak-ng's phonemes in Kokoro's alphabet; what it has no sign for is left out."""
    table: Mapping[str, str] = _DIPHTHONGS | _SOUNDS | _ACCENTS[accent]
    sounds = re.compile("|".join(sorted(table, key=len, reverse=True)))
    said = sounds.sub(lambda match: table[match[0]], phonemes)
    return "".join(sign for sign in unicodedata.normalize("NFC", said) if sign in _NUMBERS)


def pieces(signs: str) -> Sequence[str]:
    """Signs in pieces short enough to be said at once, cut after a mark if there is one, else between words."""
    cut = []
    while len(signs) > LONGEST:
        head = signs[:LONGEST]
        ends = [match.end() for match in re.finditer(r"[;:,.!?] ", head)] or [head.rfind(BREAK) + 1]
        at = ends[-1] or LONGEST
        cut.append(signs[:at])
        signs = signs[at:]
    return [*cut, signs]


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
