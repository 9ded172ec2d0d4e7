"""A batch's way over the desk's page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case, Disposal
from portal.accounts.roles import Role
from portal.agency.models import Agency
from portal.core import clock
from tests.cases.desk.conftest import Teams
from tests.factories import make_staff
from tests.staff_fixtures import StaffBrowser, browser_of

PAGE = "/desk/disposals/"


@pytest.fixture
def due(case: Case) -> Case:
    Agency.objects.update(retention_days=30, disposal_review_days=14)
    Case.objects.update(state="closed", closed_at=clock.now() - timedelta(days=31))
    return case


def test_put_together_by_one_and_approved_by_another(
    supervisor: StaffBrowser, teams: Teams, due: Case
) -> None:
    page = supervisor.get(PAGE).content.decode()
    assert f'value="{due.pk}"' in page
    assert "What nobody approves within 14 days goes by itself." in page
    sent = {"team": str(teams.own.pk), "cases": [str(due.pk)]}
    assert supervisor.post(PAGE + "propose", sent)["Location"] == f"{PAGE}?done=disposal-proposed"
    batch = Disposal.objects.get()
    page = supervisor.get(PAGE).content.decode()
    assert "somebody else must decide" in page
    assert "Destroy these for good" not in page
    own = supervisor.post(f"{PAGE}{batch.pk}/approve", {"digest": batch.digest})
    assert own.status_code == 403
    other = browser_of(make_staff(Role.SUPERVISOR, [teams.own]))
    assert batch.digest in other.get(PAGE).content.decode()
    assert other.post(f"{PAGE}{batch.pk}/approve", {}).status_code == 409
    done = other.post(f"{PAGE}{batch.pk}/approve", {"digest": batch.digest})
    assert done["Location"] == f"{PAGE}?done=disposed"
    page = other.get(done["Location"]).content.decode()
    assert "Destroyed. The log says so." in page
    assert "Nothing is due." in page
    assert Case.objects.get().destroyed_at is not None


def test_turned_down_and_nonsense(supervisor: StaffBrowser, teams: Teams, due: Case) -> None:
    for cases in ([], ["nonsense"]):
        sent = {"team": str(teams.own.pk), "cases": cases}
        assert supervisor.post(PAGE + "propose", sent).status_code == 422
    supervisor.post(PAGE + "propose", {"team": str(teams.own.pk), "cases": [str(due.pk)]})
    batch = Disposal.objects.get()
    assert supervisor.post(f"{PAGE}{batch.pk}/turn-down")["Location"] == f"{PAGE}?done=disposal-turned-down"
    assert Case.objects.get().destroyed_at is None


def test_another_team_sees_none_of_it(stranger: StaffBrowser, teams: Teams, due: Case) -> None:
    assert due.reference not in stranger.get(PAGE).content.decode()
    sent = {"team": str(teams.own.pk), "cases": [str(due.pk)]}
    assert stranger.post(PAGE + "propose", sent).status_code == 403
    assert not Disposal.objects.exists()


def test_destroying_asks_for_a_code_again(supervisor: StaffBrowser, teams: Teams, due: Case) -> None:
    supervisor.post(PAGE + "propose", {"team": str(teams.own.pk), "cases": [str(due.pk)]})
    batch = Disposal.objects.get()
    other = browser_of(make_staff(Role.SUPERVISOR, [teams.own]))
    session = other.session
    session["stepped_up_at"] = 0
    session.save()
    asked = other.post(f"{PAGE}{batch.pk}/approve", {"digest": batch.digest})
    assert "Confirm that it is you" in asked.content.decode()
    assert Case.objects.get().destroyed_at is None
