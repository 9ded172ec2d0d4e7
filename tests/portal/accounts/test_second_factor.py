"""Codes of an authenticator app."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from portal.accounts import services
from portal.accounts.models import Staff, TotpDevice
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import Invalid, NotAllowed, TooMany
from tests.factories import ctx_of, make_staff
from tests.portal.accounts.codes import code_of, wrong_code_of

pytestmark = pytest.mark.django_db
START_OF_A_STEP = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def ada() -> Staff:
    return make_staff()


def attempt(staff: Staff, code: str) -> TotpDevice:
    return services.log_in(ctx_of(staff), staff_id=staff.pk, code=code)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(ada: Staff, steps: int, right: bool) -> None:  # noqa: FBT001 (a table)
    with time_machine.travel(START_OF_A_STEP, tick=False):
        if right:
            assert attempt(ada, code_of(ada, steps=steps)).user_id == ada.pk
        else:
            with pytest.raises(Invalid):
                attempt(ada, code_of(ada, steps=steps))


def test_a_code_is_good_once_and_earlier_ones_never_after_it(ada: Staff) -> None:
    with time_machine.travel(START_OF_A_STEP, tick=False) as clock:
        earlier, now = code_of(ada, steps=-1), code_of(ada)
        attempt(ada, now)
        for code in (now, earlier):
            with pytest.raises(Invalid, match="has been used"):
                attempt(ada, code)
            clock.shift(2)
        later = code_of(ada, steps=1)
        attempt(ada, later)
    assert Entry.objects.filter(verb="staff.logged_in").count() == 2
    assert Entry.objects.filter(verb="staff.login_failed").count() == 2


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "-12345", "\uff11\uff12\uff13\uff14\uff15\uff16", "12e456"]
)
def test_what_is_no_code_is_refused(ada: Staff, code: str) -> None:
    with pytest.raises(Invalid):
        attempt(ada, code)
    assert TotpDevice.objects.get().throttling_failure_count == 1


def test_spaces_do_not_matter(ada: Staff) -> None:
    code = code_of(ada)
    assert attempt(ada, f" {code[:3]} {code[3:]} ").user_id == ada.pk


def test_a_refused_code_stays_counted_and_says_when_to_go_on(ada: Staff) -> None:
    with time_machine.travel(START_OF_A_STEP, tick=False):
        with pytest.raises(Invalid):
            attempt(ada, wrong_code_of(ada))
        with pytest.raises(TooMany) as refusal:
            attempt(ada, code_of(ada))
    assert refusal.value.retry_after == 1
    assert refusal.value.message == "Too many tries. You can try again in 1 second."


def test_nobody_can_use_the_code_of_an_account_that_is_closed_or_missing(ada: Staff) -> None:
    code = code_of(ada)
    Staff.objects.update(is_active=False)
    with pytest.raises(Invalid):
        attempt(ada, code)
    with pytest.raises(Invalid):
        services.step_up(ctx_of(ada), staff_id=uuid4(), code=code)
    assert not Entry.objects.filter(verb__in=["staff.logged_in", "staff.stepped_up"]).exists()


def test_a_new_app_ends_the_one_before(ada: Staff) -> None:
    old = code_of(ada)
    secret = services.enrol_totp(Context.system("test"), staff=ada)
    device = TotpDevice.objects.get()
    assert (device.secret, device.confirmed, len(secret)) == (secret, False, 32)
    with pytest.raises(Invalid):
        attempt(ada, old)
    assert Entry.objects.filter(verb="staff.enrolled", subject_id=str(ada.pk)).count() == 1


def test_the_first_code_confirms_an_app(ada: Staff) -> None:
    services.enrol_totp(ctx_of(ada), staff=ada)
    attempt(ada, code_of(ada))
    assert TotpDevice.objects.get().confirmed


def test_nobody_enrols_an_app_for_somebody_else(ada: Staff) -> None:
    before = TotpDevice.objects.get().pk
    with pytest.raises(NotAllowed):
        services.enrol_totp(ctx_of(make_staff("administrator")), staff=ada)
    assert TotpDevice.objects.get(user=ada).pk == before
    assert not Entry.objects.exists()


def test_the_secret_is_encrypted_in_the_table(ada: Staff) -> None:
    device = TotpDevice.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_totpdevice")
        (stored,) = cursor.fetchone()
    assert device.secret.encode() not in bytes(stored)


def test_what_the_app_scans(ada: Staff) -> None:
    device = TotpDevice.objects.get()
    account = ada.email.replace("@", "%40")
    assert device.address("Updates & Co") == (
        f"otpauth://totp/Updates%20%26%20Co%3A{account}"
        f"?secret={device.secret}&issuer=Updates%20%26%20Co&digits=6&period=30"
    )
