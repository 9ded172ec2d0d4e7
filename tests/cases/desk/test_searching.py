"""Search: what finds what, what no address holds, kept searches, pages inside a result, many at once."""

from __future__ import annotations

from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import searching
from cases.desk import searching as searching_page
from cases.desk.queue import PAGE_SIZE
from cases.models import Case, CaseTag, SavedView
from cases.searching import Filters
from cases.services import handles, keeping
from cases.states import CaseState
from portal.audit.models import Entry
from portal.core import clock
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.verify import contacts
from tests.cases.desk.conftest import CONTACT, LINK, MakeCase, Teams, copies_of
from tests.factories import ctx_of, make_staff
from tests.staff_fixtures import StaffBrowser, browser_of


def found(browser: StaffBrowser, typed: str = "", **filters: str) -> list[str]:
    """References of the result, newest first; nothing that was typed may stand in its address."""
    answer = browser.post("/desk/search/", {"typed": typed, **filters})
    assert answer.status_code == 302, answer.content.decode()
    assert not typed or typed not in answer["Location"]
    return [row.case.reference for row in browser.get(answer["Location"]).context["rows"]]


def test_each_thing_that_is_searched_by(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    bare = {"contact": None, "safety": "", "verified": False, "links": ()}
    first = make_case(pictures=0)
    phone = make_case(pictures=0, **bare | {"contact": contacts.phone("0412 345 678", country="AU")})
    account = make_case(pictures=0, **bare)
    handles.add(ctx_of(caseworker.staff), case_id=account.pk, platform="x", typed="Canary")
    assert found(caseworker, CONTACT.upper()) == [first.reference]
    assert found(caseworker, f"{LINK}?utm_source=a") == [first.reference]
    assert found(caseworker, "canary-site.example/p/1") == [first.reference]
    assert found(caseworker, "+61 412 345 678") == [phone.reference]
    assert found(caseworker, "@CANARY") == [account.reference]
    assert found(caseworker, "nobody@post.example") == []
    direct = caseworker.post(
        "/desk/search/", {"typed": f" {first.reference[:4].lower()}-{first.reference[4:]}"}
    )
    assert direct["Location"] == f"/desk/cases/{first.reference}/"
    wrong = caseworker.post("/desk/search/", {"typed": "??"}).content.decode()
    assert "Enter a reference, a web address" in wrong


def test_filters_narrow_it(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    mine, closed = make_case(pictures=0), make_case(pictures=0, links=("https://x.com/a/1",))
    Case.objects.filter(pk=mine.pk).update(assignee=caseworker.staff, priority=1)
    Case.objects.filter(pk=closed.pk).update(state=CaseState.CLOSED, closed_at=clock.now())
    CaseTag.objects.create(case=closed, name="school")
    for filters, case in (
        ({"state": "open"}, mine),
        ({"state": "closed"}, closed),
        ({"state": "closed", "tag": "#School"}, closed),
        ({"who": "me"}, mine),
        ({"who": str(caseworker.staff.pk)}, mine),
        ({"who": "nobody"}, closed),
        ({"priority": "1"}, mine),
        ({"platform": "x"}, closed),
    ):
        assert found(caseworker, **filters) == [case.reference], filters
    assert found(caseworker, state="open", tag="school") == []
    assert caseworker.get("/desk/search/", {"tag": "a\0b"}).context["asked"] is False
    made_up = caseworker.get("/desk/search/", {"who": "zz", "state": "nonsense", "more": "x"})
    assert made_up.context["rows"] == []


def test_no_team_finds_anothers_case(
    caseworker: StaffBrowser, stranger: StaffBrowser, make_case: MakeCase
) -> None:
    case = make_case(pictures=0)
    assert found(caseworker, CONTACT) == [case.reference]
    for typed in (CONTACT, LINK):
        assert found(stranger, typed) == []
    answer = stranger.post("/desk/search/", {"typed": case.reference})
    assert answer["Location"].startswith("/desk/search/?")
    Case.objects.update(child_suspected_at=clock.now())
    assert found(caseworker, LINK) == []


def test_pages_by_key_and_turning_inside_the_result(caseworker: StaffBrowser, case: Case) -> None:
    cases = [case, *copies_of(case, PAGE_SIZE + 1)]
    first = caseworker.get("/desk/search/?state=open")
    assert (len(first.context["rows"]), first.context["count"]) == (PAGE_SIZE, PAGE_SIZE + 2)
    rest = caseworker.get("/desk/search/", {"state": "open", "after": first.context["next"]})
    order = [row.case.reference for page in (first, rest) for row in page.context["rows"]]
    assert sorted(order) == sorted(each.reference for each in cases)
    actor, by_reference = caseworker.staff.actor, {each.reference: each for each in Case.objects.all()}
    for number in (0, 1, PAGE_SIZE, len(order) - 1):
        turning = searching_page.turning(actor, by_reference[order[number]], "state=open")
        assert turning is not None
        assert turning.before == (order[number - 1] if number else "")
        assert turning.after == (order[number + 1] if number + 1 < len(order) else "")
    number = order.index(case.reference)
    page = caseworker.get(f"/desk/cases/{case.reference}/?within=state%3Dopen").content.decode()
    nearby = [order[each] for each in (number - 1, number + 1) if 0 <= each < len(order)]
    assert all(f'href="/desk/cases/{each}/?within=state%3Dopen"' in page for each in nearby)
    assert searching_page.turning(actor, case, "") is None


def test_it_costs_the_same_with_one_case_and_with_fifty(caseworker: StaffBrowser, case: Case) -> None:
    Case.objects.update(opened_at=clock.now())
    address = "/desk/search/?state=open&platform="
    at = clock.now()
    # At one moment: a session that was used a while ago is written anew.
    with time_machine.travel(at, tick=False), CaptureQueriesContext(connection) as one:
        assert len(caseworker.get(address).context["rows"]) == 1
    copies_of(case, 49)
    with time_machine.travel(at, tick=False), CaptureQueriesContext(connection) as fifty:
        assert len(caseworker.get(address).context["rows"]) == PAGE_SIZE
    assert len(fifty) == len(one)
    assert len(one) <= 15


def test_kept_for_oneself_or_for_a_team(
    caseworker: StaffBrowser, supervisor: StaffBrowser, stranger: StaffBrowser, case: Case, teams: Teams
) -> None:
    wrong = caseworker.post("/desk/search/keep", {"keep-name": "", "within": "state=open"})
    assert "at most 40 letters" in wrong.content.decode()
    kept = {"keep-name": "Ours", "keep-team": str(teams.own.pk), "within": "state=open&tag=&x=1"}
    assert caseworker.post("/desk/search/keep", kept)["Location"] == "/desk/search/?done=view-kept"
    caseworker.post("/desk/search/keep", {"keep-name": "Mine", "within": "who=me"})
    shown = [(one.view.name, one.count) for one in caseworker.get("/desk/search/").context["kept"]]
    assert shown == [("Mine", 0), ("Ours", 1)]
    assert [one.view.name for one in supervisor.get("/desk/search/").context["kept"]] == ["Ours"]
    assert stranger.get("/desk/search/").context["kept"] == []
    view = SavedView.objects.get(name="Ours")
    assert (view.filters, Entry.objects.get(verb="view.kept", subject_id=str(view.pk)).payload) == (
        {"state": "open"},
        {"shared": True},
    )
    assert supervisor.post(f"/desk/search/{view.pk}/drop").status_code == 404
    assert caseworker.post(f"/desk/search/{view.pk}/drop").status_code == 302
    assert Entry.objects.filter(verb="view.dropped").count() == 1


def test_what_can_not_be_kept(caseworker: StaffBrowser, teams: Teams) -> None:
    ctx, filters = ctx_of(caseworker.staff), Filters(state="open")
    with pytest.raises(NotAllowed):
        keeping.keep(ctx, name="x", filters=filters, team_id=teams.other.pk)
    with pytest.raises(NotAllowed):
        keeping.keep(ctx_of(make_staff("auditor")), name="x", filters=filters)
    for name, wanted in (("", filters), ("x" * 41, filters), ("x", Filters())):
        with pytest.raises(Invalid):
            keeping.keep(ctx, name=name, filters=wanted)
    with pytest.raises(NotFound):
        keeping.drop(ctx, view_id=UUID(int=0))
    for number in range(keeping.MOST):
        keeping.keep(ctx, name=str(number), filters=filters)
    with pytest.raises(Invalid):
        keeping.keep(ctx, name="0", filters=filters)
    with pytest.raises(Conflict):
        keeping.keep(ctx, name="one more", filters=filters)
    assert SavedView.objects.count() == keeping.MOST


def test_many_at_once_are_shown_before_they_are_changed(
    caseworker: StaffBrowser, make_case: MakeCase, teams: Teams
) -> None:
    one, two, other = make_case(pictures=0), make_case(pictures=0), make_case(pictures=0, team=teams.other)
    ask = {"bulk-action": "tag", "bulk-tag": "school", "within": "state=open"}
    ticked = caseworker.post("/desk/many/", ask | {"case": [one.reference, other.reference]})
    assert ticked.context["references"] == [one.reference]
    everything = caseworker.post("/desk/many/", ask | {"all": "yes"})
    assert "This changes 2 cases" in everything.content.decode()
    assert not CaseTag.objects.exists()
    assert caseworker.post("/desk/many/", ask)["Location"] == "/desk/search/?state=open"
    done = caseworker.post("/desk/many/do", ask | {"references": everything.context["joined"]})
    assert "2 cases changed" in done.content.decode()
    assert set(CaseTag.objects.values_list("case", flat=True)) == {one.pk, two.pk}
    wrong = caseworker.post("/desk/many/do", ask | {"bulk-tag": "two words", "references": one.reference})
    assert "A tag is one word" in wrong.content.decode()
    page = caseworker.get(f"/desk/cases/{one.reference}/").content.decode()
    assert 'href="/desk/search/?tag=school"' in page
    caseworker.post(f"/desk/cases/{one.reference}/tag", {"remove": "school"})
    assert CaseTag.objects.get().case == two


def test_a_leavers_cases_are_handed_over(
    supervisor: StaffBrowser, caseworker: StaffBrowser, make_case: MakeCase, teams: Teams
) -> None:
    leaver = make_staff("caseworker", [teams.own])
    case = make_case(pictures=0)
    Case.objects.update(assignee=leaver)
    assert supervisor.get("/desk/handover/").context["leavers"] == []
    leaver.is_active = False
    leaver.save()
    assert supervisor.get("/desk/handover/").context["leavers"] == [(leaver, 1)]
    address = f"/desk/search/?state=open&who={leaver.pk}"
    assert address.replace("&", "&amp;") in supervisor.get("/desk/handover/").content.decode()
    assert "Somebody who has left" in supervisor.get(address).content.decode()
    ask = {"bulk-action": "assign", "bulk-staff": str(caseworker.staff.pk), "references": case.reference}
    assert "1 case changed" in supervisor.post("/desk/many/do", ask).content.decode()
    case.refresh_from_db()
    assert case.assignee == caseworker.staff
    refused = caseworker.post("/desk/many/do", ask)
    assert "Select a valid choice" in refused.content.decode()


def test_counting_stops_where_it_says_nothing_more(caseworker: StaffBrowser, case: Case) -> None:
    everything = searching.found(caseworker.staff.actor, Filters(state="open"))
    with CaptureQueriesContext(connection) as queries:
        assert searching.counted(everything) == 1
    assert f"LIMIT {searching.MOST + 1}" in queries[0]["sql"]
    other = browser_of(make_staff("supervisor"))
    assert other.get("/desk/search/?state=open").context["count"] == 0
