"""Logging in: password, then code, then the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.accounts.models import Staff
from portal.audit.models import Entry
from tests.factories import make_agency, make_staff
from tests.portal.accounts.codes import code_of

PASSWORD = "correct horse battery staple"
REFUSED = "The e-mail address or the password is not right."
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Staff:
    make_agency()
    return make_staff("caseworker", password=PASSWORD, email="ada@agency.example")


def give_password(client: Client, email: str = "ada@agency.example", password: str = PASSWORD) -> str:
    response = client.post("/desk/login?next=/desk/cases/AB", {"email": email, "password": password})
    return response.headers.get("Location", str(response.status_code))


def test_both_factors_lead_to_the_page_that_was_wanted(ada: Staff, client: Client) -> None:
    assert give_password(client, email=" ADA@Agency.Example ") == "/desk/login/code?next=%2Fdesk%2Fcases%2FAB"
    response = client.post("/desk/login/code?next=/desk/cases/AB", {"code": code_of(ada)})
    assert (response.status_code, response.headers["Location"]) == (302, "/desk/cases/AB")
    entries = Entry.objects.filter(verb="staff.logged_in")
    assert [(entry.actor_id, entry.subject_id) for entry in entries] == [(str(ada.pk), str(ada.pk))]
