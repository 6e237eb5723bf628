"""When a service is left alone, and when it is trusted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factory.errors import StepError, Transient
from recipes.voices import breaker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A clock that stands still until it is set, and a service nobody has asked yet."""
    now = [1000.0]
    monkeypatch.setattr("recipes.voices.breaker.time.monotonic", lambda: now[0])
    yield now
    breaker.reset("service")


def fail(times: int) -> None:
    """Ask in vain."""
    for _ in range(times):
        with pytest.raises(Transient), breaker.guarded("service"):
            raise Transient("busy")


def test_a_service_that_fails_everybody_is_left_alone() -> None:
    """After many failures in a row it is not asked, which is told at once as a failure waiting would not mend."""
    fail(breaker.FAILURES)
    with pytest.raises(StepError, match="left alone") as caught, breaker.guarded("service"):
        pytest.fail("it was asked")
    assert not isinstance(caught.value, Transient)


def test_a_success_forgives() -> None:
    """Failures count in a row only, and a refusal of one text is none."""
    for _ in range(3):
        fail(breaker.FAILURES - 1)
        with pytest.raises(StepError, match="text"), breaker.guarded("service"):
            raise StepError("not this text")
        with breaker.guarded("service"):
            pass


def test_after_a_pause_one_may_try(clock: list[float]) -> None:
    """One sentence asks again after the pause while others wait; what becomes of it decides for all."""
    fail(breaker.FAILURES)
    clock[0] += breaker.PAUSE_SECONDS + 1
    with breaker.guarded("service"), pytest.raises(StepError, match="left alone"), breaker.guarded("service"):
        pytest.fail("a second one asked")
    with breaker.guarded("service"):
        pass
