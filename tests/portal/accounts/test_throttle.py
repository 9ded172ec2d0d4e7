"""Guessing is slow, and nobody is locked out by somebody else's guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts import throttle
from portal.accounts.models import Attempts, Staff, TotpDevice
from portal.core.errors import TooMany
from tests.factories import make_agency, make_staff
from tests.portal.accounts.codes import code_of, wrong_code_of

PASSWORD = "correct horse battery staple"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Staff:
    make_agency()
    return make_staff(password=PASSWORD, email="ada@agency.example")


def try_password(password: str, *, address: str = "192.0.2.7", email: str = "ada@agency.example") -> Any:
    browser = Client(REMOTE_ADDR=address)
    return browser.post("/desk/login", {"email": email, "password": password})


def take(count: int, at: datetime, value: str = "ada 192.0.2.0/24") -> None:
    for _ in range(count):
        throttle.take(throttle.ACCOUNT, value, at=at)


def test_the_sixth_try_waits_a_minute_even_with_the_right_password(ada: Staff) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert [try_password("wrong").status_code for _ in range(5)] == [422] * 5
        closed = try_password(PASSWORD)
        assert (closed.status_code, closed.headers["Retry-After"]) == (429, "60")
        assert "You can try again in 1 minute." in closed.content.decode()
        clock.shift(61)
        assert try_password(PASSWORD).status_code == 302


def test_an_unknown_address_is_closed_just_the_same() -> None:
    make_agency()
    statuses = [try_password("wrong", email="nobody@agency.example").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_guesses_from_elsewhere_do_not_lock_the_owner_out(ada: Staff) -> None:
    for _ in range(8):
        try_password("guess", address="198.51.100.9")
    assert try_password("guess", address="198.51.100.200").status_code == 429
    assert try_password(PASSWORD, address="192.0.2.7").status_code == 302


def test_success_clears_the_count_of_this_network_only(ada: Staff) -> None:
    for _ in range(4):
        try_password("wrong")
        try_password("wrong", address="198.51.100.9")
    assert try_password(PASSWORD).status_code == 302
    assert [try_password("wrong").status_code for _ in range(5)] == [422] * 5
    assert [try_password("x", address="198.51.100.9").status_code for _ in range(2)] == [422, 429]


def test_a_network_that_guesses_across_accounts_is_closed(ada: Staff) -> None:
    for number in range(throttle.NETWORK.free):
        throttle.take(throttle.NETWORK, "192.0.2.0/24", at=datetime.now(UTC) - timedelta(seconds=number % 3))
    assert try_password(PASSWORD).status_code == 429
    assert try_password(PASSWORD, address="198.51.100.9").status_code == 302


def test_successes_do_not_fill_the_count_of_a_network(ada: Staff) -> None:
    for _ in range(3):
        assert try_password(PASSWORD).status_code == 302
    assert [row.failures for row in Attempts.objects.all()] == [0, 0]


def test_waits_double_to_a_quarter_of_an_hour() -> None:
    at, waits = NOON, []
    take(4, at)
    for _ in range(7):
        take(1, at)
        with pytest.raises(TooMany) as refusal:
            take(1, at)
        waits.append(refusal.value.retry_after)
        at += timedelta(seconds=refusal.value.retry_after)
    assert waits == [60, 120, 240, 480, 900, 900, 900]


def test_a_day_without_failures_is_a_fresh_start() -> None:
    take(4, NOON)
    take(4, NOON + timedelta(hours=24))
    assert Attempts.objects.get().failures == 4


def test_old_counts_are_swept(ada: Staff) -> None:
    take(1, NOON)
    try_password(PASSWORD)
    assert not Attempts.objects.filter(last_at=NOON).exists()


def test_the_table_names_neither_account_nor_network(ada: Staff) -> None:
    try_password("wrong")
    keys = [bytes(row.key) for row in Attempts.objects.all()]
    assert [len(key) for key in keys] == [32, 32]
    assert not any(b"ada" in key or b"192" in key for key in keys)


def test_wrong_codes_wait_longer_each_time(ada: Staff, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client.post("/desk/login", {"email": ada.email, "password": PASSWORD})
        for wait in (1, 2, 4, 8):
            wrong = wrong_code_of(ada)
            assert client.post("/desk/login/code", {"code": wrong}).status_code == 422
            closed = client.post("/desk/login/code", {"code": code_of(ada)})
            assert (closed.status_code, closed.headers["Retry-After"]) == (429, str(wait))
            clock.shift(wait)
        assert client.post("/desk/login/code", {"code": code_of(ada)}).status_code == 302
    assert TotpDevice.objects.get().throttling_failure_count == 0


def test_the_wait_for_a_code_never_exceeds_18_minutes(ada: Staff) -> None:
    with time_machine.travel(NOON, tick=False):
        device = TotpDevice.objects.get()
        for _ in range(40):
            device.throttle_increment()
        allowed, detail = device.verify_is_allowed()
    assert not allowed
    assert detail["locked_until"] - NOON == timedelta(seconds=1024)
