"""A process that speaks with Piper, for `recipes.voices.piper`.

Piper knows how long each phoneme lasts but not which word it belongs to: that is found in `recipes.voices.phonemes`.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipes.voices.phonemes import BREAK, place
from recipes.voices.serving import serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from piper import PiperVoice
    from piper.voice import AudioChunk


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


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
