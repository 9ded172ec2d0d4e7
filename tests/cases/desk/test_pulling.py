"""The next case at the press of a button, and a priority that a person chose."""

from __future__ import annotations

from cases.models import Case, Circumstance, Priority
from tests.cases.desk.conftest import MakeCase
from tests.staff_fixtures import StaffBrowser


def test_the_next_case(caseworker: StaffBrowser, supervisor: StaffBrowser, case: Case) -> None:
    address = f"/desk/cases/{case.reference}/"
    assert caseworker.post("/desk/next")["Location"] == f"{address}?done=next"
    page = caseworker.get(f"{address}?done=next").content.decode()
    assert "For 20 minutes it is yours alone" in page
    assert "Put it back into the queue" in page
    assert "Put it back into the queue" not in supervisor.get(address).content.decode()
    assert supervisor.post("/desk/next")["Location"] == "/desk/?done=no-next"
    assert caseworker.post(f"{address}put-back")["Location"] == "/desk/?done=put-back"
    assert supervisor.post("/desk/next")["Location"] == f"{address}?done=next"


def test_why_a_case_is_urgent_and_that_somebody_knows_better(
    caseworker: StaffBrowser, make_case: MakeCase
) -> None:
    case = make_case(circumstances=(Circumstance.MONEY,))
    address = f"/desk/cases/{case.reference}/"
    page = caseworker.get(address)
    assert page.context["page"].why_urgent == ["Somebody asks for money or something else"]
    assert 'govuk-tag--red">Now' in page.content.decode()
    assert 'govuk-tag--red">Now' in caseworker.get("/desk/").content.decode()
    refused = caseworker.post(f"{address}priority", {"priority-priority": "3", "priority-reason": "no"})
    assert refused.status_code == 422
    form = {"priority-priority": "3", "priority-reason": "It was settled on the telephone"}
    assert caseworker.post(f"{address}priority", form)["Location"] == f"{address}?done=prioritised"
    case.refresh_from_db()
    assert case.priority == Priority.USUAL
