"""Volume limits: each network its own, and one for everybody that nobody uses up for the others."""

from __future__ import annotations

import pytest
from limits import RateLimitItemPerHour

from cases import limits
from cases.networks import LOOPBACK
from portal.core.errors import TooMany


@pytest.fixture(autouse=True)
def few(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of one kind for each, four for everybody."""
    limits._limiter.cache_clear()
    monkeypatch.setitem(limits.LIMITS, "code", (RateLimitItemPerHour(4), RateLimitItemPerHour(2)))


def refused(key: str) -> bool:
    try:
        limits.spend("code", key)
    except TooMany:
        return True
    return False


def test_a_network_that_floods_shuts_out_itself_alone() -> None:
    assert [refused("loud") for _ in range(50)] == [False] * 2 + [True] * 48
    assert [refused("quiet"), refused("quiet")] == [False, False]


def test_the_refusal_says_how_long() -> None:
    refused("one")
    refused("one")
    with pytest.raises(TooMany) as found:
        limits.spend("code", "one")
    assert (found.value.code, found.value.retry_after) == ("too_many", 3600)


def test_everybody_together_has_a_limit_too() -> None:
    assert [refused(f"net{number}") for number in range(6)] == [False] * 4 + [True] * 2


def test_this_machine_has_the_limit_of_everybody_alone() -> None:
    assert [refused(LOOPBACK) for _ in range(5)] == [False] * 4 + [True]


def test_work_is_asked_for_before_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.FREE, "code", RateLimitItemPerHour(1))
    assert not limits.is_busy("code", "one")
    assert not refused("one")
    assert limits.is_busy("code", "one")
    assert not limits.is_busy("code", "another")
