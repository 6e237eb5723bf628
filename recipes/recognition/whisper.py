"""One clip of speech, heard: freely, with the script whispered to it beforehand, or held to the script word by word."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from factory.errors import StepError
from recipes.recognition import RATE, weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from factory.step import Job

LONGEST = 28.0
"""Seconds of a clip: Whisper looks at 30 at a time, and silence around it does it good."""
_FRAMES = 3000
_FRAME_SECONDS, _ATTENTION_SECONDS = 0.01, 0.02
_BEAM = 5
_PROMPT = 220  # tokens of a prompt; Whisper was trained with half of its 448
_TOKENS_PER_SECOND, _TOKENS_AT_LEAST = 14, 24  # more than anybody can say: a loop of the decoder ends here
_WORKERS = 2

_loading = threading.Lock()


@dataclass(frozen=True)
class Placed:
    """Where a known word lies in the sound, in seconds, and how sure Whisper is of each of its tokens."""

    start: float
    end: float
    log_probabilities: tuple[float, ...]


class Clip:
    """Up to `LONGEST` seconds of speech. The sound is encoded once, however often it is asked about."""

    def __init__(self, job: Job, samples: NDArray[np.float32], language: str) -> None:
        """`samples` are mono at `RATE`. Raises StepError for a language Whisper does not know."""
        self._whisper = _load(weights.folder(job))
        self._seconds = len(samples) / RATE
        self._samples = samples
        self._tokenizer = _tokenizer(self._whisper, language.partition("-")[0].lower())

    def text(self, prompt: str = "") -> str:
        """What is heard. A `prompt` is text Whisper takes for what was said just before, and leans to."""
        before = self._tokenizer.encode(" " + prompt.strip())[-_PROMPT:] if prompt else []
        asked = self._whisper.get_prompt(self._tokenizer, before, without_timestamps=True)
        room = _TOKENS_AT_LEAST + round(self._seconds * _TOKENS_PER_SECOND)
        result = self._whisper.model.generate(
            self._encoded,
            [asked],
            beam_size=_BEAM,
            max_length=min(self._whisper.max_length, len(asked) + room),
            suppress_blank=True,
            suppress_tokens=[-1],
        )
        said: str = self._tokenizer.decode(result[0].sequences_ids[0])
        return said.strip()

    def place(self, words: Sequence[str]) -> list[Placed]:
        """Where each word of a known text lies (CTranslate2's alignment of cross-attention), in the order said."""
        if not words:
            return []
        pieces = [self._tokenizer.encode(" " + word) for word in words]
        tokens = [token for piece in pieces for token in piece]
        frames = max(2, round(self._seconds / _FRAME_SECONDS))
        found = self._whisper.model.align(self._encoded, self._tokenizer.sot_sequence, [tokens], [frames])[0]
        text, time = (np.array(column) for column in zip(*found.alignments, strict=True))
        first = np.searchsorted(text, np.arange(len(tokens) + 1))
        starts = time[np.minimum(first, len(time) - 1)] * _ATTENTION_SECONDS
        ends = np.cumsum([len(piece) for piece in pieces])
        probabilities = np.log(np.maximum(found.text_token_probs, 1e-10))
        return [
            Placed(
                float(starts[end - len(piece)]),
                float(starts[end]) if end < len(tokens) else min(self._seconds, float(starts[-1])),
                tuple(float(value) for value in probabilities[end - len(piece) : end]),
            )
            for end, piece in zip(ends.tolist(), pieces, strict=True)
        ]

    @cached_property
    def _encoded(self) -> Any:
        features = self._whisper.feature_extractor(self._samples)[:, :_FRAMES]
        return self._whisper.encode(np.pad(features, ((0, 0), (0, _FRAMES - features.shape[1]))))


def dictate(
    job: Job, samples: NDArray[np.float32], language: str | None = None
) -> tuple[str, list[tuple[str, float, float]]]:
    """The language and the words of speech of any length (mono at `RATE`), with their spans in seconds.

    The language (BCP 47) is that of the beginning where none is given. Raises StepError for one Whisper does not know.

    Samples, not a file: faster-whisper 1.2.1 cannot open files with the PyAV of this project.
    """
    whisper = _load(weights.folder(job))
    primary = language and language.partition("-")[0].lower()
    if primary:
        _tokenizer(whisper, primary)  # which raises for a language that Whisper does not know
    segments, about = whisper.transcribe(
        samples,
        language=primary,
        beam_size=_BEAM,
        word_timestamps=True,
        condition_on_previous_text=False,
    )
    words = []
    for segment in segments:
        job.check()
        job.progress(segment.end, len(samples) / RATE)
        words += [(word.word.strip(), float(word.start), float(word.end)) for word in segment.words]
    return str(about.language), words


def _load(folder: Path) -> Any:
    with _loading:
        return _loaded(folder)


@cache
def _loaded(folder: Path) -> Any:
    """One model for all threads: several steps listen at once, each on one core, so that the sums add up the same."""
    import faster_whisper  # noqa: PLC0415  # of the extra [qa]

    return faster_whisper.WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=1, num_workers=_WORKERS, local_files_only=True
    )


@cache
def _tokenizer(whisper: Any, language: str) -> Any:
    from faster_whisper.tokenizer import Tokenizer  # noqa: PLC0415  # of the extra [qa]

    try:
        return Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=language)
    except ValueError as error:
        raise StepError(f"Whisper does not know the language {language!r}") from error
