"""script.json: what it holds, and what it must not depend on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recipes import script
from recipes.spec.model import Video
from tests.recipes.spec.conftest import HEAD, Root
from tests.recipes.spec.conftest import root as root  # noqa: PLC0414  # pytest finds the fixture by its name here
from tests.workbench import Workbench

SPEC = HEAD + (
    "videos:\n  - id: moon\n    title: The Moon\n    lexicon: {Luna: Loona}\n    blocks:\n"
    "      - {say: It took 25 % off. Luna turns., show: {image: images/moon.jpg, motion: zoom_in}, pause: 0.3}\n"
    "      - {id: end, say: Bye., show: images/moon.jpg, transition: {kind: slide, seconds: 0.5}}\n"
)


def moon(root: Root, spec: str = SPEC) -> Video:
    """The one video."""
    root.spec(spec)
    return root.videos()[0]


def written(video: Video, folder: Path) -> dict[str, Any]:
    """Its script.json."""
    found: dict[str, Any] = json.loads(Workbench(folder).deliver(script.target(video))["script.json"].read_text())
    return found


def test_script_keeps_shown_and_spoken_apart(root: Root, tmp_path: Path) -> None:
    """Each sentence has its text as written, the words spoken, and the pieces that tie the two together."""
    made = written(moon(root), tmp_path / "bench")
    first, last = made["blocks"]
    assert (made["version"], made["language"]) == (1, "en")
    assert [sentence["text"] for sentence in first["sentences"]] == ["It took 25 % off.", "Luna turns."]
    assert "twenty five percent" in first["sentences"][0]["spoken"]
    assert "Loona" in first["sentences"][1]["spoken"]
    for sentence in first["sentences"]:
        assert " ".join(token["text"] for token in sentence["tokens"]) == sentence["text"]
    assert first["files"] == {"image": "images/moon.jpg"}
    assert first["show"] == {"motion": "zoom_in"}
    assert (first["pause_ms"], last["id"], last["transition"]) == (300, "end", {"kind": "slide", "ms": 500})
    assert first["voice"] == {
        "engine": "piper",
        "name": "joe",
        "rate": 1.0,
        "pitch": 0.0,
        "volume": 0.0,
        "otherwise": [],
    }


@pytest.mark.parametrize(
    "edit",
    [
        ("title: The Moon", "title: The old Moon"),
        ("extends: shorts", "extends: longform\npause: 0.25"),
        ("videos:", "captions: ad\nvideos:"),
    ],
    ids=["title", "format", "captions"],
)
def test_words_do_not_depend_on_title_or_looks(root: Root, edit: tuple[str, str]) -> None:
    """A new title, geometry or caption style leaves the script's parameters as they were."""
    spec = SPEC.replace("say: Bye.", "say: Bye., pause: 0.25")
    before = script.target(moon(root, spec)).params
    assert script.target(moon(root, spec.replace(*edit))).params == before


def test_project_may_move(root: Root, tmp_path: Path) -> None:
    """No absolute path gets into the script."""
    assert str(tmp_path) not in json.dumps(script.target(moon(root)).params)
