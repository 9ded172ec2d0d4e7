"""The case page says where else a picture is, as far as the viewer may know."""

from __future__ import annotations

import pytest

from cases import elsewhere
from cases.models import Case
from cases.services import child, reviewing
from hashing.lists import services as lists
from hashing.matching.models import Resemblance
from portal.accounts.roles import Role
from portal.core import clock
from portal.core.context import Context
from portal.vault.models import Picture
from portal.vault.services import shred
from tests.cases.desk.conftest import MakeCase, Teams
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import admin
from tests.staff_fixtures import StaffBrowser


def picture_of(case: Case, position: int = 1) -> Picture:
    return case.pictures.get(position=position).picture


def alike(one: Case, other: Case, *, decision: str = "copy", how: str = "regional") -> None:
    Resemblance.objects.create(
        picture=picture_of(one),
        other=picture_of(other),
        decision=decision,
        how=how,
        score=50,
        region=[1, 2, 30, 40],
        found_at=clock.now(),
    )


def page_of(browser: StaffBrowser, case: Case) -> str:
    return browser.get(f"/desk/cases/{case.reference}/").content.decode()


def test_both_cases_of_a_team_point_at_each_other(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    one, other = make_case(), make_case()
    alike(one, other)
    for case, elsewhere_ in ((one, other), (other, one)):
        page = page_of(caseworker, case)
        assert f'href="/desk/cases/{elsewhere_.reference}/"' in page
        assert "Parts of it are the same." in page
    (place,) = elsewhere.of_case(caseworker.staff.actor, one)[picture_of(one).pk]
    assert (place.region, place.position, place.case) == ((1, 2, 30, 40), 1, other)
    (place,) = elsewhere.of_case(caseworker.staff.actor, other)[picture_of(other).pk]
    assert place.region is None


def test_found_both_ways_it_is_told_once(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    one, other = make_case(), make_case()
    alike(one, other)
    alike(other, one)
    for case in (one, other):
        (place,) = elsewhere.of_case(caseworker.staff.actor, case)[picture_of(case).pk]
        assert place.region == (1, 2, 30, 40)


def test_a_look_asks_for_a_person(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    one, other = make_case(), make_case()
    alike(one, other, decision="look")
    page = page_of(caseworker, one)
    assert "Somebody has to look." in page
    assert "Look at it" in page


def test_two_of_one_case_are_not_other_cases(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    case = make_case(pictures=2)
    Resemblance.objects.create(
        picture=picture_of(case),
        other=picture_of(case, 2),
        decision="copy",
        how="exact",
        score=256,
        found_at=clock.now(),
    )
    assert "The same in other cases" not in page_of(caseworker, case)


def test_another_teams_case_is_hidden_from_caseworkers_and_unnamed_to_supervisors(
    caseworker: StaffBrowser, supervisor: StaffBrowser, make_case: MakeCase, teams: Teams
) -> None:
    one, other = make_case(), make_case(team=teams.other)
    alike(one, other)
    page = page_of(caseworker, one)
    assert "The same in other cases" not in page
    assert other.reference not in page
    page = page_of(supervisor, one)
    assert "Another team" in page
    assert other.reference not in page


def test_a_restricted_teams_case_is_hidden_from_all_others(
    supervisor: StaffBrowser, make_case: MakeCase, teams: Teams
) -> None:
    one, other = make_case(), make_case(team=teams.restricted)
    alike(one, other)
    assert "The same in other cases" not in page_of(supervisor, one)


@pytest.mark.parametrize("locked", ["one", "other"])
def test_where_a_child_is_suspected_there_are_no_matches(
    locked: str, make_case: MakeCase, teams: Teams
) -> None:
    cases = {"one": make_case(), "other": make_case()}
    alike(cases["one"], cases["other"])
    staff = make_staff(Role.SUPERVISOR, [teams.own, teams.restricted])
    child.suspect(ctx_of(staff), case_id=cases[locked].pk)
    for case in cases.values():
        case.refresh_from_db()
        assert not elsewhere.of_case(staff.actor, case)


def test_what_is_shredded_matches_no_more(caseworker: StaffBrowser, make_case: MakeCase) -> None:
    one, other = make_case(), make_case()
    alike(one, other)
    shred(admin(), picture_id=picture_of(other).pk, reason="decided")
    assert not elsewhere.of_case(caseworker.staff.actor, one)


def test_the_queries_do_not_grow_with_the_matches(
    caseworker: StaffBrowser, make_case: MakeCase, django_assert_num_queries: object
) -> None:
    one = make_case()
    for count in (1, 4):
        for _ in range(count):
            alike(one, make_case())
        with django_assert_num_queries(7):  # type: ignore[operator]  # pytest-django's
            places = elsewhere.of_case(caseworker.staff.actor, one)
        assert len(places[picture_of(one).pk]) == (1 if count == 1 else 5)
    assert Context.system("test")


def test_both_who_decide_see_that_a_list_has_it_already(
    caseworker: StaffBrowser, supervisor: StaffBrowser, make_case: MakeCase, teams: Teams
) -> None:
    listed, case = make_case(), make_case()
    proposer, approver = (make_staff(role, [teams.own]) for role in (Role.CASEWORKER, Role.SUPERVISOR))
    first = reviewing.propose(ctx_of(proposer), case_id=listed.pk, position=1, list_slug="reviewed")
    reviewing.approve(ctx_of(approver), case_id=listed.pk, entry_id=first.pk, digest=first.digest)
    lists.publish_pending()
    assert picture_of(listed).state == "shredded"
    address = f"/desk/cases/{case.reference}/files/1/propose"
    assert "has not been compared" in caseworker.get(address).content.decode()
    alike(case, listed)
    page = caseworker.get(address).content.decode()
    assert "Perhaps the same picture" in page
    assert f'href="/desk/cases/{listed.reference}/"' in page
    assert "On lists: Reviewed" in " ".join(page.split())
    second = reviewing.propose(ctx_of(proposer), case_id=case.pk, position=1, list_slug="reviewed")
    page = supervisor.get(f"/desk/approvals/{second.pk}/").content.decode()
    assert "Perhaps the same picture" in page
    assert f'href="/desk/cases/{listed.reference}/"' in page
