"""Recovery codes: told once, kept as hashes, each good once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from portal.accounts import services
from portal.accounts.models import RecoveryCode, RecoveryCodes, Staff
from portal.audit.models import Entry
from portal.core import references
from portal.core.context import Context
from portal.core.errors import Invalid, NotAllowed, TooMany
from tests.factories import ctx_of, make_staff
from tests.portal.accounts.codes import code_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def ada() -> Staff:
    return make_staff()


def make(staff: Staff) -> list[str]:
    return services.make_recovery_codes(ctx_of(staff), staff_id=staff.pk)


def test_ten_different_codes_of_which_only_hashes_are_kept(ada: Staff) -> None:
    codes = make(ada)
    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {16}
    kept = b"".join(bytes(row.digest) for row in RecoveryCode.objects.all())
    assert len(kept) == 320
    assert not any(code.encode() in kept for code in codes)
    entry = Entry.objects.get()
    assert (entry.verb, entry.payload, entry.subject_id) == ("staff.codes_made", {"codes": 10}, str(ada.pk))


def test_each_logs_in_once_in_any_order_as_people_type_them(ada: Staff) -> None:
    codes = make(ada)
    for typed in (f" {references.grouped(codes[3]).lower()} ", codes[0]):
        device = services.log_in(ctx_of(ada), staff_id=ada.pk, code=typed)
        assert isinstance(device, RecoveryCodes)
    assert RecoveryCode.objects.filter(used_at=None).count() == 8
    with pytest.raises(Invalid):
        services.log_in(ctx_of(ada), staff_id=ada.pk, code=codes[0])
    assert Entry.objects.filter(verb="staff.logged_in").first().payload == {"method": "recovery"}  # type: ignore[union-attr]
    assert Entry.objects.filter(verb="staff.login_failed").count() == 1


def test_one_steps_up_too(ada: Staff) -> None:
    services.step_up(ctx_of(ada), staff_id=ada.pk, code=make(ada)[9])
    assert Entry.objects.get(verb="staff.stepped_up").payload == {"method": "recovery"}


def test_new_codes_void_the_old_ones(ada: Staff) -> None:
    old, new = make(ada)[0], make(ada)[0]
    with time_machine.travel(NOON, tick=False) as clock:
        with pytest.raises(Invalid):
            services.log_in(Context(ada.actor), staff_id=ada.pk, code=old)
        clock.shift(2)
        services.log_in(Context(ada.actor), staff_id=ada.pk, code=new)
    assert RecoveryCode.objects.count() == 10


def test_guessing_them_waits_but_does_not_close_the_app(ada: Staff) -> None:
    codes = make(ada)
    with time_machine.travel(NOON, tick=False):
        with pytest.raises(Invalid):
            services.log_in(Context(ada.actor), staff_id=ada.pk, code="0" * 16)
        with pytest.raises(TooMany):
            services.log_in(Context(ada.actor), staff_id=ada.pk, code=codes[0])
        services.log_in(Context(ada.actor), staff_id=ada.pk, code=code_of(ada))
    assert RecoveryCode.objects.filter(used_at=None).count() == 10


def test_somebody_elses_code_is_none(ada: Staff) -> None:
    other = make_staff()
    make(other)
    with pytest.raises(Invalid):
        services.log_in(ctx_of(other), staff_id=other.pk, code=make(ada)[0])
    with pytest.raises(Invalid):
        services.log_in(ctx_of(ada), staff_id=make_staff().pk, code=make(ada)[0])


def test_nobody_makes_codes_for_somebody_else(ada: Staff) -> None:
    with pytest.raises(NotAllowed):
        services.make_recovery_codes(ctx_of(make_staff("administrator")), staff_id=ada.pk)
    assert not RecoveryCode.objects.exists()
    assert not Entry.objects.exists()


def test_they_do_not_complete_an_invitation() -> None:
    invited = make_staff(joined_at=None)
    code = make(invited)[0]
    with pytest.raises(Invalid):
        services.confirm_totp(ctx_of(invited), staff_id=invited.pk, code=code)
    with pytest.raises(Invalid):
        services.log_in(ctx_of(invited), staff_id=invited.pk, code=code)


def test_they_end_with_the_account(ada: Staff) -> None:
    make(ada)
    services.deactivate(Context.system("test"), staff_id=ada.pk)
    assert not RecoveryCode.objects.exists()
