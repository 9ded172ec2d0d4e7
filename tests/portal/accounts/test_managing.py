"""Roles changed, and accounts closed."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection

from portal.accounts import services
from portal.accounts.models import Staff, TotpDevice
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError, Invalid, NotAllowed
from tests.factories import ctx_of, make_staff, make_team


@pytest.mark.django_db
def test_an_administrator_changes_role_and_teams() -> None:
    administrator, old, new = make_staff("administrator"), make_team(), make_team()
    staff = make_staff("caseworker", [old])
    services.change_role(ctx_of(administrator), staff_id=staff.pk, role="supervisor", teams=[new])
    staff.refresh_from_db()
    assert (staff.role, list(staff.teams.all())) == ("supervisor", [new])
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor_id, entry.subject_id) == (
        "staff.role_changed",
        str(administrator.pk),
        str(staff.pk),
    )
    assert entry.payload == {"before": "caseworker", "after": "supervisor", "teams": 1}


@pytest.mark.django_db
def test_an_administrator_closes_an_account() -> None:
    administrator, staff = make_staff("administrator"), make_staff(password="correct horse battery staple")
    services.deactivate(ctx_of(administrator), staff_id=staff.pk)
    staff.refresh_from_db()
    assert (staff.is_active, staff.has_usable_password()) == (False, False)
    assert not TotpDevice.objects.filter(user=staff).exists()
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id) == ("staff.deactivated", str(staff.pk))


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.AUDITOR])
def test_nobody_else_does_either(role: Role) -> None:
    ctx, staff = ctx_of(make_staff(role)), make_staff("caseworker")
    with pytest.raises(NotAllowed):
        services.change_role(ctx, staff_id=staff.pk, role="supervisor", teams=[])
    with pytest.raises(NotAllowed):
        services.deactivate(ctx, staff_id=staff.pk)
    staff.refresh_from_db()
    assert (staff.role, staff.is_active) == ("caseworker", True)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_nobody_changes_their_own_rights() -> None:
    make_staff("administrator")
    administrator = make_staff("administrator")
    ctx = ctx_of(administrator)
    with pytest.raises(NotAllowed, match="Another administrator"):
        services.change_role(ctx, staff_id=administrator.pk, role="supervisor", teams=[make_team()])
    with pytest.raises(NotAllowed, match="Another administrator"):
        services.deactivate(ctx, staff_id=administrator.pk)
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active) == ("administrator", True)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_the_last_administrator_stays() -> None:
    last, _ = make_staff("administrator"), make_staff("administrator", joined_at=None)
    ctx = Context.system("test")
    with pytest.raises(Conflict, match="only administrator"):
        services.deactivate(ctx, staff_id=last.pk)
    with pytest.raises(Conflict, match="only administrator"):
        services.change_role(ctx, staff_id=last.pk, role="auditor", teams=[])
    services.change_role(ctx, staff_id=last.pk, role="administrator", teams=[make_team()])
    assert Staff.objects.get(pk=last.pk).role == "administrator"


@pytest.mark.django_db
def test_an_unknown_role_changes_nothing() -> None:
    staff = make_staff("caseworker")
    with pytest.raises(Invalid):
        services.change_role(Context.system("test"), staff_id=staff.pk, role="owner", teams=[])
    assert Staff.objects.get().role == "caseworker"


def test_two_administrators_who_close_each_other_leave_one(committed_db: None) -> None:
    pair = [make_staff("administrator"), make_staff("administrator")]
    contexts = [ctx_of(staff) for staff in pair]
    refusals: list[str] = []

    def close(ctx: Context, staff: Staff) -> None:
        try:
            services.deactivate(ctx, staff_id=staff.pk)
        except DomainError as error:
            refusals.append(error.code)
        finally:
            connection.close()

    threads = [
        Thread(target=close, args=(contexts[0], pair[1])),
        Thread(target=close, args=(contexts[1], pair[0])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals == ["last_administrator"]
    assert Staff.objects.filter(is_active=True).count() == 1
