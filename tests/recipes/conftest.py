"""What tests of recipes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factory.step import Step
from tests.workbench import BenchJob

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def job(tmp_path: Path) -> BenchJob:
    """A job of nothing in particular."""
    folder = tmp_path / "job"
    folder.mkdir()
    return BenchJob(Step("speak", print, ("speech.wav", "words.json")), {}, folder)
