"""Sound as steps hand it on: WAV files of 16 bits; speech mono, at whatever rate the voice has."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


def read(path: Path) -> tuple[NDArray[np.float32], int]:
    """Samples within ±1, and how many a second."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    with wave.open(str(path), "rb") as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return data.astype(np.float32) / np.float32(32768), file.getframerate()


def mapped(path: Path) -> NDArray[np.int16]:
    """The samples of a file of any length, one row a moment and one column a channel, read as they are used."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    with path.open("rb") as raw, wave.open(raw, "rb") as file:
        # The reader stands where the samples begin.
        shape = (file.getnframes(), file.getnchannels())
        return np.memmap(path, "<i2", "r", offset=raw.tell(), shape=shape)


def size(path: Path) -> tuple[int, int]:
    """How many samples, and how many a second, from the header alone."""
    with wave.open(str(path), "rb") as file:
        return file.getnframes(), file.getframerate()


def write(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    """Samples within ±1; what is outside is cut off."""
    import numpy as np  # noqa: PLC0415  # steps load it when they run

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
