"""No list without a signed agreement; who leaves loses every key and is asked to delete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hashing.lists import services
from hashing.lists.models import Agreement, Entitlement, OffBoarding, Partner
from hashing.lists.states import Wire
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.errors import Conflict, Invalid
from portal.notify.models import Message
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import admin, agree, make_key, make_partner, reviewed
from tests.hashing.wire import PUBLICATIONS, bearer, refused

pytestmark = pytest.mark.django_db
PAPER = services.Document(sha256="cd" * 32, signed_by="Legal")


def slugs(partner: Partner) -> list[str]:
    return list(partner.entitlements.order_by("list__slug").values_list("list__slug", flat=True))


def refuses(write: Callable[[], Any], name: str) -> None:
    def whole() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            write()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match=name):
        whole()


def test_the_first_agreement_entitles_to_what_everybody_gets() -> None:
    staff = make_staff(Role.ADMINISTRATOR)
    partner = services.add_partner(ctx_of(staff), name="One")
    made = services.agree(
        ctx_of(staff), partner=partner, version="2026-1", document=PAPER, signed_on=date(2026, 2, 1)
    )
    assert slugs(partner) == ["reviewed", "sandbox"]
    made.refresh_from_db()
    assert (made.version, made.document_sha256, made.signed_by) == ("2026-1", "cd" * 32, "Legal")
    assert (made.recorded_by_id, made.ended_at) == (staff.pk, None)
    logged = AuditEntry.objects.get(verb="partner.agreed")
    assert (logged.actor_id, logged.subject_id) == (str(staff.pk), str(partner.pk))
    assert logged.payload == {"agreement": str(made.pk), "signed_on": "2026-02-01"}
    assert AuditEntry.objects.filter(verb="partner.entitled").count() == 2


def test_a_later_agreement_carries_on_what_there_was() -> None:
    partner = make_partner()
    services.withdraw_entitlement(
        admin(), partner=partner, hash_list=partner.entitlements.get(list__slug="sandbox").list
    )
    first = partner.agreements.get()
    second = agree(partner, "2027-1")
    first.refresh_from_db()
    assert first.ended_at is not None
    assert slugs(partner) == ["reviewed"]
    assert partner.entitlements.get().agreement_id == second.pk


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"document": services.Document(sha256="x", signed_by="Legal")}, "bad_document"),
        ({"document": services.Document(sha256="cd" * 32, signed_by="")}, "bad_document"),
        ({"version": ""}, "bad_agreement"),
        ({"signed_on": clock.now().date() + timedelta(days=2)}, "bad_agreement"),
    ],
)
def test_half_an_agreement_is_none(given: dict[str, Any], code: str) -> None:
    partner = services.add_partner(admin(), name="One")
    whole: dict[str, Any] = {"version": "1", "document": PAPER, "signed_on": date(2026, 1, 1)}
    with pytest.raises(Invalid) as refused_with:
        services.agree(admin(), partner=partner, **whole | given)
    assert refused_with.value.code == code
    assert not Agreement.objects.exists()
    assert not AuditEntry.objects.filter(verb="partner.agreed").exists()


def test_without_an_agreement_nothing_is_given() -> None:
    partner = services.add_partner(admin(), name="One")
    with pytest.raises(Conflict) as none:
        services.entitle(admin(), partner=partner, hash_list=reviewed())
    assert none.value.code == "no_agreement"
    assert not AuditEntry.objects.filter(verb="partner.entitled").exists()


def test_the_database_holds_it() -> None:
    partner, other = make_partner("One"), make_partner("Two")
    mine, theirs = partner.agreements.get(), other.agreements.get()
    partner.entitlements.all().delete()
    values = {"partner": partner, "list": reviewed(), "rule": "reviewed", "given_at": clock.now()}
    refuses(lambda: Entitlement.objects.create(**values), "entitlement_agreed")
    refuses(lambda: Entitlement.objects.create(**values, agreement=theirs), "entitlement_own_agreement")
    made = Entitlement.objects.create(**values, agreement=mine)
    rows = Agreement.objects.filter(pk=mine.pk)
    refuses(lambda: rows.update(ended_at=clock.now()), "agreement in force")
    refuses(lambda: rows.update(version="9"), "never changed")
    refuses(lambda: rows._raw_delete("default"), "never changed")
    made.delete()
    rows.update(ended_at=clock.now())
    refuses(lambda: Entitlement.objects.create(**values, agreement=mine), "agreement in force")
    refuses(lambda: rows.update(ended_at=None), "never changed")


def test_who_leaves_loses_all_keys_and_is_asked_to_delete(client: Any) -> None:
    partner = make_partner()
    Partner.objects.filter(pk=partner.pk).update(contact="safety@platform.example")
    keys = [make_key(wire, partner) for wire in Wire]
    assert client.get(PUBLICATIONS, headers=bearer(keys[0])).status_code == 200
    made = services.off_board(admin(), partner=partner)
    partner.refresh_from_db()
    assert (partner.is_active, slugs(partner)) == (False, [])
    assert not partner.keys.filter(revoked_at=None).exists()
    assert partner.agreements.get().ended_at is not None
    refused(client.get(PUBLICATIONS, headers=bearer(keys[0])), 401, "key_refused")
    assert (made.mailed, Message.objects.get().template) == (True, "deletion")
    logged = AuditEntry.objects.get(verb="partner.off_boarded")
    assert logged.payload == {"keys": 3, "mailed": True}
    assert AuditEntry.objects.filter(verb="partner.key_revoked").count() == 3
    with pytest.raises(Conflict):
        services.off_board(admin(), partner=partner)
    assert OffBoarding.objects.count() == 1


def test_without_an_address_the_agency_asks_itself() -> None:
    made = services.off_board(admin(), partner=make_partner())
    assert (made.mailed, Message.objects.count()) == (False, 0)


def test_its_certificate_is_recorded_once() -> None:
    partner = make_partner()
    with pytest.raises(Conflict):
        services.certify_deletion(admin(), partner=partner, document=PAPER)
    services.off_board(admin(), partner=partner)
    with pytest.raises(Invalid):
        services.certify_deletion(
            admin(), partner=partner, document=services.Document(sha256="", signed_by="x")
        )
    found = services.certify_deletion(admin(), partner=partner, document=PAPER)
    assert (found.certificate_sha256, found.certified_by) == ("cd" * 32, "Legal")
    assert AuditEntry.objects.get(verb="partner.certified").payload == {"off_boarding": str(found.pk)}
    with pytest.raises(Conflict):
        services.certify_deletion(admin(), partner=partner, document=PAPER)


def test_one_that_left_comes_back_with_a_new_agreement() -> None:
    partner = make_partner()
    services.off_board(admin(), partner=partner)
    agree(partner, "2027-1")
    partner.refresh_from_db()
    assert (partner.is_active, slugs(partner)) == (True, ["reviewed", "sandbox"])
    assert make_key(Wire.NATIVE, partner).prefix
