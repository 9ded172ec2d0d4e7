"""Locations: each page once, each step by its table, each on record, none by somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from cases import locations
from cases.models import Capture, Case, Location, PassedTo, Refusal
from cases.services import locating, sealed
from cases.services import location_steps as steps
from cases.services.desk_keys import open_case_key, read_address
from cases.services.withdrawal import Scope, withdraw
from cases.states import CaseState, LocationState
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cases.services.conftest import Desk


def first(desk: Desk) -> Location:
    return desk.case.locations.get(position=1)


def entries(verb: str) -> list[dict[str, object]]:
    return [entry.payload for entry in Entry.objects.filter(verb=verb).order_by("waiting__position")]


def test_a_report_keeps_each_page_once_and_knows_its_service(desk: Desk) -> None:
    typed = "https://host.example/1?utm_source=x\nhttps://www.instagram.com/p/abc/\nhttps://instagram.com/p/abc?igsh=9"
    added = locating.add(desk.caseworker, case_id=desk.case.id, typed=typed)
    assert [(row.position, row.host, row.platform) for row in added] == [
        (2, "www.instagram.com", "instagram")
    ]
    assert entries("location.added") == [{"case": str(desk.case.id), "platform": "instagram"}]
    assert read_address(desk.caseworker, location_id=added[0].pk) == "https://www.instagram.com/p/abc/"
    assert b"instagram.com/p" not in bytes(added[0].url_sealed)


def test_the_person_adds_to_their_own_case_only(desk: Desk) -> None:
    me = Context.person(desk.case.id)
    assert len(locating.add(me, case_id=desk.case.id, typed="https://other.example/2")) == 1
    with pytest.raises(NotFound):
        locating.add(Context.visitor(), case_id=desk.case.id, typed="https://other.example/3")
    assert Location.objects.count() == 2
    assert Entry.objects.get(verb="location.added").actor_kind == "person"


def test_who_may_not_add_or_step_changes_nothing(desk: Desk) -> None:
    row = first(desk)
    for ctx, error in ((desk.outsider, NotFound), (desk.auditor, NotAllowed)):
        with pytest.raises(error):
            locating.add(ctx, case_id=desk.case.id, typed="https://other.example/2")
        with pytest.raises(error):
            steps.note_seen(ctx, location_id=row.pk, capture=Capture.SEEN)
        with pytest.raises(error):
            steps.recheck(ctx, location_id=row.pk, still_up=False)
        with pytest.raises(error):
            read_address(ctx, location_id=row.pk) if error is NotFound else steps.ask(ctx, location_id=row.pk)
    assert (first(desk).state, Location.objects.count()) == ("found", 1)
    assert entries("location.added") + entries("location.moved") + entries("location.checked") == []


def test_a_closed_case_takes_no_more(desk: Desk) -> None:
    Case.objects.update(state=CaseState.CLOSED, closed_at=clock.now())
    with pytest.raises(Conflict) as refused:
        locating.add(desk.caseworker, case_id=desk.case.id, typed="https://other.example/2")
    assert refused.value.code == "case_closed"


def test_there_is_an_end_to_adding(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "MOST", 2)
    with pytest.raises(Invalid) as refused:
        locating.add(desk.caseworker, case_id=desk.case.id, typed="https://a.example/1\nhttps://a.example/2")
    assert refused.value.code == "too_many_links"
    assert Location.objects.count() == 1


def test_the_whole_way_of_a_location(desk: Desk) -> None:
    pk = first(desk).pk
    way: list[Callable[[], Location]] = [
        lambda: steps.note_seen(desk.caseworker, location_id=pk, capture=Capture.SCREENSHOT),
        lambda: steps.ask(desk.caseworker, location_id=pk),
        lambda: steps.refuse(desk.caseworker, location_id=pk, why=Refusal.NOT_BOUND),
        lambda: steps.pass_on(desk.caseworker, location_id=pk, to=PassedTo.HOST),
        lambda: steps.end(desk.caseworker, location_id=pk, to=LocationState.PARTLY),
        lambda: steps.recheck(desk.caseworker, location_id=pk, still_up=False),
        lambda: steps.recheck(desk.caseworker, location_id=pk, still_up=False),
        lambda: steps.recheck(desk.caseworker, location_id=pk, still_up=True),
    ]
    seen = [((row := act()).state, row.detail) for act in way]
    assert seen == [
        ("evidenced", "screenshot"),
        ("informal_request", ""),
        ("refused", "not_bound"),
        ("escalated", "host"),
        ("partly", ""),
        ("removed", ""),
        ("removed", ""),
        ("found", ""),
    ]
    moved = entries("location.moved")
    assert [(one["before"], one["after"], one.get("detail", "")) for one in moved] == [
        ("found", "evidenced", "screenshot"),
        ("evidenced", "informal_request", ""),
        ("informal_request", "refused", "not_bound"),
        ("refused", "escalated", "host"),
        ("escalated", "partly", ""),
        ("partly", "removed", ""),
        ("removed", "found", ""),
    ]
    assert [one["up"] for one in entries("location.checked")] == [False, False, True]
    row = first(desk)
    assert row.seen_at == row.checked_at == row.changed_at


@pytest.mark.parametrize(
    "act",
    [
        lambda ctx, pk: steps.ask(ctx, location_id=pk),
        lambda ctx, pk: steps.acknowledge(ctx, location_id=pk),
        lambda ctx, pk: steps.refuse(ctx, location_id=pk, why=Refusal.NO_REASON),
        lambda ctx, pk: steps.pass_on(ctx, location_id=pk, to=PassedTo.SEARCH),
        lambda ctx, pk: steps.end(ctx, location_id=pk, to=LocationState.PARTLY),
    ],
)
def test_no_step_is_skipped(desk: Desk, act: Callable[[Context, object], Location]) -> None:
    with pytest.raises(Conflict) as refused:
        act(desk.caseworker, first(desk).pk)
    assert refused.value.code == "wrong_state"
    assert first(desk).state == "found"
    assert entries("location.moved") == []


def test_a_draft_is_not_left_by_looking(desk: Desk) -> None:
    Location.objects.update(state=LocationState.NOTICE_DRAFTED)
    with pytest.raises(Conflict):
        steps.note_seen(desk.caseworker, location_id=first(desk).pk, capture=Capture.SEEN)
    with pytest.raises(ValueError, match="sent"):
        steps.end(desk.caseworker, location_id=first(desk).pk, to=LocationState.SENT)


def test_what_is_deleted_is_not_worked_on(desk: Desk) -> None:
    pk = first(desk).pk
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.EVERYTHING)
    with pytest.raises(NotFound):
        steps.note_seen(desk.caseworker, location_id=pk, capture=Capture.SEEN)
    with pytest.raises(Conflict):
        locating.add(desk.caseworker, case_id=desk.case.id, typed="https://other.example/2")


def test_the_person_reads_their_own(desk: Desk) -> None:
    steps.note_seen(desk.caseworker, location_id=first(desk).pk, capture=Capture.SEEN)
    (mine,) = locations.own(desk.case, open_case_key(desk.case))
    assert (mine.position, mine.address, mine.service) == (1, "https://host.example/1", "host.example")
    assert mine.state is LocationState.EVIDENCED
    assert mine.checked_at == first(desk).seen_at


def test_the_same_page_in_another_case_is_shown_to_its_team_only(desk: Desk) -> None:
    twin = Case.objects.get(pk=desk.case.pk)
    twin.pk, twin.reference = None, "TWIN0001"
    twin.save(force_insert=True)
    row = Location.objects.get()
    Location.objects.create(case=twin, position=1, url_index=row.url_index, found_at=clock.now())
    shown = locations.one(desk.caseworker.actor, desk.case, 1)
    assert [case.reference for case in locations.same_page(desk.caseworker.actor, shown)] == ["TWIN0001"]
    with pytest.raises(NotAllowed):
        locations.same_page(desk.outsider.actor, shown)
    Case.objects.filter(pk=twin.pk).update(child_suspected_at=clock.now())
    assert locations.same_page(desk.caseworker.actor, shown) == []
    with pytest.raises(NotFound):
        locations.one(desk.caseworker.actor, desk.case, 9)


@pytest.mark.parametrize("broken", [{"state": "nonsense"}, {"seen_at": clock.now()}])
def test_the_database_refuses_what_cannot_be(desk: Desk, broken: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.update(**broken)


def test_a_page_is_in_a_case_once(desk: Desk) -> None:
    row = first(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.create(
            case=desk.case,
            position=2,
            url_index=row.url_index,
            url_sealed=sealed.seal(
                bytes(desk.case.public_key), "x", table=sealed.LOCATION, row=row.pk, field="url"
            ),
            found_at=clock.now(),
        )
