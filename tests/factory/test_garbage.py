"""What garbage collection takes and what it leaves."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from factory.digests import Digest, FileDigests
from factory.garbage import DAY, collect
from factory.store import Record, Store

if TYPE_CHECKING:
    from pathlib import Path

NOW = time.time() + DAY


def store_with(folder: Path, **kinds: str) -> Store:
    """A store with a result of each kind, each holding ten bytes of its own."""
    store = Store(folder / "cache", FileDigests())
    for key, kind in kinds.items():
        data = key.ljust(10).encode()
        file = folder / key
        file.write_bytes(data)
        store.put(Record(key, {"step": kind}, {"out": Digest.of_bytes(data)}, seconds=1, kind=kind), {"out": file})
    return store


def kept(store: Store) -> set[str]:
    """The keys still there."""
    return {file.stem for file in store.records()}


def test_longest_unused_goes_first(tmp_path: Path) -> None:
    """A store too big loses its longest unused results, and only as many as it must."""
    store = store_with(tmp_path, aaa="artifact", bbb="artifact", ccc="artifact")
    time.sleep(0.02)
    store.lookup("aaa")
    done = collect(store, set(), max_bytes=25, now=NOW)
    assert kept(store) == {"aaa", "ccc"}
    assert (done.results, done.blobs, done.freed, done.left) == (1, 1, 10, 20)


def test_what_a_live_target_needs_stays(tmp_path: Path) -> None:
    """Roots are never collected, however full and old the store."""
    store = store_with(tmp_path, aaa="script", bbb="artifact")
    collect(store, {"aaa"}, max_bytes=0, now=NOW + 1000 * DAY)
    assert kept(store) == {"aaa"}


def test_kinds_have_their_own_lifetimes(tmp_path: Path) -> None:
    """Scripts go after a week, speech after a month, the rest when room is needed."""
    store = store_with(tmp_path, aaa="script", bbb="speech", ccc="artifact")
    collect(store, set(), max_bytes=1000, now=NOW + 8 * DAY)
    assert kept(store) == {"bbb", "ccc"}
    collect(store, set(), max_bytes=1000, now=NOW + 31 * DAY)
    assert kept(store) == {"ccc"}


def test_shared_blob_stays_while_anything_names_it(tmp_path: Path) -> None:
    """A blob two results share is kept until both are gone."""
    store = store_with(tmp_path, aaa="script")
    other = tmp_path / "other"
    other.write_bytes(b"aaa".ljust(10))
    digest = Digest.of_bytes(b"aaa".ljust(10))
    store.put(Record("bbb", {"step": "x"}, {"out": digest}, seconds=1), {"out": other})
    collect(store, set(), max_bytes=1000, now=NOW + 8 * DAY)
    assert kept(store) == {"bbb"}
    assert store.lookup("bbb") is not None


def test_young_results_may_belong_to_a_running_build(tmp_path: Path) -> None:
    """Nothing younger than an hour is taken."""
    store = store_with(tmp_path, aaa="artifact")
    (tmp_path / "cache/cas/zz").mkdir(parents=True)
    (tmp_path / "cache/cas/zz/zz").write_bytes(b"not yet named by a record")
    done = collect(store, set(), max_bytes=0)
    assert (done.results, done.blobs) == (0, 0)


def test_room_is_made_on_the_disk(tmp_path: Path) -> None:
    """Asked to give back so many bytes, a store gives at least those, the longest unused first."""
    store = store_with(tmp_path, aaa="artifact", bbb="artifact", ccc="artifact")
    time.sleep(0.02)
    store.lookup("aaa")
    done = collect(store, set(), max_bytes=1000, release=11, now=NOW)
    assert kept(store) == {"aaa"}
    assert done.freed == 20


def test_result_from_the_future_stays(tmp_path: Path) -> None:
    """After the clock has jumped back, what was used “tomorrow” is not taken for old."""
    store = store_with(tmp_path, aaa="script")
    collect(store, set(), max_bytes=0, now=time.time() - 1000 * DAY)
    assert kept(store) == {"aaa"}


@pytest.mark.slow
def test_ten_thousand_results(tmp_path: Path) -> None:
    """A store of ten thousand results is brought to a tenth, and keeps exactly what was used last."""
    names = [f"{number:05x}".ljust(10, "0") for number in range(10_000)]
    store = store_with(tmp_path, **dict.fromkeys(names, "artifact"))
    for number, name in enumerate(names):
        stamp = NOW - DAY - len(names) + number
        os.utime(tmp_path / "cache" / "ac" / name[:2] / f"{name}.json", (stamp, stamp))
    done = collect(store, set(), max_bytes=10_000, now=NOW)
    assert (done.results, done.blobs, done.left) == (9_000, 9_000, 10_000)
    assert kept(store) == set(names[9_000:])
    assert all(store.lookup(name) for name in names[9_000:])
