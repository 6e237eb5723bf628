"""The rules that hold the house together, checked on every module's imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = sorted(
    path for path in (ROOT / "factory").rglob("*.py") if not path.is_relative_to(ROOT / "factory" / "commands")
)
RECIPES = sorted((ROOT / "recipes").rglob("*.py"))
VOCABULARY = {"factory.step", "factory.target", "factory.errors", "factory.spec"}
"""What a recipe may know of the engine: how to describe a step, how to fail, and how to point at a mistake."""


def imported(path: Path) -> set[str]:
    """Every module a file imports, wherever the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_engine_knows_nothing_of_video(path: Path) -> None:
    """No module of `factory` but its commands imports a recipe."""
    assert not {name for name in imported(path) if name.split(".")[0] == "recipes"}


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: str(path.relative_to(ROOT)))
def test_recipes_know_nothing_of_building(path: Path) -> None:
    """A recipe imports no more of `factory` than the words to describe a step, an error and a problem in a spec."""
    engine = {name for name in imported(path) if name.split(".")[0] == "factory"}
    assert not {name for name in engine if ".".join(name.split(".")[:2]) not in VOCABULARY}


def test_modules_stay_small() -> None:
    """No module grows past 400 lines unnoticed."""
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in [*ENGINE, *RECIPES]}
    assert {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > 400} == {}
