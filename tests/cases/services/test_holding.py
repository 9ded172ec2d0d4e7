"""Legal holds: two people place them, and while one is in force nothing at all destroys anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from cases import deadlines, holds
from cases.models import Case, CasePicture, Hold
from cases.services import child, deferring, holding, reviewing
from cases.services.holding import lift, place, propose
from cases.services.withdrawal import Scope, withdraw
from cases.states import CaseState
from cases.tasks import sweep
from portal.agency.models import Agency
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from portal.vault import services as vault
from portal.vault.models import Picture
from portal.vault.services.sweeping import shred_due
from tests.cases.services.conftest import Desk
from tests.cases.services.test_locations import entries

WHY = "Order 12/2026 of the district court"


def day(days: int = 60) -> date:
    return clock.now().date() + timedelta(days=days)


def held(desk: Desk, **more: object) -> Hold:
    row = propose(desk.caseworker, case_id=desk.case.id, reason=WHY, ends_on=day(), **more)  # type: ignore[arg-type]  # any field
    return place(desk.supervisor, hold_id=row.pk, digest=row.digest)


def kept() -> list[str]:
    return list(Picture.objects.order_by("stored_at").values_list("state", flat=True))


def test_two_people_place_it(desk: Desk) -> None:
    row = propose(desk.caseworker, case_id=desk.case.id, reason=WHY, ends_on=day())
    assert not holds.is_held(desk.case)
    assert holds.waiting(desk.supervisor.actor) == [row]
    place(desk.supervisor, hold_id=row.pk, digest=row.digest)
    assert holds.is_held(desk.case)
    assert Picture.objects.filter(held_at__isnull=False).count() == 2
    assert Hold.objects.get().reason == WHY
    case, ends = str(desk.case.id), day().isoformat()
    assert entries("hold.proposed") == [{"case": case, "ends": ends, "hidden": False}]
    assert entries("hold.placed") == [{"case": case, "ends": ends, "hidden": False}]
    assert Entry.objects.filter(verb="picture.held").count() == 2
    due = deadlines.still_open().get(kind="hold_ends").due_at
    assert due.date() == day() - holding.NOTICE


def test_everything_that_destroys_waits_for_its_end(desk: Desk) -> None:
    row = held(desk)
    Agency.objects.update(retention_days=1)
    Picture.objects.update(stored_at=clock.now() - timedelta(days=9), shred_due_at=clock.now())
    reviewing.decide_not_listed(desk.caseworker, case_id=desk.case.id, position=1)
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.EVERYTHING)
    shred_due(Context.system("test"))
    sweep()
    case = desk.fresh()
    assert (case.destroyed_at, kept()) == (None, ["checked", "checked"])
    assert case.deletion_asked_at is not None
    assert case.story_sealed is not None
    for picture in Picture.objects.all():
        with pytest.raises(Conflict) as refused:
            vault.shred(Context.system("test"), picture_id=picture.pk, reason="decided")
        assert refused.value.code == "held"
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.update(wrapped_key=None, shredded_at=clock.now())
    lift(desk.supervisor, hold_id=row.pk)
    assert sorted(kept()) == ["checked", "shredded"]  # what was decided goes at once
    sweep()
    after = desk.fresh()
    assert (after.state, kept()) == ("withdrawn", ["shredded", "shredded"])
    assert (after.story_sealed, Hold.objects.get().reason) == (None, "")


def test_sharing_stops_at_once_whatever_is_held(desk: Desk) -> None:
    held(desk)
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.EVERYTHING)
    assert not CasePicture.objects.filter(sharing_stopped_at=None).exists()
    assert not desk.case.consents.filter(withdrawn_at=None).exists()


def test_a_closed_case_is_not_erased_while_it_is_held(desk: Desk) -> None:
    held(desk)
    Agency.objects.update(retention_days=1)
    Case.objects.update(state=CaseState.CLOSED, closed_at=clock.now() - timedelta(days=9))
    sweep()
    assert (desk.fresh().destroyed_at, kept()) == (None, ["checked", "checked"])


def test_it_ends_on_its_day(desk: Desk) -> None:
    held(desk)
    with time_machine.travel(clock.now() + timedelta(days=60), tick=False):
        assert holding.expire(Context.system("test")) == 0
    with time_machine.travel(clock.now() + timedelta(days=61), tick=False):
        assert holding.expire(Context.system("test")) == 1
    assert not holds.is_held(desk.case)
    assert entries("hold.ended") == [{"case": str(desk.case.id), "why": "ended"}]
    assert not Picture.objects.filter(held_at__isnull=False).exists()
    assert not deadlines.still_open().filter(kind="hold_ends").exists()


def test_the_person_is_told_unless_a_law_forbids_it(desk: Desk) -> None:
    first = held(desk)
    assert holds.told(desk.case) == day()
    lift(desk.supervisor, hold_id=first.pk)
    assert holds.told(desk.case) is None
    with pytest.raises(Invalid) as refused:
        propose(desk.caseworker, case_id=desk.case.id, reason=WHY, ends_on=day(), hidden=True)
    assert refused.value.code == "hold_law"
    held(desk, hidden=True, law="Criminal procedure act, section 9")
    assert holds.told(desk.case) is None
    assert holds.is_held(desk.case)


def test_what_can_not_be_proposed_or_placed(desk: Desk) -> None:
    for ends_on in (day(0), day(-1), day(4000)):
        with pytest.raises(Invalid) as refused:
            propose(desk.caseworker, case_id=desk.case.id, reason=WHY, ends_on=ends_on)
        assert refused.value.code == "hold_day"
    row = propose(desk.supervisor, case_id=desk.case.id, reason=WHY, ends_on=day())
    acts: list[tuple[Callable[[], object], type[DomainError], str]] = [
        (
            lambda: propose(desk.caseworker, case_id=desk.case.id, reason=WHY, ends_on=day()),
            Conflict,
            "hold_open",
        ),
        (lambda: place(desk.supervisor, hold_id=row.pk, digest=row.digest), NotAllowed, "own_hold"),
        (lambda: place(desk.caseworker, hold_id=row.pk, digest=row.digest), NotAllowed, "not_allowed"),
        (lambda: place(desk.outsider, hold_id=row.pk, digest=row.digest), NotFound, "no_such_case"),
        (lambda: lift(desk.caseworker, hold_id=row.pk), NotAllowed, "not_allowed"),
        (lambda: lift(desk.outsider, hold_id=row.pk), NotFound, "no_such_case"),
        (
            lambda: propose(desk.auditor, case_id=desk.case.id, reason=WHY, ends_on=day()),
            NotAllowed,
            "not_allowed",
        ),
    ]
    before = Entry.objects.count()
    for act, error, code in acts:
        with pytest.raises(error) as refused_act:
            act()
        assert refused_act.value.code == code
    assert (Entry.objects.count(), holds.is_held(desk.case)) == (before, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.update(placed_at=clock.now(), placed_by=row.proposed_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.update(placed_at=clock.now())
    lift(desk.supervisor, hold_id=row.pk)
    assert entries("hold.ended")[0]["why"] == "refused"
    with pytest.raises(NotFound):
        place(desk.supervisor, hold_id=row.pk, digest=row.digest)


def test_a_changed_proposal_is_not_placed(desk: Desk) -> None:
    row = propose(desk.caseworker, case_id=desk.case.id, reason=WHY, ends_on=day())
    with pytest.raises(Conflict) as refused:
        place(desk.supervisor, hold_id=row.pk, digest="0" * 64)
    assert refused.value.code == "changed"
    assert not holds.is_held(desk.case)


def test_deleting_everything_where_a_child_is_suspected_shreds_nothing(desk: Desk) -> None:
    child.suspect(desk.caseworker, case_id=desk.case.id)
    row = Hold.objects.get()
    assert (row.kind, row.hidden, row.placed_by) == ("child", True, None)
    assert row.ends_on == day(365)
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.EVERYTHING)
    sweep()
    assert (desk.fresh().destroyed_at, kept()) == (None, ["checked", "checked"])
    assert holds.told(desk.case) is None


def test_an_agency_may_choose_to_destroy_at_once(desk: Desk) -> None:
    Agency.objects.update(child_files="shred")
    child.suspect(desk.caseworker, case_id=desk.case.id)
    assert kept() == ["shredded", "shredded"]
    assert not holds.is_held(desk.case)
    assert set(Picture.objects.values_list("shred_reason", flat=True)) == {"child"}


def test_what_a_court_keeps_is_not_destroyed_for_a_child_either(desk: Desk) -> None:
    Agency.objects.update(child_files="shred")
    held(desk)
    child.suspect(desk.caseworker, case_id=desk.case.id)
    assert kept() == ["checked", "checked"]


def test_the_duty_to_report_is_met_by_reporting(desk: Desk) -> None:
    with pytest.raises(Conflict):
        child.reported(desk.caseworker, case_id=desk.case.id)
    child.suspect(desk.caseworker, case_id=desk.case.id)
    due = deadlines.still_open().get(kind="child_report").due_at
    assert due - desk.fresh().child_suspected_at == timedelta(hours=24)  # type: ignore[operator]  # it is set
    system = Context.system("test")
    child.reported(system, case_id=desk.case.id)
    assert Entry.objects.filter(verb="case.child_reported").count() == 1
    with pytest.raises(Conflict):
        child.reported(system, case_id=desk.case.id)
    with pytest.raises(NotFound):  # it is the restricted team's now
        child.reported(desk.caseworker, case_id=desk.case.id)


def test_a_deletion_with_days_to_undo_waits_too_and_the_desk_keeps_its_key(desk: Desk) -> None:
    row = held(desk)
    deferring.schedule(Context.person(desk.case.id), case_id=desk.case.id)
    assert desk.fresh().private_for_desk is not None
    assert not CasePicture.objects.filter(sharing_stopped_at=None).exists()
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert deferring.sweep(Context.system("test")) == 0
        lift(Context(desk.supervisor.actor), hold_id=row.pk)
        assert deferring.sweep(Context.system("test")) == 1
    assert (desk.fresh().state, kept()) == ("withdrawn", ["shredded", "shredded"])


def test_a_file_that_its_person_takes_back_is_kept_and_not_shared(desk: Desk) -> None:
    held(desk)
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.FILE, position=1)
    assert kept() == ["checked", "checked"]
    assert CasePicture.objects.get(position=1).sharing_stopped_at is not None
