"""A voice that fails in any known way costs a retry or the voice, never the video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.faults import FAULTS, Fault, endure

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_video_is_built(fault: Fault, tmp_path: Path) -> None:
    """In its own voice where the fault passes, else in the next one for the whole video, which is told."""
    endure(fault, tmp_path)
