"""Partners, keys and entitlements: who manages them, what a new partner gets, what is written down."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hashing.lists import services
from hashing.lists.models import Entitlement, List, Partner, PartnerKey
from hashing.lists.states import Rule, Wire
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import admin, make_key, make_partner, reviewed

pytestmark = pytest.mark.django_db


def self_reported() -> List:
    return List.objects.get(slug="self-reported")


def logged(verb: str) -> dict[str, object]:
    payload: dict[str, object] = AuditEntry.objects.get(verb=verb).payload
    return payload


def test_a_new_partner_gets_nothing_yet() -> None:
    ctx = ctx_of(make_staff(Role.ADMINISTRATOR))
    first, second = (services.add_partner(ctx, name=name) for name in ("One", "Two"))
    assert (first.number, second.number) == (2, 3)
    assert not Entitlement.objects.exists()
    entries = AuditEntry.objects.filter(verb="partner.added")
    assert {entry.subject_id for entry in entries} == {str(first.pk), str(second.pk)}
    assert all(entry.payload == {"lists": 0} for entry in entries)


def test_a_name_is_given_once() -> None:
    make_partner("One")
    with pytest.raises(Conflict):
        make_partner("One")
    assert Partner.objects.count() == 1


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.AUDITOR])
def test_only_administrators_manage_partners(role: Role) -> None:
    partner = make_partner()
    key = make_key(Wire.NATIVE, partner)
    ctx, hash_list = ctx_of(make_staff(role)), reviewed()
    before, lists = AuditEntry.objects.count(), List.objects.count()
    paper = services.Document(sha256="ab" * 32, signed_by="Somebody")
    attempts: list[Callable[[Context], object]] = [
        lambda ctx: services.add_partner(ctx, name="Other"),
        lambda ctx: services.entitle(ctx, partner=partner, hash_list=hash_list),
        lambda ctx: services.withdraw_entitlement(ctx, partner=partner, hash_list=hash_list),
        lambda ctx: services.issue_key(ctx, partner=partner, wire=Wire.NATIVE),
        lambda ctx: services.revoke_key(ctx, prefix=key.prefix),
        lambda ctx: services.create_list(ctx, slug="x", name="x", rule=Rule.REVIEWED),
        lambda ctx: services.restart_list(ctx, hash_list=hash_list),
        lambda ctx: services.change_list(ctx, hash_list=hash_list, name="Other"),
        lambda ctx: services.agree(
            ctx, partner=partner, version="2", document=paper, signed_on=date(2026, 1, 31)
        ),
        lambda ctx: services.off_board(ctx, partner=partner),
        lambda ctx: services.certify_deletion(ctx, partner=partner, document=paper),
    ]
    for attempt in attempts:
        for who in (ctx, Context.partner(partner.pk)):
            with pytest.raises(NotAllowed):
                attempt(who)
    assert AuditEntry.objects.count() == before
    assert (Partner.objects.count(), PartnerKey.objects.filter(revoked_at=None).count()) == (1, 1)
    assert (Entitlement.objects.count(), List.objects.count()) == (2, lists)


def test_a_list_that_is_not_reviewed_is_given_to_those_who_ask() -> None:
    partner = make_partner()
    with pytest.raises(Invalid) as refused:
        services.entitle(admin(), partner=partner, hash_list=self_reported())
    assert refused.value.code == "not_asked_for"
    services.entitle(admin(), partner=partner, hash_list=self_reported(), asked_for=True)
    last = AuditEntry.objects.filter(verb="partner.entitled").latest("at")
    assert last.payload == {
        "list": "self-reported",
        "asked_for": True,
        "regional": False,
        "looks": False,
    }
    assert partner.entitlements.count() == 3


def test_only_a_hash_of_the_secret_is_kept() -> None:
    key = make_key(Wire.NATIVE)
    row = PartnerKey.objects.get()
    assert bytes(row.secret_sha256) == hashlib.sha256(key.secret.encode()).digest()
    assert len(key.secret) == 43
    assert logged("partner.key_issued") == {"key": str(row.pk), "wire": "native"}
    assert key.secret not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("wire", [Wire.STOPNCII, Wire.NCMEC])
def test_a_key_of_a_wire_serves_one_list(wire: Wire) -> None:
    partner = make_partner()
    services.issue_key(admin(), partner=partner, wire=wire)
    assert PartnerKey.objects.get().list == reviewed()
    with pytest.raises(Conflict) as refused:
        services.issue_key(admin(), partner=partner, wire=wire, hash_list=self_reported())
    assert refused.value.code == "not_entitled"
    second = services.create_list(admin(), slug="more", name="More", rule=Rule.REVIEWED)
    services.entitle(admin(), partner=partner, hash_list=second)
    with pytest.raises(Invalid) as unclear:
        services.issue_key(admin(), partner=partner, wire=wire)
    assert unclear.value.code == "list_needed"
    assert PartnerKey.objects.count() == 1


def test_a_native_key_takes_no_list_and_networks_must_be_networks() -> None:
    partner = make_partner()
    with pytest.raises(Invalid):
        services.issue_key(admin(), partner=partner, wire=Wire.NATIVE, hash_list=reviewed())
    for wrong in ("192.0.2.1/24", "here", ""):
        with pytest.raises(Invalid) as refused:
            services.issue_key(admin(), partner=partner, wire=Wire.NATIVE, networks=[wrong])
        assert refused.value.code == "bad_network"
    assert not PartnerKey.objects.exists()


def test_a_key_is_revoked_once() -> None:
    key = make_key(Wire.NATIVE)
    first = services.revoke_key(admin(), prefix=key.prefix)
    again = services.revoke_key(admin(), prefix=key.prefix)
    assert first.revoked_at == again.revoked_at is not None
    assert logged("partner.key_revoked") == {"key": str(first.pk), "reason": "revoked"}
    with pytest.raises(NotFound):
        services.revoke_key(admin(), prefix="0" * 12)


def test_without_entitlement_the_keys_of_that_list_end() -> None:
    partner = make_partner()
    make_key(Wire.NATIVE, partner)
    make_key(Wire.NCMEC, partner)
    services.withdraw_entitlement(admin(), partner=partner, hash_list=reviewed())
    assert list(PartnerKey.objects.filter(revoked_at=None).values_list("wire", flat=True)) == ["native"]
    assert logged("partner.disentitled") == {"list": "reviewed", "keys": 1}


def test_a_list_has_a_name_of_its_own() -> None:
    services.create_list(admin(), slug="more", name="More", rule=Rule.RESTRICTED)
    assert logged("list.created") == {"list": "more", "rule": "restricted"}
    with pytest.raises(Conflict):
        services.create_list(admin(), slug="more", name="More", rule=Rule.REVIEWED)


def test_a_list_has_its_own_regions_and_distances() -> None:
    made = services.create_list(
        admin(), slug="more", name="More", rule=Rule.REVIEWED, regions=["AU", "NZ-AUK"], distances={"pdq": 24}
    )
    assert (made.regions, made.distances) == (["AU", "NZ-AUK"], {"pdq": 24})
    services.change_list(admin(), hash_list=made, regions=["AU"], distances={"pdq": 24, "phash": 6})
    made.refresh_from_db()
    assert (made.name, made.regions, made.distances) == ("More", ["AU"], {"pdq": 24, "phash": 6})
    changed = AuditEntry.objects.filter(verb="list.changed").order_by("waiting__position")
    assert [entry.payload for entry in changed] == [
        {"list": "more", "field": "regions"},
        {"list": "more", "field": "distances"},
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"regions": ["Australia"]}, "bad_region"),
        ({"distances": {"pdq": 32}}, "bad_distance"),
        ({"distances": {"phash": -1}}, "bad_distance"),
        ({"distances": {"md5": 0}}, "bad_distance"),
    ],
)
def test_what_would_match_anything_is_refused(given: dict[str, Any], code: str) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(Invalid) as refused:
        services.change_list(admin(), hash_list=reviewed(), **given)
    assert refused.value.code == code
    assert (reviewed().regions, reviewed().distances) == ([], {"pdq": 31})
    assert AuditEntry.objects.count() == before
