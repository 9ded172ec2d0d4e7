"""Keys: every way to be refused, on every wire, with one answer; and what is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from limits import parse

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import Partner, PartnerKey, PartnerPosition
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from tests.hashing.listing import admin, make_key, make_partner
from tests.hashing.wire import PUBLICATIONS, basic, bearer, refused, two_keys

pytestmark = pytest.mark.django_db

ENTRIES = "/ncmec/v2/entries?from=2030-01-01T00:00:00Z&to=2030-01-02T00:00:00Z"
WIRES: dict[Wire, tuple[str, Callable[[IssuedKey], dict[str, str]]]] = {
    Wire.NATIVE: (PUBLICATIONS, bearer),
    Wire.STOPNCII: ("/stopncii/v1/FetchHashes?startTimestamp=10&pageSize=800", two_keys),
    Wire.NCMEC: ("/ncmec/v2/status", basic),
}
every_wire = pytest.mark.parametrize("wire", list(Wire))


def call(wire: Wire, key: IssuedKey, **extra: Any) -> int:
    """The status of a call, and that a refusal is the one problem."""
    address, headers = WIRES[wire]
    response = Client(**extra).get(address, headers=headers(key))
    if response.status_code != 200:
        refused(response, 401, "key_refused")
        assert not PartnerPosition.objects.exists()
    return response.status_code


@every_wire
def test_a_good_key_opens_its_own_wire_alone(wire: Wire) -> None:
    key = make_key(wire)
    assert {each: call(each, key) for each in Wire if each != wire} == {
        each: 401 for each in Wire if each != wire
    }
    assert call(wire, key) == 200


@every_wire
def test_a_wrong_secret_is_refused_and_audited(wire: Wire) -> None:
    partner = make_partner()
    key = make_key(wire, partner)
    assert call(wire, IssuedKey(key.prefix, key.secret[:-1] + "?")) == 401
    logged = AuditEntry.objects.get(verb="partner.refused")
    assert (logged.subject_id, logged.payload) == (
        str(partner.pk),
        {"wire": str(wire), "reason": "wrong_secret"},
    )


@every_wire
@pytest.mark.parametrize("prefix", ["", "0" * 12, "\0", "' OR 1=1 --"])
def test_an_unknown_key_is_refused_and_audited_like_a_wrong_one(wire: Wire, prefix: str) -> None:
    assert call(wire, IssuedKey(prefix, "secret")) == 401
    logged = AuditEntry.objects.get(verb="partner.refused")
    assert (logged.actor_id, logged.subject_id) == ("unknown", "unknown")
    assert logged.payload == {"wire": str(wire), "reason": "unknown_key"}


@every_wire
@pytest.mark.parametrize(
    ("change", "reason"),
    [({"revoked_at": timedelta(0)}, "revoked"), ({"expires_at": timedelta(seconds=-1)}, "expired")],
)
def test_a_key_that_is_over_is_refused(wire: Wire, change: dict[str, timedelta], reason: str) -> None:
    key = make_key(wire)
    values = {field: clock.now() + delta for field, delta in change.items()}
    PartnerKey.objects.filter(prefix=key.prefix).update(**values)
    assert call(wire, key) == 401
    assert AuditEntry.objects.get(verb="partner.refused").payload["reason"] == reason


@every_wire
def test_an_inactive_partner_is_refused(wire: Wire) -> None:
    key = make_key(wire)
    Partner.objects.update(is_active=False)
    assert call(wire, key) == 401


def test_a_key_works_from_its_networks_only() -> None:
    networks = ["192.0.2.0/24", "2001:db8::/32"]
    key = services.issue_key(admin(), partner=make_partner(), wire=Wire.NATIVE, networks=networks)
    seen = {
        address: call(Wire.NATIVE, key, REMOTE_ADDR=address)
        for address in ("192.0.2.7", "2001:db8::1", "::ffff:192.0.2.9")
    }
    assert set(seen.values()) == {200}
    PartnerPosition.objects.all().delete()
    for address in ("198.51.100.1", "2001:db9::1", ""):
        assert call(Wire.NATIVE, key, REMOTE_ADDR=address) == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer .", "Basic x", "Bearer a.b.c", "Bearer é"]
)
def test_a_header_that_is_no_key_is_401(header: str) -> None:
    response = Client().get(PUBLICATIONS, headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_refusals_are_limited_by_network_and_then_fill_no_log(
    monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    monkeypatch.setattr("hashing.api.callers.REFUSALS", parse("2/minute"))
    key = make_key(Wire.NATIVE)
    wrong = bearer(IssuedKey(key.prefix, "wrong"))
    answers = [Client().get(PUBLICATIONS, headers=wrong) for _ in range(4)]
    assert [each.status_code for each in answers] == [401, 401, 429, 429]
    refused(answers[3], 429, "too_many_refusals")
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert AuditEntry.objects.filter(verb="partner.refused").count() == 2
    # From elsewhere it goes on, and a good key is never held back by somebody's wrong one.
    assert Client(REMOTE_ADDR="192.0.2.1").get(PUBLICATIONS, headers=wrong).status_code == 401
    assert Client().get(PUBLICATIONS, headers=bearer(key)).status_code == 200


def test_past_the_volume_comes_429_with_a_time(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    monkeypatch.setattr("hashing.api.callers.PULLS", parse("2/minute"))
    key = make_key(Wire.NATIVE)
    statuses = [Client().get(PUBLICATIONS, headers=bearer(key)) for _ in range(3)]
    assert [each.status_code for each in statuses[:2]] == [200, 200]
    refused(statuses[2], 429, "too_many_pulls")
    assert 1 <= int(statuses[2].headers["Retry-After"]) <= 60


def test_without_redis_nobody_is_refused(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"  # type: ignore[attr-defined]  # pytest-django's
    assert Client().get(PUBLICATIONS, headers=bearer(make_key(Wire.NATIVE))).status_code == 200
