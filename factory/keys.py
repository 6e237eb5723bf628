"""The key of a step: everything that can change its bytes, and nothing else.

A key is the sha256 of a canonical JSON document, and the document is kept beside the result, so that two builds can
be compared field by field (`doit why`) and not only found different.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factory.code import code_digest

if TYPE_CHECKING:
    from factory.digests import Digest
    from factory.step import Json, Step

SCHEMA = 1
"""Raised when the meaning of a key changes; every older result is then a miss."""


@dataclass(frozen=True, slots=True)
class Key:
    """`spec` is the readable document, `id` its sha256: the name of the result in the action cache."""

    id: str
    spec: Mapping[str, Json]


def canonical(value: Json) -> bytes:
    """The one way to write `value`: keys sorted, no spaces, floats in shortest exact form. NaN is a ValueError."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
    return text.encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} is not JSON: a step's parameters must be plain data")


def fingerprint(value: Json) -> str:
    """sha256 of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def key_of(step: Step, inputs: Mapping[str, Digest], *, salt: str = "") -> Key:
    """The key of `step` when its inputs hold what `inputs` says.

    `salt` disowns every result made without it (Bazel's word): for a store that was poisoned.
    """
    spec: dict[str, Json] = {
        "schema": SCHEMA,
        "step": step.name,
        "code": code_digest(step.run),
        "uses": sorted(code_digest(used) for used in step.uses),
        "params": step.params,
        "inputs": {role: str(digest) for role, digest in inputs.items()},
        "outputs": sorted(step.outputs),
        "tools": step.tools,
    }
    if salt:
        spec["salt"] = salt
    return Key(fingerprint(spec), spec)
