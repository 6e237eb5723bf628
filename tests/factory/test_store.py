"""The store keeps what was made, and never hands out what it did not."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factory.digests import Digest, FileDigests
from factory.errors import OutputMissing, StoreError
from factory.store import Record, Store, digest_output

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "cache", FileDigests())


def put(store: Store, folder: Path, key: str, data: bytes) -> Digest:
    """Make a result."""
    file = folder / f"{key}.out"
    file.write_bytes(data)
    digest = Digest.of_bytes(data)
    store.put(Record(key, {"step": "make"}, {"out": digest}, seconds=1.5, label="block 1"), {"out": file})
    return digest


def test_what_is_put_is_found(store: Store, tmp_path: Path) -> None:
    """A result comes back with its record and its bytes, read-only."""
    digest = put(store, tmp_path, "abc", b"made")
    record = store.lookup("abc")
    assert record is not None
    assert (record.outputs, record.seconds, record.label) == ({"out": digest}, 1.5, "block 1")
    blob = store.blob(digest)
    assert blob is not None
    assert blob.read_bytes() == b"made"
    assert blob.stat().st_mode & 0o777 == 0o444


def test_equal_bytes_are_kept_once(store: Store, tmp_path: Path) -> None:
    """Two results with the same bytes share a blob."""
    put(store, tmp_path, "abc", b"same")
    put(store, tmp_path, "abd", b"same")
    assert len(list(store.blobs())) == 1


@pytest.mark.parametrize(
    "damage",
    [lambda blob: blob.write_bytes(b"evil"), lambda blob: blob.write_bytes(b"m"), Path.unlink],
    ids=["same size", "cut", "gone"],
)
def test_damaged_blob_is_never_handed_out(store: Store, tmp_path: Path, damage: Callable[[Path], object]) -> None:
    """A blob that is not its digest any more is dropped, and can be put again."""
    digest = put(store, tmp_path, "abc", b"made")
    blob = store.blob(digest)
    assert blob is not None
    blob.chmod(0o644)
    damage(blob)
    assert store.blob(digest) is None
    assert store.lookup("abc") is None
    put(store, tmp_path, "abc", b"made")
    assert store.lookup("abc") is not None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": "abc"}', '{"outputs": {"a": "x"}}'])
def test_damaged_record_is_a_miss(store: Store, tmp_path: Path, text: str) -> None:
    """A record that cannot be read is not an error; the step just runs."""
    put(store, tmp_path, "abc", b"made")
    (tmp_path / "cache/ac/ab/abc.json").write_text(text)
    assert store.lookup("abc") is None


def test_full_disk_is_told(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that cannot be written says so, and leaves no record behind."""

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreError, match="No space left"):
        put(store, tmp_path, "abc", b"made")
    monkeypatch.undo()
    assert store.lookup("abc") is None


@pytest.mark.parametrize("make", [lambda _: None, Path.touch, Path.mkdir, lambda path: path.symlink_to("/etc/hosts")])
def test_output_must_be_a_file_with_something_in_it(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """No file, an empty file, a folder and a link are no outputs."""
    make(tmp_path / "out")
    with pytest.raises(OutputMissing, match="out"):
        digest_output(tmp_path / "out", "make")
