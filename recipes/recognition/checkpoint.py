"""The same Whisper for programs that want OpenAI's own file: CTranslate2's weights under OpenAI's names.

whisper-timestamped would fetch `base.pt` from the network; made from weights that are already here it is the same
model to the bit (both are 16-bit floats), and nothing is fetched.
"""

from __future__ import annotations

import re
import struct
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from recipes.provision import provide
from recipes.recognition import weights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from factory.step import Job

# Of CTranslate2's `model_spec.py`: the numbers it writes for the types of values.
_TYPES = ("float32", "int8", "int16", "int32", "float16")
_LAYERS = {"self_attention": ("attn", "attn_ln"), "attention": ("cross_attn", "cross_attn_ln")}
_PARTS = {
    ("self_attention", "linear_0"): ("query", "key", "value"),
    ("self_attention", "linear_1"): ("out",),
    ("attention", "linear_0"): ("query",),
    ("attention", "linear_1"): ("key", "value"),
    ("attention", "linear_2"): ("out",),
}
_NORMS = {"gamma": "weight", "beta": "bias"}


def base(job: Job) -> Path:
    """`base.pt`, made ready on first use. torch must be installed."""
    made = provide(
        job, "whisper-base-openai", lambda into: convert(weights.folder(job) / "model.bin", into / "base.pt")
    )
    return made / "base.pt"


def convert(model: Path, to: Path) -> None:
    """Write OpenAI's checkpoint of a multilingual `base` from CTranslate2's `model.bin`."""
    import torch  # noqa: PLC0415  # of the extra [whisper]

    with model.open("rb") as file:
        state = dict(renamed(read(file)))
    dims = {
        "n_mels": 80, "n_vocab": 51865,
        "n_audio_ctx": 1500, "n_audio_state": 512, "n_audio_head": 8, "n_audio_layer": 6,
        "n_text_ctx": 448, "n_text_state": 512, "n_text_head": 8, "n_text_layer": 6,
    }  # fmt: skip
    tensors = {name: torch.from_numpy(value.copy()) for name, value in state.items()}
    torch.save({"dims": dims, "model_state_dict": tensors}, to)


def read(file: IO[bytes]) -> Iterator[tuple[str, NDArray[Any]]]:
    """The values of a model in CTranslate2's binary format (version 6), with their names there."""

    def number(form: str) -> int:
        value: int = struct.unpack(form, file.read(struct.calcsize(form)))[0]
        return value

    def name() -> str:
        return file.read(number("<H"))[:-1].decode()

    number("<I")  # version of the format
    name(), number("<I")  # kind of model and its revision
    for _ in range(number("<I")):
        called, rank = name(), number("<B")
        shape = [number("<I") for _ in range(rank)]
        kind, size = number("<B"), number("<I")
        yield called, np.frombuffer(file.read(size), _TYPES[kind]).reshape(shape)


def renamed(values: Iterator[tuple[str, NDArray[Any]]]) -> Iterator[tuple[str, NDArray[Any]]]:
    """The same values under OpenAI's names: layers are blocks, and what is multiplied at once is kept apart."""
    for path, value in values:
        if not value.ndim or "alignment" in path:
            continue  # settings of CTranslate2
        side, *rest = path.split("/")
        if found := re.fullmatch(r"layer_(\d+)", rest[0]):
            yield from _block(f"{side}.blocks.{found[1]}", rest[1:], value)
        elif rest[0] == "embeddings":
            yield "decoder.token_embedding.weight", value
        elif rest[0] == "position_encodings":
            yield f"{side}.positional_embedding", value
        elif rest[0] == "layer_norm":
            yield f"{side}.{'ln_post' if side == 'encoder' else 'ln'}.{_NORMS[rest[1]]}", value
        else:  # the encoder's two convolutions
            yield f"{side}.{'.'.join(rest)}", value


def _block(block: str, rest: list[str], value: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    part, layer, leaf = rest
    if part == "ffn":
        name = f"mlp_ln.{_NORMS[leaf]}" if layer == "layer_norm" else f"mlp.{0 if layer == 'linear_0' else 2}.{leaf}"
        yield f"{block}.{name}", value
        return
    attention, norm = _LAYERS[part]
    if layer == "layer_norm":
        yield f"{block}.{norm}.{_NORMS[leaf]}", value
        return
    names = _PARTS[part, layer]
    for name, piece in zip(names, np.split(value, len(names)), strict=True):
        if (name, leaf) != ("key", "bias"):  # CTranslate2 fills in the bias that OpenAI's keys do not have
            yield f"{block}.{attention}.{name}.{leaf}", piece
