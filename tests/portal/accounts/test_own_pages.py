"""One's own account, page by page."""

from __future__ import annotations

import re

import pytest
from django_otp_webauthn.models import WebAuthnCredential

from portal.accounts.matrix_page import WORDS
from portal.accounts.models import RecoveryCode
from portal.accounts.roles import Perm, Role
from portal.audit.models import Entry
from portal.core import references
from tests.factories import make_agency
from tests.staff_fixtures import StaffBrowser, StaffClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(staff_client: StaffClient) -> StaffBrowser:
    make_agency()
    return staff_client("caseworker")


def forget_the_code(browser: StaffBrowser) -> None:
    session = browser.session
    session["stepped_up_at"] = 0
    session.save()


@pytest.mark.parametrize("role", Role)
def test_everybody_has_the_two_pages(staff_client: StaffClient, role: Role) -> None:
    make_agency()
    browser = staff_client(role)
    assert browser.get("/desk/you/").status_code == 200
    assert browser.get("/desk/roles/").status_code == 200


def test_recovery_codes_are_shown_on_the_answer_and_nowhere_else(browser: StaffBrowser) -> None:
    assert "You have none. Without them" in browser.get("/desk/you/").content.decode()
    page = browser.post("/desk/you/codes").content.decode()
    shown = re.findall(r'<li><bdi class="app-code" dir="ltr">([0-9A-Z-]{19})</bdi></li>', page)
    assert len(shown) == RecoveryCode.objects.count() == 10
    assert "10 codes are left." in browser.get("/desk/you/").content.decode()
    assert not any(references.normalise(code) in str(browser.session.items()) for code in shown)
    assert browser.get("/desk/you/codes").status_code == 405


@pytest.mark.parametrize("path", ["codes", "passkeys/new", "passkeys/add", "passkeys/1/remove"])
def test_ways_in_change_only_after_a_code(browser: StaffBrowser, path: str) -> None:
    forget_the_code(browser)
    answer = browser.post(f"/desk/you/{path}", {"name": "Phone"})
    assert "Confirm that it is you" in answer.content.decode()
    assert not RecoveryCode.objects.exists()
    assert not Entry.objects.exists()


def test_a_passkey_is_removed(browser: StaffBrowser) -> None:
    passkey = WebAuthnCredential.objects.create(
        user=browser.staff, name="Blue key", credential_id=b"1", public_key=b"2", aaguid=""
    )
    assert "Blue key" in browser.get("/desk/you/").content.decode()
    assert browser.post(f"/desk/you/passkeys/{passkey.pk}/remove")["Location"] == "/desk/you/?done=removed"
    assert not WebAuthnCredential.objects.exists()
    assert browser.post(f"/desk/you/passkeys/{passkey.pk}/remove").status_code == 404


def test_a_passkey_that_did_not_answer_is_refused_on_the_page(browser: StaffBrowser) -> None:
    page = browser.post("/desk/you/passkeys/new").content.decode()
    assert '<script id="passkey-options" type="application/json">' in page
    answer = browser.post("/desk/you/passkeys/add", {"name": "Phone", "passkey": "{}"})
    assert answer.status_code == 422
    assert "The passkey did not answer" in answer.content.decode()
    assert not WebAuthnCredential.objects.exists()


def test_codes_need_no_passkey_on_the_page_of_somebody_without_one(browser: StaffBrowser) -> None:
    forget_the_code(browser)
    page = browser.post("/desk/you/codes").content.decode()
    assert "data-passkey" not in page
    assert "passkeys.js" not in page


def test_the_page_of_roles_says_each_permission_in_words() -> None:
    assert set(WORDS) == set(Perm)


def test_the_page_of_roles_is_the_matrix(browser: StaffBrowser) -> None:
    page = browser.get("/desk/roles/").content.decode()
    row = page.partition("Look at a file for 60 seconds")[2].partition("</tr>")[0]
    assert re.findall(r"Own teams|Yes|No", row) == ["Own teams", "Own teams", "No", "No"]
    row = page.partition("Manage accounts")[2].partition("</tr>")[0]
    assert re.findall(r"Own teams|Yes|No", row) == ["No", "No", "No", "Yes"]
