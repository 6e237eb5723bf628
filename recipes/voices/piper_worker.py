"""A process that speaks with Piper, for `recipes.voices.piper`.

Piper knows how long each phoneme lasts but not which word it belongs to: espeak-ng, which reads the text for it, joins
and splits words (`of the` is one group, `twenty-one` two). So each word is also read alone, and the phonemes of the
words are aligned to those of the sentence.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipes.voices.serving import serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from piper import PiperVoice
    from piper.voice import AudioChunk

BREAK = " "
_STRESSES = "ˈˌ"


def prepare(package: str, out: str) -> None:
    """Write the model of a package with its phonemes' durations as an output, as ONNX Runtime would optimise it."""
    import onnx  # noqa: PLC0415  # 0.15 s that speaking does not need
    import onnxruntime  # noqa: PLC0415
    from piper.patch_voice_with_alignment import add_alignment_output  # noqa: PLC0415

    model = onnx.load(import_module(package).model_path())
    add_alignment_output(model)
    options = onnxruntime.SessionOptions()
    # The highest level that holds for every processor; the one above it changes nothing in these models.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = out
    onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def load(package: str, prepared: str) -> PiperVoice:
    """The voice of a package, with the model `prepare` wrote: as `PiperVoice.load` in a quarter of the time."""
    import onnxruntime  # noqa: PLC0415  # all of Piper stays in the worker
    from piper import PiperVoice  # noqa: PLC0415
    from piper.config import PiperConfig  # noqa: PLC0415

    config = PiperConfig.from_dict(json.loads(Path(import_module(package).config_path()).read_text("utf-8")))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # Planning which of 2,500 tensors may share memory took 0.8 s of the 1.1 s of loading; it saves 140 MB.
    options.enable_mem_reuse = False
    session = onnxruntime.InferenceSession(prepared, options, providers=["CPUExecutionProvider"])
    return PiperVoice(session=session, config=config)


def main(package: str, prepared: str) -> None:
    """Serve requests {text, rate, out} with {rate, words: [[start, end] in seconds]}."""
    from piper import SynthesisConfig  # noqa: PLC0415  # all of Piper stays in the worker

    voice = load(package, prepared)

    def read(word: str) -> list[str]:
        return [phoneme for sentence in voice.phonemize(word) for phoneme in sentence]

    def chunks(text: str, scale: float) -> list[AudioChunk]:
        # The two sources of chance are off; each sentence keeps its own loudness.
        config = SynthesisConfig(length_scale=scale, noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False)
        return list(voice.synthesize(text, config, include_alignments=True))

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        text, scale = request["text"], 1.0
        if request["rate"] != 1:
            scale = stretch(chunks(text, 1.0), request["rate"], voice.config.hop_length)
        phonemes: list[str] = []
        durations: list[int] = []
        with Path(request["out"]).open("wb") as out:
            for chunk in chunks(text, scale):
                out.write(chunk.audio_float_array.tobytes())
                if chunk.phoneme_alignments is None:
                    raise ValueError(f"Piper gives no times for {text!r}")
                phonemes += [alignment.phoneme for alignment in chunk.phoneme_alignments] + [BREAK]
                durations += [int(alignment.num_samples) for alignment in chunk.phoneme_alignments] + [0]
        rate = voice.config.sample_rate
        edges = [0, *accumulate(durations)]
        spans = place([read(word) for word in text.split()], phonemes)
        return {"rate": rate, "words": [[edges[first] / rate, edges[last] / rate] for first, last in spans]}

    serve(answer)


def stretch(chunks: Sequence[AudioChunk], rate: float, hop: int) -> float:
    """The length scale that makes these chunks, spoken at scale 1, `rate` times as fast.

    Piper rounds every phoneme up to a whole hop, half a hop on average, whatever the scale: only the rest is scaled.
    """
    samples = sum(len(chunk.audio_float_array) for chunk in chunks)
    rounding = sum(len(chunk.phoneme_ids) for chunk in chunks) * hop / 2
    return max((samples / rate - rounding) / (samples - rounding), 0.1)


def place(words: Sequence[Sequence[str]], sentence: Sequence[str]) -> list[tuple[int, int]]:
    """For each word, given by its phonemes, the span [first, last) of its phonemes in the sentence.

    Global alignment (Needleman and Wunsch, 1970), where a break between words matches a break of the sentence for
    nothing and a sound for much; a word none of whose sounds is found gets an empty span where it must be.
    """
    told: list[tuple[str, int]] = [("", -1)]
    for index, word in enumerate(words):
        sounds = [(phoneme, index) for phoneme in word if phoneme.isalpha()]
        told += [*sounds, (BREAK, -1)]
    heard = ["", *sentence]
    height, width = len(told), len(heard)
    cost = [[0.0] * width for _ in range(height)]
    for i in range(height):
        for j in range(width):
            if i or j:
                cost[i][j] = min(
                    cost[i - 1][j - 1] + _change(told[i][0], heard[j]) if i and j else float("inf"),
                    cost[i - 1][j] + _skip(told[i][0]) if i else float("inf"),
                    cost[i][j - 1] + _skip(heard[j]) if j else float("inf"),
                )
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    i, j = height - 1, width - 1
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + _change(told[i][0], heard[j]):
            if (spoken := told[i][1]) >= 0:
                first[spoken] = j - 1
                last.setdefault(spoken, j)
            i, j = i - 1, j - 1
        elif i and cost[i][j] == cost[i - 1][j] + _skip(told[i][0]):
            i -= 1
        else:
            j -= 1
    spans = []
    reached = 0
    for index in range(len(words)):
        begin = first.get(index, reached)
        while begin > reached and sentence[begin - 1] in _STRESSES:
            begin -= 1  # the mark of stress is spoken with the sound after it
        reached = max(begin, last.get(index, begin))
        spans.append((begin, reached))
    return spans


def _change(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return 1.2 if a.isalpha() and b.isalpha() else 4.0


def _skip(phoneme: str) -> float:
    # Marks of stress and punctuation are in the sentence only.
    return 1.0 if phoneme.isalpha() else 0.6 if phoneme == BREAK else 0.1


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
