"""Which edits of a recipe change its digest."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from factory import code, files, source
from factory.code import code_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FILES: Mapping[str, str] = {
    "__init__": "",
    "main": '''
"""A recipe."""
from pkg import tools
from pkg.helper import help_out, LIMIT as most
TABLE = {"a": 1}
TABLE["b"] = 2

def run(job: "Job") -> None:
    """Runs."""
    from pkg.lazy import late
    total: int = help_out(TABLE) + most + late()
    tools.inner.deep(total)

def unrelated():
    return 1
''',
    "helper": """
from pkg.base import Base
LIMIT = 3
class Helper(Base):
    size: int = 1
    def go(self): return self.size
def help_out(table): return Helper().go()
def unused(): return "unused"
""",
    "base": "class Base:\n    def go(self): return 0\n",
    "lazy": "def late(): return 1\n",
    "tools/__init__": "from pkg.tools import inner\n",
    "tools/inner": "def deep(x): return x\ndef shallow(x): return x\n",
}


@pytest.fixture
def digest_with(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """The digest of `run` in a package with some texts replaced."""

    def digest(file: str = "main", old: str = "", new: str = "") -> str:
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        for name, text in FILES.items():
            path = folder / "pkg" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            assert name != file or old in text
            path.write_text(text.replace(old, new) if name == file else text)
        sys.path.insert(0, str(folder))
        try:
            importlib.invalidate_caches()
            return code_digest(importlib.import_module("pkg.main").run)
        finally:
            sys.path.remove(str(folder))
            forget()

    yield digest
    forget()


def forget() -> None:
    """Unload the package."""
    for modules in (sys.modules, source._MODULES):
        for name in [name for name in modules if name.partition(".")[0] == "pkg"]:
            del modules[name]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("main", "+ most", "- most"),
        ("main", '"a": 1', '"a": 9'),
        ("main", 'TABLE["b"] = 2', 'TABLE["b"] = 9'),
        ("helper", "LIMIT = 3", "LIMIT = 4"),
        ("helper", "Helper().go()", "Helper().go() + 1"),
        ("helper", "return self.size", "return -self.size"),
        ("base", "return 0", "return 1"),
        ("lazy", "return 1", "return 2"),
        ("tools/inner", "def deep(x): return x", "def deep(x): return -x"),
    ],
)
def test_code_that_is_reached_counts(digest_with: Callable[..., str], file: str, old: str, new: str) -> None:
    """Functions, classes, bases, constants, changed tables, lazy imports and modules' attributes are followed."""
    assert digest_with() != digest_with(file, old, new)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("main", '"""Runs."""', '"""Runs, and how."""'),
        ("main", "def unrelated():\n    return 1", "def unrelated():\n    return 2"),
        ("main", "total: int", "total: float"),
        ("main", 'job: "Job"', "job"),
        ("helper", 'return "unused"', "return None"),
        ("tools/inner", "def shallow(x): return x", "def shallow(x): return -x"),
        ("lazy", "def late", "# a comment\ndef late"),
    ],
)
def test_code_that_is_not_reached_does_not(digest_with: Callable[..., str], file: str, old: str, new: str) -> None:
    """Docstrings, comments, annotations of functions and neighbours nobody calls leave the digest alone."""
    assert digest_with() == digest_with(file, old, new)


def test_code_without_source_is_refused() -> None:
    """A lambda, a closure or a builtin cannot be keyed by its code, and says so."""
    for nameless in (lambda: None, len, str.upper):
        with pytest.raises(TypeError, match="top of a module"):
            code_digest(nameless)


def test_digests_outlive_the_process_under_their_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A digest is taken from the memory while the stamp is the same, and read from the code again when it is not."""
    memory = tmp_path / "code.json"
    code._remembered.clear()
    with code.remembering(memory, "one"):
        digest = code_digest(files.replacing)  # not of a followed package: never remembered
        monkeypatch.setattr(code, "FOLLOWED", ("factory",))
        code_digest.cache_clear()
        assert code_digest(files.replacing) == digest
    for stamp, expected in (("one", "as remembered"), ("two", digest)):
        code._remembered.clear()
        code_digest.cache_clear()
        text = memory.read_text(encoding="utf-8")
        assert text.count(digest) == 1
        memory.write_text(text.replace(digest, "as remembered"), encoding="utf-8")
        with code.remembering(memory, stamp):
            assert code_digest(files.replacing) == expected
        memory.write_text(text, encoding="utf-8")
    code._remembered.clear()
    code_digest.cache_clear()


def test_a_broken_memory_is_done_without(tmp_path: Path) -> None:
    """A memory cut short by a full disk costs reading the code again, and nothing else."""
    memory = tmp_path / "code.json"
    memory.write_text('{"stamp": "one", "dig', encoding="utf-8")
    with code.remembering(memory, "one"):
        assert code_digest(files.replacing)
