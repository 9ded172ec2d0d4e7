"""The administrators' pages about accounts."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.audit.models import Entry
from tests.factories import make_agency, make_staff, make_team
from tests.staff_fixtures import StaffBrowser, StaffClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(staff_client: StaffClient) -> StaffBrowser:
    make_agency()
    return staff_client("administrator")


def test_invite_shows_the_address_to_whoever_made_it(
    administrator: StaffBrowser, staff_client: StaffClient, client: Client
) -> None:
    team = make_team("Night")
    fields = {"email": "ada@agency.example", "name": "Ada", "role": "caseworker", "teams": [str(team.pk)]}
    answer = administrator.post("/desk/staff/invite", fields)
    ada = Staff.objects.get(email="ada@agency.example")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/staff/{ada.pk}/")
    page = administrator.get(answer.headers["Location"]).content.decode()
    found = re.search(r'<bdi dir="ltr">[^<]*(/desk/join/[^<]+)</bdi>', page)
    assert found is not None
    assert client.get(found[1]).status_code == 200
    assert "/desk/join/" not in staff_client("administrator").get(f"/desk/staff/{ada.pk}/").content.decode()
    assert (ada.role, list(ada.teams.all()), ada.invited_by) == ("caseworker", [team], administrator.staff)
    assert Entry.objects.get(verb="staff.invited").subject_id == str(ada.pk)


def test_an_address_that_has_an_account_is_named(administrator: StaffBrowser) -> None:
    fields = {"email": administrator.staff.email, "name": "Ada", "role": "caseworker"}
    answer = administrator.post("/desk/staff/invite", fields)
    assert answer.status_code == 409
    assert "There is an account with this e-mail address." in answer.content.decode()


def test_everyone_is_listed(administrator: StaffBrowser) -> None:
    make_staff("caseworker", [make_team("Night")], name="Ada")
    make_staff("auditor", name="Bob", is_active=False)
    make_staff("supervisor", name="Cyd", joined_at=None)
    page = administrator.get("/desk/staff/").content.decode()
    found = re.findall(r"<strong[^>]*>(\w+)</strong>", page)
    assert [state for state in found if state in {"Active", "Invited", "Closed"}] == [
        "Active",
        "Active",
        "Invited",
        "Closed",
    ]
    assert "Night" in page


def test_role_and_teams_change(administrator: StaffBrowser) -> None:
    ada, team = make_staff("caseworker"), make_team()
    assert 'value="caseworker"' in administrator.get(f"/desk/staff/{ada.pk}/role").content.decode()
    answer = administrator.post(f"/desk/staff/{ada.pk}/role", {"role": "supervisor", "teams": [str(team.pk)]})
    assert answer.headers["Location"] == f"/desk/staff/{ada.pk}/"
    ada.refresh_from_db()
    assert (ada.role, list(ada.teams.all())) == ("supervisor", [team])
    assert Entry.objects.filter(verb="staff.role_changed").count() == 1


def test_an_account_is_closed_after_asking(administrator: StaffBrowser) -> None:
    ada = make_staff("caseworker", name="Ada")
    assert "Close this account" in administrator.get(f"/desk/staff/{ada.pk}/close").content.decode()
    assert Staff.objects.get(pk=ada.pk).is_active
    assert administrator.post(f"/desk/staff/{ada.pk}/close").status_code == 302
    assert not Staff.objects.get(pk=ada.pk).is_active
    assert Entry.objects.filter(verb="staff.deactivated").count() == 1


def test_an_account_is_invited_again(administrator: StaffBrowser) -> None:
    ada = make_staff("caseworker")
    answer = administrator.post(f"/desk/staff/{ada.pk}/invite")
    assert "/desk/join/" in administrator.get(answer.headers["Location"]).content.decode()
    assert Staff.objects.get(pk=ada.pk).joined_at is None


def test_nobody_changes_their_own_account(administrator: StaffBrowser) -> None:
    own = f"/desk/staff/{administrator.staff.pk}/"
    make_staff("administrator")
    assert "another administrator has to change it" in administrator.get(own).content.decode()
    assert administrator.post(own + "close").status_code == 403
    assert administrator.post(own + "invite").status_code == 403
    assert administrator.post(own + "role", {"role": "supervisor"}).status_code == 403
    assert Staff.objects.get(pk=administrator.staff.pk).role == "administrator"
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.AUDITOR])
def test_nobody_else_may(staff_client: StaffClient, role: Role) -> None:
    make_agency()
    ada, other = make_staff("caseworker"), staff_client(role)
    for path in ("", "invite", f"{ada.pk}/", f"{ada.pk}/role", f"{ada.pk}/close"):
        assert other.get(f"/desk/staff/{path}").status_code == 403
    for path in ("invite", f"{ada.pk}/role", f"{ada.pk}/close", f"{ada.pk}/invite"):
        assert other.post(f"/desk/staff/{path}", {"role": "administrator"}).status_code == 403
    ada.refresh_from_db()
    assert (ada.role, ada.is_active, ada.joined_at is not None) == ("caseworker", True, True)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("path", ["invite", "{}/role", "{}/close", "{}/invite"])
def test_changes_ask_for_a_code_again(administrator: StaffBrowser, path: str) -> None:
    ada = make_staff("caseworker")
    session = administrator.session
    session["stepped_up_at"] = 0
    session.save()
    answer = administrator.post("/desk/staff/" + path.format(ada.pk), {"role": "auditor"})
    assert "Confirm that it is you" in answer.content.decode()
    assert (Staff.objects.get(pk=ada.pk).role, Staff.objects.count()) == ("caseworker", 2)


def test_an_account_that_is_not_there(administrator: StaffBrowser) -> None:
    assert administrator.get(f"/desk/staff/{make_team().pk}/").status_code == 404


def test_administrators_arrive_at_the_accounts(administrator: StaffBrowser) -> None:
    assert (
        '<a class="govuk-link" href="/desk/staff/">Staff</a>'
        in administrator.get("/desk/staff/").content.decode()
    )
