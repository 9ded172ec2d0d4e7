"""Invitations, and accounts made without one."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from portal.accounts import services
from portal.accounts.models import Staff, TotpDevice
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.factories import ctx_of, make_staff, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Staff:
    return make_staff("administrator")


def test_an_administrator_invites(administrator: Staff) -> None:
    team = make_team()
    invitation = services.invite(
        ctx_of(administrator), email=" Ada@Agency.Example", name=" Ada ", role="supervisor", teams=[team]
    )
    staff = Staff.objects.get(email="ada@agency.example")
    assert (staff.name, staff.role, list(staff.teams.all())) == ("Ada", "supervisor", [team])
    assert (staff.invited_by, staff.joined_at, staff.has_usable_password()) == (administrator, None, False)
    assert invitation.staff == staff
    assert invitation.address.startswith(f"{settings.BASE_URL}/desk/join/")
    assert "ada" not in invitation.address.lower().partition("/join/")[0]
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor_id, entry.subject_id) == (
        "staff.invited",
        str(administrator.pk),
        str(staff.pk),
    )
    assert entry.payload == {"role": "supervisor", "teams": 1}


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.AUDITOR])
def test_nobody_else_does(role: Role) -> None:
    ctx = ctx_of(make_staff(role))
    with pytest.raises(NotAllowed):
        services.invite(ctx, email="ada@agency.example", name="Ada", role="caseworker")
    with pytest.raises(NotAllowed):
        services.create_staff(ctx, email="ada@agency.example", name="Ada", role="caseworker", password="x")
    with pytest.raises(NotAllowed):
        services.invite_again(ctx, staff_id=make_staff().pk)
    assert Staff.objects.count() == 2
    assert not Entry.objects.exists()


def test_an_address_has_one_account_however_it_is_written(administrator: Staff) -> None:
    make_staff(email="ada@agency.example")
    with pytest.raises(Conflict, match="an account with this e-mail address"):
        services.invite(ctx_of(administrator), email="ADA@AGENCY.EXAMPLE", name="Ada", role="auditor")
    assert not Entry.objects.exists()


def test_the_database_keeps_addresses_in_lower_case() -> None:
    with pytest.raises(IntegrityError, match="staff_email_lower_case"), transaction.atomic():
        make_staff(email="Ada@agency.example")


@pytest.mark.parametrize(("email", "role"), [("no address", "auditor"), ("ada@agency.example", "owner")])
def test_what_cannot_be_used_makes_no_account(administrator: Staff, email: str, role: str) -> None:
    with pytest.raises(Invalid):
        services.invite(ctx_of(administrator), email=email, name="Ada", role=role)
    assert Staff.objects.count() == 1


def test_inviting_again_voids_password_app_and_invitation(administrator: Staff) -> None:
    staff = make_staff("caseworker", [make_team()], password="correct horse battery staple")
    services.invite_again(ctx_of(administrator), staff_id=staff.pk)
    staff.refresh_from_db()
    assert (staff.joined_at, staff.has_usable_password(), staff.is_active) == (None, False, True)
    assert staff.invitation is not None
    assert not TotpDevice.objects.filter(user=staff).exists()
    assert Entry.objects.get().payload == {"role": "caseworker", "teams": 1}


def test_inviting_again_lets_a_leaver_return(administrator: Staff) -> None:
    staff = make_staff(is_active=False)
    services.invite_again(ctx_of(administrator), staff_id=staff.pk)
    assert Staff.objects.get(pk=staff.pk).is_active


def test_nobody_invites_themselves_again(administrator: Staff) -> None:
    with pytest.raises(NotAllowed, match="Another administrator"):
        services.invite_again(ctx_of(administrator), staff_id=administrator.pk)
    assert Staff.objects.get().joined_at is not None


def test_nobody_invites_who_is_not_there(administrator: Staff) -> None:
    with pytest.raises(NotFound):
        services.invite_again(ctx_of(administrator), staff_id=make_team().pk)


def test_an_account_made_at_once() -> None:
    ctx = Context.system("test")
    staff = services.create_staff(
        ctx, email="ada@agency.example", name="Ada", role="caseworker", password="correct horse"
    )
    assert (staff.joined_at, staff.check_password("correct horse")) == (ctx.at, True)
    verbs = Entry.objects.filter(subject_id=str(staff.pk)).values_list("verb", flat=True)
    assert sorted(verbs) == ["staff.invited", "staff.joined"]


def test_an_invitation_and_membership_exclude_each_other() -> None:
    staff = make_staff()
    with pytest.raises(IntegrityError, match="staff_invitation_used_once"), transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(invitation=staff.pk)
