"""Joining by invitation: name and password, then the authenticator app, then the desk."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts import services
from portal.accounts.models import Staff, TotpDevice
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import Invalid, NotFound
from tests.factories import make_agency, make_team
from tests.portal.accounts.codes import code_of, wrong_code_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = 24 * 60 * 60
PASSWORD = "correct horse battery staple"
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.accounts.desk_urls")]


@pytest.fixture(autouse=True)
def _agency() -> None:
    make_agency(neutral_name="Updates")


def invite(email: str = "ada@agency.example") -> tuple[Staff, str]:
    """Somebody who is invited, and the path of their invitation."""
    invitation = services.invite(
        Context.system("test"), email=email, name="Ada", role="caseworker", teams=[make_team()]
    )
    return invitation.staff, "/desk/" + invitation.address.partition("/desk/")[2]


def fill_in(browser: Client, path: str, **changes: str) -> Any:
    fields = {"name": "Ada Lovelace", "password": PASSWORD, "again": PASSWORD}
    return browser.post(path, fields | changes)


def test_from_the_invitation_to_the_desk(client: Client) -> None:
    staff, path = invite()
    page = client.get(path)
    assert "You will log in as <strong><bdi>ada@agency.example</bdi></strong>." in page.content.decode()
    assert fill_in(client, path).headers["Location"] == "/desk/join/app"
    secret = TotpDevice.objects.get().secret
    page = client.get("/desk/join/app")
    assert "-".join(secret[i : i + 4] for i in range(0, 32, 4)) in page.content.decode()
    assert client.post("/desk/join/app", {"code": code_of(staff)}).headers["Location"] == "/desk/"
    assert client.get("/desk/test/page").content.decode() == str(staff.pk)
    staff.refresh_from_db()
    assert (staff.name, staff.check_password(PASSWORD), staff.invitation) == ("Ada Lovelace", True, None)
    assert staff.joined_at is not None
    assert TotpDevice.objects.get().confirmed
    verbs = (
        Entry.objects.filter(subject_id=str(staff.pk))
        .order_by("waiting__position")
        .values_list("verb", flat=True)
    )
    assert list(verbs) == ["staff.invited", "staff.enrolled", "staff.joined"]


def test_an_invitation_is_good_once(client: Client) -> None:
    staff, path = invite()
    fill_in(client, path)
    client.post("/desk/join/app", {"code": code_of(staff)})
    thief = Client()
    for response in (thief.get(path), fill_in(thief, path, password="another long password")):
        assert response.status_code == 404
        assert "This invitation has been used or is too old." in response.content.decode()
    assert Staff.objects.get().check_password(PASSWORD)


def test_an_interrupted_start_can_begin_anew(client: Client) -> None:
    staff, path = invite()
    fill_in(client, path)
    first = TotpDevice.objects.get().secret
    other = Client()
    assert fill_in(other, path).status_code == 302
    assert TotpDevice.objects.get().secret != first
    assert other.post("/desk/join/app", {"code": code_of(staff)}).status_code == 302


def test_an_invitation_lasts_seven_days(client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        _, path = invite()
        clock.shift(7 * DAY)
        assert client.get(path).status_code == 200
        clock.shift(1)
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("change", ["other", "cut", "empty"])
def test_a_forged_invitation_opens_nothing(client: Client, change: str) -> None:
    _, path = invite()
    forged = {"other": path[:-3] + "abc", "cut": path[:-1], "empty": "/desk/join/x:y:z"}[change]
    assert client.get(forged).status_code == 404


def test_a_second_invitation_voids_the_first(client: Client) -> None:
    staff, path = invite()
    services.invite_again(Context.system("test"), staff_id=staff.pk)
    assert client.get(path).status_code == 404


def test_the_invitation_of_a_closed_account_is_void(client: Client) -> None:
    staff, path = invite()
    services.deactivate(Context.system("test"), staff_id=staff.pk)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "short", "again": "short"}, "This password is too short."),
        ({"password": "ada@agency.example", "again": "ada@agency.example"}, "too similar to the email"),
        ({"password": "passwordpassword", "again": "passwordpassword"}, None),
        ({"again": "something else entirely"}, "The two passwords are not the same."),
        ({"name": " "}, "Enter your name."),
        ({"password": "", "again": ""}, "Choose a password."),
    ],
)
def test_what_cannot_be_used_is_said(client: Client, changes: dict[str, str], sentence: str | None) -> None:
    _, path = invite()
    response = fill_in(client, path, **changes)
    if sentence is None:
        assert response.status_code == 302
        return
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not TotpDevice.objects.exists()
    assert not Staff.objects.get().has_usable_password()


def test_nobody_is_in_before_the_code(client: Client) -> None:
    staff, path = invite()
    fill_in(client, path)
    assert client.get("/desk/test/page").status_code == 302
    answer = Client().post("/desk/login", {"email": staff.email, "password": PASSWORD})
    assert answer.status_code == 422
    assert client.post("/desk/join/app", {"code": wrong_code_of(staff)}).status_code == 422
    assert client.get("/desk/test/page").status_code == 302
    assert Staff.objects.get().joined_at is None
    failures = Entry.objects.filter(verb="staff.login_failed")
    assert sorted(entry.payload["reason"] for entry in failures) == ["code", "password"]


def test_the_secret_is_shown_for_ten_minutes_to_this_browser_only(client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        _, path = invite()
        fill_in(client, path)
        for address in ("/desk/join/app", "/desk/join/app/square.svg"):
            assert client.get(address).status_code == 200
            assert Client().get(address).status_code == 404
        clock.shift(600)
        for address in ("/desk/join/app", "/desk/join/app/square.svg"):
            response = client.get(address)
            assert response.status_code == 404
            assert "Open your invitation again" in response.content.decode()


def test_the_secret_is_not_shown_again_afterwards(client: Client) -> None:
    staff, path = invite()
    fill_in(client, path)
    client.post("/desk/join/app", {"code": code_of(staff)})
    assert client.get("/desk/join/app").status_code == 404


def test_the_square_is_an_svg_that_nobody_stores(client: Client) -> None:
    _, path = invite()
    fill_in(client, path)
    response = client.get("/desk/join/app/square.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "no-store"
    assert re.search(rb"<svg [^>]*>.*<path", response.content, re.DOTALL)
    assert b"style=" not in response.content


def test_joining_starts_a_session_of_its_own(client: Client) -> None:
    staff, path = invite()
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    fill_in(client, path)
    middle = client.session.session_key
    client.post("/desk/join/app", {"code": code_of(staff)})
    assert len({before, middle, client.session.session_key}) == 3
    assert "planted" not in client.session


def test_confirming_needs_an_invitation_that_is_open(client: Client) -> None:
    """A complete account can't be "joined" by a code once more."""
    staff, path = invite()
    fill_in(client, path)
    services.confirm_totp(Context(staff.actor), staff_id=staff.pk, code=code_of(staff))
    joined = Staff.objects.get().joined_at
    with pytest.raises(Invalid):
        services.confirm_totp(Context(staff.actor), staff_id=staff.pk, code=code_of(staff, steps=1))
    assert Staff.objects.get().joined_at == joined


def test_the_service_refuses_a_void_token() -> None:
    with pytest.raises(NotFound):
        services.join(token="forged", name="Ada", password=PASSWORD)
