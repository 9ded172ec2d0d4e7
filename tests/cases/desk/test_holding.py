"""A hold's way over the desk's pages, and what its person sees."""

from __future__ import annotations

from datetime import timedelta

from cases.models import Case, Hold
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.core import clock
from tests.cases.desk.conftest import Teams
from tests.cases.visitors import Visitor
from tests.factories import make_staff
from tests.staff_fixtures import StaffBrowser, browser_of


def form(**changes: object) -> dict[str, object]:
    ends = (clock.now() + timedelta(days=30)).date().isoformat()
    return {"reason": "Order 12/2026 of the district court", "ends_on": ends} | changes


def test_proposed_by_one_and_placed_by_another(
    caseworker: StaffBrowser, supervisor: StaffBrowser, case: Case
) -> None:
    address = f"/desk/cases/{case.reference}/hold"
    assert "Say why." in caseworker.post(address, {"reason": ""}).content.decode()
    assert "three years" in caseworker.post(address, form(ends_on="2020-01-01")).content.decode()
    assert "which law" in caseworker.post(address, form(hidden="on")).content.decode().lower()
    assert caseworker.post(address, form())["Location"] == f"{address}?done=hold-proposed"
    row = Hold.objects.get()
    assert address in supervisor.get("/desk/approvals/").content.decode()
    page = supervisor.get(address).content.decode()
    assert "Order 12/2026 of the district court" in page
    assert Entry.objects.filter(verb="case.read", payload={"part": "hold"}).count() == 1
    assert supervisor.post(f"/desk/holds/{row.pk}/place", {}).status_code == 409
    placed = supervisor.post(f"/desk/holds/{row.pk}/place", {"digest": row.digest})
    assert placed["Location"] == f"{address}?done=hold-placed"
    assert "In force" in caseworker.get(address).content.decode()
    assert "Lift it now" not in caseworker.get(address).content.decode()
    assert supervisor.post(f"/desk/holds/{row.pk}/lift")["Location"] == f"{address}?done=hold-lifted"
    assert "Legal hold ended" in caseworker.get(f"/desk/cases/{case.reference}/").content.decode()


def test_the_restricted_team_says_that_the_authority_has_its_report(
    caseworker: StaffBrowser, case: Case, teams: Teams
) -> None:
    caseworker.post(f"/desk/cases/{case.reference}/child")
    member = browser_of(make_staff(Role.CASEWORKER, [teams.restricted]))
    page = member.get(f"/desk/cases/{case.reference}/").content.decode()
    assert "The authority has our report" in page
    done = member.post(f"/desk/cases/{case.reference}/reported")
    assert done["Location"].endswith("done=child-reported")
    after = member.get(f"/desk/cases/{case.reference}/").content.decode()
    assert "The authority has our report" not in after


def test_the_person_sees_until_when_and_that_a_deletion_waits(visitor: Visitor) -> None:
    reference, code = visitor.report()
    case = Case.objects.get()
    now = clock.now()
    people = [make_staff(Role.CASEWORKER, [case.team]), make_staff(Role.SUPERVISOR, [case.team])]
    row = Hold(case=case, kind="order", ends_on=now.date() + timedelta(days=30), proposed_at=now, digest="x")
    row.reason, row.law, row.placed_at = "a court", "", now
    row.proposed_by, row.placed_by = people
    row.save()
    visitor.follow(reference, code)
    page = visitor.get("/follow/").content.decode()
    assert "By law we have to keep what is in this request until" in page
    assert "a court" not in page
    Hold.objects.update(hidden=True)
    Case.objects.update(deletion_asked_at=now)
    page = visitor.get("/follow/").content.decode()
    assert "By law" not in page
    assert "You asked us to delete everything. Sharing has stopped." in page
