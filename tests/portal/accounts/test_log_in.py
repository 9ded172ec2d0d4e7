"""Logging in: password, then code, then the desk."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Staff, TotpDevice
from portal.audit.models import Entry
from tests.factories import make_agency, make_staff
from tests.portal.accounts.codes import code_of, wrong_code_of

PASSWORD = "correct horse battery staple"
REFUSED = "The e-mail address or the password is not right."
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.accounts.desk_urls")]


@pytest.fixture
def ada() -> Staff:
    make_agency()
    return make_staff("caseworker", password=PASSWORD, email="ada@agency.example")


def give_password(client: Client, email: str = "ada@agency.example", password: str = PASSWORD) -> Any:
    return client.post("/desk/login?next=/desk/cases/AB", {"email": email, "password": password})


def give_code(client: Client, code: str) -> Any:
    return client.post("/desk/login/code?next=/desk/cases/AB", {"code": code})


def failures() -> list[tuple[str, str]]:
    entries = Entry.objects.filter(verb="staff.login_failed")
    return [(entry.subject_id, entry.payload["reason"]) for entry in entries]


def test_both_factors_lead_to_the_page_that_was_wanted(ada: Staff, client: Client) -> None:
    first = give_password(client, email=" ADA@Agency.Example ")
    assert first.headers["Location"] == "/desk/login/code?next=%2Fdesk%2Fcases%2FAB"
    second = give_code(client, code_of(ada))
    assert (second.status_code, second.headers["Location"]) == (302, "/desk/cases/AB")
    assert client.get("/desk/test/page").content.decode() == str(ada.pk)
    entry = Entry.objects.get(verb="staff.logged_in")
    assert (entry.actor_id, entry.subject_id, entry.role) == (str(ada.pk), str(ada.pk), "caseworker")


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/desk/", "//evil.example/desk/", "/follow/", "/desk\\evil", "javascript:1"],
)
def test_log_in_leads_nowhere_but_to_the_desk(ada: Staff, client: Client, wanted: str) -> None:
    client.post("/desk/login", {"email": ada.email, "password": PASSWORD})
    response = client.post("/desk/login/code", {"code": code_of(ada)}, query_params={"next": wanted})
    assert response.headers["Location"] == "/desk/"


def test_a_password_alone_opens_nothing(ada: Staff, client: Client) -> None:
    give_password(client)
    response = client.get("/desk/test/page")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/desk/login?next=%2Fdesk%2Ftest%2Fpage",
    )


def test_a_code_without_a_password_opens_nothing(ada: Staff, client: Client) -> None:
    assert give_code(client, code_of(ada)).headers["Location"] == "/desk/login?next=%2Fdesk%2Fcases%2FAB"
    assert not Entry.objects.exists()


def test_wrong_and_unknown_get_one_answer(ada: Staff, client: Client) -> None:
    wrong = give_password(client, password="not her password")
    unknown = give_password(client, email="nobody@agency.example")
    assert wrong.status_code == unknown.status_code == 422
    assert REFUSED in wrong.content.decode()
    swapped = wrong.content.replace(b"ada@", b"nobody@")
    assert _without_secrets(unknown.content) == _without_secrets(swapped)
    assert sorted(failures()) == sorted([(str(ada.pk), "password"), ("unknown", "password")])


def _without_secrets(page: bytes) -> list[bytes]:
    """The page without its form token and script nonce, which differ every time."""
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line and b"nonce" not in line]


@pytest.mark.parametrize("state", ["known", "unknown", "closed", "invited"])
def test_every_refusal_costs_the_same(ada: Staff, client: Client, state: str) -> None:
    """One Argon2id computation and as many queries, so that time tells nothing."""
    if state == "unknown":
        ada.delete()
    if state == "closed":
        Staff.objects.update(is_active=False)
    if state == "invited":
        ada.set_unusable_password()
        ada.joined_at = None
        ada.save()
    with (
        patch.object(Argon2PasswordHasher, "encode", autospec=True, return_value="argon2$x") as encode,
        patch.object(Argon2PasswordHasher, "verify", autospec=True, return_value=False) as verify,
        CaptureQueriesContext(connection) as queries,
    ):
        assert give_password(client, password="wrong").status_code == 422
    assert encode.call_count + verify.call_count == 1
    assert len(queries) == 20


def test_closed_and_unfinished_accounts_are_refused(ada: Staff, client: Client) -> None:
    Staff.objects.update(is_active=False)
    assert give_password(client).status_code == 422
    Staff.objects.update(is_active=True, joined_at=None)
    assert give_password(client).status_code == 422


def test_a_wrong_code_is_counted_and_audited(ada: Staff, client: Client) -> None:
    give_password(client)
    response = give_code(client, wrong_code_of(ada))
    assert response.status_code == 422
    assert "This code is not right" in response.content.decode()
    assert failures() == [(str(ada.pk), "code")]
    assert TotpDevice.objects.get().throttling_failure_count == 1


def test_a_used_code_opens_no_second_session(ada: Staff, client: Client) -> None:
    code = code_of(ada)
    give_password(client)
    assert give_code(client, code).status_code == 302
    thief = Client()
    give_password(thief)
    assert give_code(thief, code).status_code == 422
    assert thief.get("/desk/test/page").status_code == 302


def test_an_account_closed_between_the_factors(ada: Staff, client: Client) -> None:
    give_password(client)
    Staff.objects.update(is_active=False)
    assert give_code(client, code_of(ada)).status_code == 422
    assert not Entry.objects.filter(verb="staff.logged_in").exists()


def test_each_step_gets_a_session_key_of_its_own(ada: Staff, client: Client) -> None:
    """Somebody who planted a session key in the browser holds nothing afterwards."""
    client.get("/desk/login")
    planted = client.session
    planted["anything"] = 1
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    keys = [planted.session_key]
    give_password(client)
    keys.append(client.session.session_key)
    give_code(client, code_of(ada))
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    assert list(Session.objects.values_list("pk", flat=True)) == [keys[-1]]
    assert "anything" not in client.session


def test_pages_are_never_stored(client: Client) -> None:
    make_agency()
    assert client.get("/desk/login").headers["Cache-Control"] == "no-store"


def test_empty_fields_are_named(client: Client) -> None:
    make_agency()
    response = client.post("/desk/login", {})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Enter your e-mail address." in page
    assert "Enter your password." in page


def test_log_out_ends_the_session_on_the_server(ada: Staff, client: Client) -> None:
    give_password(client)
    give_code(client, code_of(ada))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/desk/logout").status_code == 405
    assert client.post("/desk/logout").headers["Location"] == "/desk/login"
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert client.get("/desk/test/page").status_code == 302
    assert Entry.objects.get(verb="staff.logged_out").subject_id == str(ada.pk)
