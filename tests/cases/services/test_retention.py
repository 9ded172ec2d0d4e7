"""What is kept no longer than the agency says."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from cases.models import Case, CasePicture, Location
from cases.services import retention
from cases.services.following import _no_keys
from cases.services.moving import move
from cases.services.reviewing import approve, propose
from cases.services.withdrawal import Scope, withdraw
from cases.states import CaseState
from cases.tasks import sweep
from hashing.lists.models import Entry as ListEntry
from hashing.lists.services import publish_pending
from portal.agency.models import Agency
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict
from portal.vault.models import Picture
from tests.cases.services.conftest import Desk


def age(days: float) -> None:
    Picture.objects.update(stored_at=clock.now() - timedelta(days=days))


def close(desk: Desk, days: float) -> None:
    Case.objects.update(state="closed", closed_at=clock.now() - timedelta(days=days))


def states() -> list[str]:
    rows = CasePicture.objects.order_by("position").select_related("picture")
    return [row.picture.state for row in rows]


def test_a_file_goes_when_its_time_is_over(desk: Desk) -> None:
    Agency.objects.update(retention_days=30)
    CasePicture.objects.filter(position=2).update(keep_as_evidence=True)
    age(29.9)
    assert retention.sweep(Context.system("test")) == 0
    age(30)
    assert retention.sweep(Context.system("test")) == 1
    assert states() == ["shredded", "checked"]
    assert Picture.objects.get(state="shredded").shred_reason == "retention"


def test_a_closed_case_is_erased_with_its_evidence(desk: Desk) -> None:
    Agency.objects.update(retention_days=30)
    CasePicture.objects.update(keep_as_evidence=True)
    close(desk, 29.9)
    assert retention.sweep(Context.system("test")) == 0
    close(desk, 30)
    assert retention.sweep(Context.system("test")) == 3
    case = desk.fresh()
    assert states() == ["shredded", "shredded"]
    assert (case.state, case.story_sealed, case.contact_sealed, case.private_for_desk) == (
        "closed",
        None,
        None,
        None,
    )
    assert case.destroyed_at is not None
    assert Location.objects.count() == 0
    assert Entry.objects.get(verb="case.moved").payload["reason"] == "retention"
    assert retention.sweep(Context.system("test")) == 0


def prove(desk: Desk, days: int) -> None:
    """As if the last proof of deletion had been made so many days ago."""
    Case.objects.update(final_proof=b"{}", final_proof_at=clock.now() - timedelta(days=days))


def test_nothing_is_left_ninety_days_after_the_last_proof(desk: Desk) -> None:
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.EVERYTHING)
    assert retention.sweep(Context.system("test")) == 0
    prove(desk, 89)
    assert retention.sweep(Context.system("test")) == 0
    prove(desk, 90)
    assert retention.sweep(Context.system("test")) == 1
    assert (Case.objects.count(), CasePicture.objects.count()) == (0, 0)
    assert Entry.objects.get(verb="case.removed").subject_id == str(desk.case.id)
    assert retention.sweep(Context.system("test")) == 0


def test_what_must_be_kept_beside_a_case_keeps_its_bare_row(desk: Desk) -> None:
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.EVERYTHING)
    prove(desk, 90)
    with mock.patch.object(Case, "delete", side_effect=ProtectedError("kept by law", set())):
        assert [retention.sweep(Context.system("test")) for _ in range(2)] == [1, 0]
    assert (desk.fresh().private_for_code, desk.fresh().code_salt) == (None, None)
    assert desk.fresh().pictures.count() == 2
    assert Entry.objects.get(verb="case.code_ended").subject_id == str(desk.case.id)
    assert not Entry.objects.filter(verb="case.removed").exists()


def test_a_review_ends_when_its_file_goes(desk: Desk) -> None:
    proposed = propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    Agency.objects.update(retention_days=30)
    age(30)
    assert retention.sweep(Context.system("test")) == 2
    rows = CasePicture.objects.order_by("position")
    assert [row.decision for row in rows] == ["not_listed", "not_listed"]
    assert ListEntry.objects.get().state == "withdrawn"
    assert Entry.objects.filter(verb="picture.decided", actor_kind="system").count() == 2
    with pytest.raises(Conflict):
        approve(desk.supervisor, case_id=desk.case.id, entry_id=proposed.id, digest=proposed.digest)
    with pytest.raises(Conflict):
        propose(desk.caseworker, case_id=desk.case.id, position=2, list_slug="reviewed")
    assert ListEntry.objects.get().state == "withdrawn"


def test_an_erased_case_cannot_be_reopened(desk: Desk) -> None:
    Agency.objects.update(retention_days=30)
    close(desk, 30)
    retention.sweep(Context.system("test"))
    before = Entry.objects.count()
    with pytest.raises(Conflict) as refused:
        move(desk.caseworker, case_id=desk.case.id, to=CaseState.REOPENED)
    assert (refused.value.code, desk.fresh().state, Entry.objects.count()) == (
        "data_destroyed",
        "closed",
        before,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(state="reopened", closed_at=None)


def test_the_task_runs_all_of_it(desk: Desk) -> None:
    sweep()
    assert states() == ["checked", "checked"]
    assert _no_keys() is _no_keys()


def list_and_erase(desk: Desk) -> None:
    """File 1 is listed, then the case is closed and its retention ends."""
    entry = propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    approve(desk.supervisor, case_id=desk.case.id, entry_id=entry.id, digest=entry.digest)
    publish_pending()
    close(desk, 4000)
    retention.sweep(Context.system("test"))
    assert desk.fresh().destroyed_at is not None


@pytest.mark.parametrize("scope", sorted(set(Scope) - {Scope.DETAILS}))
def test_sharing_can_be_stopped_after_the_case_is_erased(desk: Desk, scope: Scope) -> None:
    list_and_erase(desk)
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=scope, position=1)
    assert ListEntry.objects.get().state == "withdrawn"
    assert (desk.fresh().state, Entry.objects.filter(verb="case.withdrawn").count()) == ("closed", 1)
    with pytest.raises(Conflict):
        withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=scope, position=1)


def test_the_code_works_for_as_long_as_something_is_shared(desk: Desk) -> None:
    list_and_erase(desk)
    prove(desk, 900)
    retention.sweep(Context.system("test"))
    assert desk.fresh().private_for_code is not None
    withdraw(Context.person(desk.case.id), case_id=desk.case.id, scope=Scope.SHARING)
    retention.sweep(Context.system("test"))
    assert Case.objects.count() == 0
