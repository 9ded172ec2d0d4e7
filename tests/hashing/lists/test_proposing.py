"""Proposing: what it rests on, what is good enough, who may, and what is written down."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from PIL import Image

from hashing import changes
from hashing.fingerprints.models import Fingerprint
from hashing.lists import services
from hashing.lists.bases import Basis
from hashing.lists.models import Entry, EntryFingerprint
from hashing.lists.quality import usable
from hashing.lists.states import Category
from hashing.matching import items
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.factories import ctx_of, make_staff, make_team
from tests.hashing.enrolment.made import enrolled
from tests.hashing.listing import GOOD, Desk, make_picture, pdq_value
from tests.hashing.regional_rows import make_regional
from tests.photos import encoded

pytestmark = pytest.mark.django_db


def test_copies_the_usable_fingerprints() -> None:
    desk, picture = Desk.make(), make_picture()
    entry = desk.propose(picture)
    assert (entry.state, entry.rule, entry.proposed_by_id) == ("proposed", "reviewed", desk.caseworker.pk)
    assert entry.variants == ["original"]
    assert sorted(entry.fingerprints.values_list("kind", flat=True)) == ["md5", "pdq", "phash", "sha256"]
    logged = AuditEntry.objects.get(verb="entry.proposed")
    assert logged.subject_id == str(entry.pk)
    assert logged.payload == {
        "picture": str(picture.pk),
        "list": "reviewed",
        "basis": "contact_verified",
        "fingerprints": 4,
    }


def test_leaves_out_what_is_poor_and_keeps_the_rest() -> None:
    picture = make_picture(quality=49)
    make_regional(picture)
    entry = Desk.make().propose(picture)
    assert sorted(entry.fingerprints.values_list("kind", flat=True)) == ["md5", "sha256"]
    assert entry.variants == []


@pytest.mark.parametrize("value", ["0" * 64, "ab" * 31, "zz" * 32])
def test_leaves_out_a_malformed_or_empty_pdq(value: str) -> None:
    picture = make_picture()
    Fingerprint.objects.filter(picture=picture, kind="pdq").delete()
    row = Fingerprint(picture=picture, kind="pdq", value=value, algorithm="pdq-1", quality=90)
    assert usable([row]) == []


def test_refuses_when_nothing_is_good_enough() -> None:
    """The exact kinds are there: of what is too plain to be recognised, they alone are no entry."""
    picture = make_picture(quality=10)
    with pytest.raises(Invalid) as refused:
        Desk.make().propose(picture)
    assert refused.value.code == "no_usable_fingerprint"
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("basis", "code"),
    [
        (Basis(consented=False, contact_verified=True, caseworker_decided=True), "no_consent"),
        (Basis(consented=True, contact_verified=False, caseworker_decided=False), "unverified"),
    ],
)
def test_refuses_without_consent_or_verification(basis: Basis, code: str) -> None:
    desk, picture = Desk.make(), make_picture()
    with pytest.raises(Invalid) as refused:
        services.propose(
            ctx_of(desk.caseworker),
            picture_id=picture.pk,
            list_slug="reviewed",
            basis=basis,
            team=desk.team.pk,
        )
    assert refused.value.code == code
    assert not Entry.objects.exists()
    assert not AuditEntry.objects.filter(verb="entry.proposed").exists()


def test_a_caseworkers_decision_stands_for_a_contact() -> None:
    desk, picture = Desk.make(), make_picture()
    basis = Basis(consented=True, contact_verified=False, caseworker_decided=True)
    ctx = ctx_of(desk.caseworker)
    services.propose(ctx, picture_id=picture.pk, list_slug="reviewed", basis=basis, team=desk.team.pk)
    assert AuditEntry.objects.get(verb="entry.proposed").payload["basis"] == "caseworker_decided"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_refuses_other_roles(role: Role) -> None:
    team, picture = make_team(), make_picture()
    ctx = ctx_of(make_staff(role, [team]))
    with pytest.raises(NotAllowed):
        services.propose(ctx, picture_id=picture.pk, list_slug="reviewed", basis=GOOD, team=team.pk)
    assert not Entry.objects.exists()


def test_refuses_another_team_and_anyone_who_is_not_staff() -> None:
    desk, picture = Desk.make(), make_picture()
    mine: dict[str, Any] = {"picture_id": picture.pk, "list_slug": "reviewed", "basis": GOOD}
    with pytest.raises(NotAllowed):
        services.propose(ctx_of(desk.caseworker), **mine, team=make_team().pk)
    for ctx in (Context.system("x"), Context.person(uuid.uuid4()), Context.partner(uuid.uuid4())):
        with pytest.raises(NotAllowed):
            services.propose(ctx, **mine, team=desk.team.pk)
    assert not Entry.objects.exists()


def test_refuses_a_second_time_and_an_unknown_list() -> None:
    desk, picture = Desk.make(), make_picture()
    desk.propose(picture)
    with pytest.raises(Conflict) as refused:
        desk.propose(picture)
    assert refused.value.code == "already_there"
    with pytest.raises(NotFound):
        desk.propose(picture, "nowhere")
    assert Entry.objects.count() == 1
    assert EntryFingerprint.objects.count() == 4


def test_a_person_lists_on_the_self_reported_list_alone() -> None:
    picture, ctx = make_picture(), Context.person(uuid.uuid4())
    entry = services.propose(ctx, picture_id=picture.pk, list_slug="self-reported", basis=GOOD, team=None)
    assert (entry.state, entry.proposed_by_id, entry.decided_by_id) == ("approved", None, None)
    assert AuditEntry.objects.filter(verb="entry.approved", subject_id=str(entry.pk)).count() == 1


def test_what_may_be_of_a_child_goes_on_restricted_lists_only() -> None:
    desk, picture = Desk.make(), make_picture()
    values: dict[str, Any] = {"picture_id": picture.pk, "basis": GOOD, "team": desk.team.pk}
    values["category"] = Category.CHILD
    with pytest.raises(Invalid) as refused:
        services.propose(ctx_of(desk.caseworker), list_slug="reviewed", **values)
    assert refused.value.code == "no_such_category"
    assert not Entry.objects.exists()
    entry = services.propose(ctx_of(desk.caseworker), list_slug="restricted", **values)
    assert (entry.state, entry.category) == ("proposed", "child")


def test_a_frame_around_a_plain_picture_lists_nothing() -> None:
    """Its framed variants have detail, the frame's; listed, they would match any plain picture in a frame."""
    desk = Desk.make()
    picture = make_picture(variants={"original": pdq_value()}, quality=49)
    framed = picture.fingerprints.get(kind="pdq")
    framed.pk, framed.variant, framed.value, framed.quality = None, "border-black-all-10", pdq_value(), 100
    framed.save()
    with pytest.raises(Invalid) as refused:
        desk.propose(picture)
    assert (refused.value.code, Entry.objects.exists()) == ("no_usable_fingerprint", False)
    (item,) = items.items(changes.load({picture.pk: 1}))
    assert (len(item.exact), len(item.pdq)) == (2, 0)


@pytest.mark.parametrize("size", [(1, 1), (900, 700)])
def test_one_colour_is_never_listed(size: tuple[int, int]) -> None:
    picture = enrolled(encoded(Image.new("RGB", size, "lightblue"), "PNG"))
    with pytest.raises(Invalid) as refused:
        Desk.make().propose(picture)
    assert (refused.value.code, Entry.objects.exists()) == ("no_usable_fingerprint", False)
