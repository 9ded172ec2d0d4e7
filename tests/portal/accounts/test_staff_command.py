"""`manage.py staff invite`"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.accounts.models import Staff
from portal.audit.models import Entry
from tests.factories import make_agency, make_staff, make_team
from tests.portal.accounts.codes import code_of

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    printed = StringIO()
    call_command("staff", "invite", *words, stdout=printed)
    return printed.getvalue().strip()


def test_the_first_administrator_of_an_empty_installation(client: Client) -> None:
    address = run("ada@agency.example")
    path = "/desk/" + address.partition("/desk/")[2]
    password = "correct horse battery staple"
    make_agency()
    client.post(path, {"name": "Ada", "password": password, "again": password})
    staff = Staff.objects.get()
    assert client.post("/desk/join/app", {"code": code_of(staff)}).status_code == 302
    staff.refresh_from_db()
    assert (staff.role, staff.invited_by, staff.joined_at is not None) == ("administrator", None, True)
    entry = Entry.objects.get(verb="staff.invited")
    assert (entry.actor_kind, entry.actor_id) == ("system", "command")


def test_role_name_and_teams() -> None:
    teams = [make_team("Intake"), make_team("Night")]
    run("ada@agency.example", "--name", "Ada", "--role", "supervisor", "--team", "intake", "--team", "Night")
    staff = Staff.objects.get()
    assert (staff.name, staff.role, list(staff.teams.all())) == ("Ada", "supervisor", teams)


def test_an_account_that_exists_is_invited_again() -> None:
    staff = make_staff(email="ada@agency.example")
    assert "/desk/join/" in run("ADA@agency.example")
    staff.refresh_from_db()
    assert (staff.role, staff.joined_at) == ("caseworker", None)


def test_mistakes_are_sentences() -> None:
    with pytest.raises(CommandError, match="There is no team 'Nowhere'"):
        run("ada@agency.example", "--team", "Nowhere")
    with pytest.raises(CommandError, match="Enter an e-mail address"):
        run("no address")
    assert not Staff.objects.exists()
