"""A location's page: the address that nobody follows by mistake, and only the steps that there are."""

from __future__ import annotations

from cases.models import Case, Location
from cases.states import LocationState
from portal.audit.models import Entry as AuditEntry
from tests.cases.desk.conftest import MakeCase, StateOf
from tests.staff_fixtures import StaffBrowser


def address(case: Case, tail: str = "") -> str:
    return f"/desk/cases/{case.reference}/locations/1/{tail}"


def test_it_shows_what_is_known_and_records_the_reading(caseworker: StaffBrowser, case: Case) -> None:
    page = caseworker.get(address(case)).content.decode()
    assert "Address 1: canary-site.example" in page
    assert "hxxps://canary-site[.]example/p/1" in page
    assert "https://canary-site.example" not in page
    assert "Reported to us" in page
    read = AuditEntry.objects.get(verb="case.read", subject_id=str(case.pk))
    assert read.payload == {"part": "address"}
    assert caseworker.get(f"/desk/cases/{case.reference}/locations/2/").status_code == 404


def test_a_known_service_says_where_it_is_asked(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    case = make_case(links=("https://t.me/channel/5", "https://www.reddit.com/r/x/1"))
    assert "abuse@telegram.org" in caseworker.get(address(case)).content.decode()
    second = caseworker.get(f"/desk/cases/{case.reference}/locations/2/").content.decode()
    assert 'href="https://www.reddit.com/report" rel="noreferrer"' in second


def test_only_the_steps_of_its_state_are_offered(caseworker: StaffBrowser, case: Case) -> None:
    def offered() -> list[str]:
        return [
            value
            for value, _label in caseworker.get(address(case)).context["step_form"]["step"].field.choices
        ]

    assert offered() == [
        *("evidenced:seen", "evidenced:screenshot", "evidenced:archive", "evidenced:sent_in"),
        *("removed", "unreachable"),
    ]
    answer = caseworker.post(address(case, "step"), {"step": "evidenced:archive"})
    assert answer["Location"] == address(case) + "?done=stepped"
    assert offered() == ["informal_request", "removed"]
    Location.objects.update(state=LocationState.SENT)
    assert [value.partition(":")[0] for value in offered()] == [
        "acknowledged",
        "removed",
        "partly",
        *["refused"] * 4,
        "unreachable",
    ]
    Location.objects.update(state=LocationState.NOTICE_APPROVED)
    assert offered() == []


def test_every_step_that_is_offered_can_be_taken(caseworker: StaffBrowser, case: Case) -> None:
    """From every state, each choice of the form leads where it says, on record."""
    for state in LocationState:
        Location.objects.update(state=state)
        form = caseworker.get(address(case)).context["step_form"]
        for value, _label in form["step"].field.choices:
            Location.objects.update(state=state)
            assert caseworker.post(address(case, "step"), {"step": value}).status_code == 302
            row = Location.objects.get()
            assert f"{row.state}:{row.detail}".rstrip(":") == value


def test_a_step_without_a_choice_and_one_that_is_over(
    caseworker: StaffBrowser, case: Case, state_of: StateOf
) -> None:
    page = caseworker.post(address(case, "step"), {})
    assert "Choose what happened." in page.content.decode()
    before = state_of(case)
    assert caseworker.post(address(case, "step"), {"step": "acknowledged"}).status_code == 409
    assert caseworker.post(address(case, "step"), {"step": "evidenced:host"}).status_code == 409
    assert state_of(case) == before


def test_looking_again(caseworker: StaffBrowser, case: Case) -> None:
    caseworker.post(address(case, "step"), {"step": "removed"})
    assert "Choose what you saw." in caseworker.post(address(case, "look"), {}).content.decode()
    answer = caseworker.post(address(case, "look"), {"up": "yes"})
    assert answer["Location"] == address(case) + "?done=looked"
    assert Location.objects.get().state == "found"
    page = caseworker.get(address(case)).content.decode()
    assert "Looked: it is there" in page
    assert caseworker.staff.name in page
    caseworker.post(address(case, "look"), {"up": "no"})
    assert Location.objects.get().state == "removed"


def test_adding_addresses(caseworker: StaffBrowser, case: Case) -> None:
    page = f"/desk/cases/{case.reference}/locations/add"
    wrong = caseworker.post(page, {"addresses": "https://ok.example/1\nnot an address"})
    assert "Line 2 is not a web address" in wrong.content.decode()
    assert Location.objects.count() == 1
    done = caseworker.post(page, {"addresses": "https://ok.example/1\nhttps://canary-site.example/p/1"})
    assert done["Location"] == f"/desk/cases/{case.reference}/?done=addressed"
    assert Location.objects.count() == 2
    assert "hxxps://ok[.]example/1" in caseworker.get(f"/desk/cases/{case.reference}/").content.decode()
