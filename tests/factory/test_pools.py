"""Which step starts next."""

from __future__ import annotations

from factory.pools import Pools


def taken(pools: Pools[str]) -> list[str]:
    """All that may start now."""
    items = []
    while (item := pools.take()) is not None:
        items.append(item)
    return items


def test_first_video_goes_first() -> None:
    """A lower order starts first, whatever its pool; equals in the order they came."""
    pools: Pools[str] = Pools(3, {})
    for pool, order, item in [("cpu", 2, "c"), ("encode", 1, "a"), ("cpu", 1, "b"), ("cpu", 3, "d")]:
        pools.add(pool, order, item)
    assert taken(pools) == ["a", "b", "c"]


def test_limited_pool_does_not_hold_up_others() -> None:
    """A full pool waits, and what comes after it starts in its stead."""
    pools: Pools[str] = Pools(4, {"encode": 1})
    for order, pool in enumerate(["encode", "encode", "cpu", "gpu", "gpu"]):
        pools.add(pool, order, f"{pool}{order}")
    assert taken(pools) == ["encode0", "cpu2", "gpu3"]
    pools.release("encode")
    assert taken(pools) == ["encode1"]


def test_waiting_for_a_service_takes_no_slot() -> None:
    """Steps of an `api:` pool run beside the others, up to a limit of their own."""
    pools: Pools[str] = Pools(1, {"api:edge": 2})
    for number in range(3):
        pools.add("api:edge", number, f"api{number}")
        pools.add("cpu", number, f"cpu{number}")
    assert taken(pools) == ["api0", "cpu0", "api1"]
