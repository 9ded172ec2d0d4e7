"""`/api/v1/keys/`: a partner sees, rotates and ends its own keys, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import PartnerKey
from hashing.lists.states import Scope, Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.errors import Conflict
from tests.hashing.listing import admin, make_key, make_partner
from tests.hashing.wire import PUBLICATIONS, bearer, refused

pytestmark = pytest.mark.django_db
KEYS = "/api/v1/keys"


def rotate(key: IssuedKey, **body: Any) -> Any:
    return Client().post(KEYS, body, content_type="application/json", headers=bearer(key))


def fresh(response: Any) -> IssuedKey:
    assert response.status_code == 201, response.content
    return IssuedKey(**response.json())


def status(key: IssuedKey) -> int:
    return Client().get(PUBLICATIONS, headers=bearer(key)).status_code


def test_it_sees_its_keys_of_every_wire_without_secrets() -> None:
    partner = make_partner()
    native, stopncii = make_key(Wire.NATIVE, partner), make_key(Wire.STOPNCII, partner)
    make_key(Wire.NATIVE, make_partner("Other"))
    response = Client().get(KEYS, headers=bearer(native))
    found = response.json()["keys"]
    assert [each["prefix"] for each in found] == [native.prefix, stopncii.prefix]
    assert found[0]["scopes"] == [str(scope) for scope in Scope]
    assert (found[0]["list"], found[1]["list"]) == (None, "reviewed")
    assert found[0]["last_used_at"] is not None
    assert found[1]["last_used_at"] is None
    assert native.secret not in response.content.decode()


def test_a_rotated_key_overlaps_and_then_ends() -> None:
    partner = make_partner()
    scopes = [Scope.PULL, Scope.KEYS]
    old = services.issue_key(
        admin(), partner=partner, wire=Wire.NATIVE, networks=["127.0.0.0/8"], scopes=scopes
    )
    new = fresh(rotate(old, overlap_seconds=3600))
    assert (status(old), status(new)) == (200, 200)
    was = PartnerKey.objects.get(prefix=old.prefix)
    row = PartnerKey.objects.get(prefix=new.prefix)
    assert (row.networks, row.scopes, row.expires_at) == (["127.0.0.0/8"], ["pull", "keys"], None)
    assert {was.slot, row.slot} == {1, 2}
    assert was.expires_at is not None
    assert timedelta(minutes=59) < was.expires_at - clock.now() <= timedelta(hours=1)
    PartnerKey.objects.filter(pk=was.pk).update(expires_at=clock.now())
    assert (status(old), status(new)) == (401, 200)
    logged = AuditEntry.objects.get(verb="partner.key_rotated")
    assert (logged.actor_id, logged.payload) == (str(partner.pk), {"key": str(was.pk)})


def test_an_overlap_never_lengthens_a_life() -> None:
    partner = make_partner()
    ends = clock.now() + timedelta(minutes=5)
    old = services.issue_key(admin(), partner=partner, wire=Wire.NATIVE, expires_at=ends)
    fresh(rotate(old, overlap_seconds=3600))
    assert PartnerKey.objects.get(prefix=old.prefix).expires_at == ends


@pytest.mark.parametrize("days", [None, 100])
def test_a_rotation_done_again_shortens_no_life(days: int | None) -> None:
    """The first answer was lost: its key is ended, and the old one, which has an end now, rotated again."""
    ends = clock.now() + timedelta(days=days) if days else None
    old = services.issue_key(admin(), partner=make_partner(), wire=Wire.NATIVE, expires_at=ends)
    lost = fresh(rotate(old))
    assert Client().delete(f"{KEYS}/{lost.prefix}", headers=bearer(old)).status_code == 204
    row = PartnerKey.objects.get(prefix=fresh(rotate(old)).prefix)
    if ends is None:
        assert row.expires_at is None
    else:
        assert row.expires_at is not None
        assert timedelta() <= row.expires_at - ends < timedelta(minutes=5)


def test_two_are_live_at_a_time() -> None:
    key = make_key(Wire.NATIVE)
    second = fresh(rotate(key, overlap_seconds=3600))
    refused(rotate(second), 409, "two_live_keys")
    assert PartnerKey.objects.count() == 2
    PartnerKey.objects.filter(prefix=key.prefix).update(expires_at=clock.now())
    fresh(rotate(second))
    assert AuditEntry.objects.get(verb="partner.key_revoked").payload["reason"] == "expired"


def test_the_agency_issues_no_third_either() -> None:
    partner = make_partner()
    make_key(Wire.NATIVE, partner)
    make_key(Wire.NATIVE, partner)
    make_key(Wire.STOPNCII, partner)
    with pytest.raises(Conflict) as error:
        make_key(Wire.NATIVE, partner)
    assert error.value.code == "two_live_keys"


def test_another_wires_key_is_rotated_by_name() -> None:
    partner = make_partner()
    native, ncmec = make_key(Wire.NATIVE, partner), make_key(Wire.NCMEC, partner)
    new = fresh(rotate(native, prefix=ncmec.prefix))
    row = PartnerKey.objects.get(prefix=new.prefix)
    assert (row.wire, row.list and row.list.slug) == ("ncmec", "reviewed")


def test_a_key_is_ended_at_once() -> None:
    partner = make_partner()
    key, other = make_key(Wire.NATIVE, partner), make_key(Wire.NATIVE, partner)
    for _ in range(2):
        response = Client().delete(f"{KEYS}/{other.prefix}", headers=bearer(key))
        assert (response.status_code, response.content) == (204, b"")
    assert (status(key), status(other)) == (200, 401)
    logged = AuditEntry.objects.get(verb="partner.key_revoked")
    assert logged.payload["reason"] == "by_partner"
    refused(rotate(key, prefix=other.prefix), 409, "key_is_over")


def test_another_partners_key_is_not_there() -> None:
    key, foreign = make_key(Wire.NATIVE), make_key(Wire.NATIVE, make_partner("Other"))
    refused(Client().delete(f"{KEYS}/{foreign.prefix}", headers=bearer(key)), 404, "no_such_key")
    refused(rotate(key, prefix=foreign.prefix), 404, "no_such_key")
    assert status(foreign) == 200
    assert not AuditEntry.objects.filter(verb__in=["partner.key_revoked", "partner.key_rotated"]).exists()


@pytest.mark.parametrize(
    "body", [{"prefix": "x"}, {"overlap_seconds": -1}, {"overlap_seconds": 10**9}, {"scopes": ["pull"]}]
)
def test_junk_is_refused(body: dict[str, Any]) -> None:
    key = make_key(Wire.NATIVE)
    refused(rotate(key, **body), 400, "invalid")
    assert PartnerKey.objects.count() == 1


def test_the_last_use_is_kept_to_the_minute() -> None:
    key = make_key(Wire.NATIVE)
    status(key)
    first = PartnerKey.objects.get().last_used_at
    status(key)
    assert PartnerKey.objects.get().last_used_at == first
    assert first is not None
    PartnerKey.objects.update(last_used_at=first - timedelta(minutes=2))
    status(key)
    seen = PartnerKey.objects.get().last_used_at
    assert seen is not None
    assert seen >= first
