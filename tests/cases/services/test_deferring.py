"""A deletion that can be undone for seven days: closed to the desk at once, reviewed anew if undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case, CaseMessage, CasePicture, Consent
from cases.services import deferring, messaging, moving, reviewing
from cases.services.deferring import schedule, undo
from cases.services.desk_keys import open_case_key, read_story
from cases.services.withdrawal import Scope, withdraw
from cases.states import CaseState
from hashing.enrolment import forgetting
from hashing.fingerprints.models import Fingerprint
from hashing.lists import services as lists
from hashing.lists.models import Entry as ListEntry
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from tests.cases.services.conftest import Desk


@pytest.fixture
def listed(desk: Desk) -> tuple[Desk, bytes]:
    """File 1 is on a list and destroyed, file 2 waits for its review; and what only the code opens."""
    private = open_case_key(desk.case)
    _list(desk)
    lists.publish_pending()
    messaging.write(Context.person(desk.case.id), case_id=desk.case.id, body="hello")
    return desk, private


def _list(desk: Desk) -> ListEntry:
    entry = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    return reviewing.approve(desk.supervisor, case_id=desk.case.id, entry_id=entry.id, digest=entry.digest)


def person(desk: Desk) -> Context:
    return Context.person(desk.case.id)


def due_now() -> None:
    Case.objects.update(deletion_due_at=clock.now() - timedelta(seconds=1))


def test_sharing_stops_and_the_desk_is_shut_out_at_once(listed: tuple[Desk, bytes]) -> None:
    desk, _private = listed
    case = schedule(person(desk), case_id=desk.case.id)
    assert ListEntry.objects.get().state == "withdrawn"
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    assert (desk.fresh().private_for_desk, desk.fresh().state) == (None, "new")
    assert desk.fresh().story_sealed is not None
    assert case.deletion_due_at is not None
    assert Entry.objects.get(verb="case.deletion_due").payload == {
        "due": case.deletion_due_at.date().isoformat(),
        "pictures": 2,
        "entries": 1,
    }
    with pytest.raises(NotFound):
        read_story(desk.caseworker, case_id=desk.case.id)
    with pytest.raises(NotFound):
        messaging.read(desk.caseworker, case_id=desk.case.id)
    with pytest.raises(Conflict):
        reviewing.request_reveal(desk.caseworker, case_id=desk.case.id, position=2, reason="to look at it")
    with pytest.raises(Conflict):
        moving.move(desk.caseworker, case_id=desk.case.id, to=CaseState.ACTIVE)
    with pytest.raises(Conflict):
        schedule(person(desk), case_id=desk.case.id)


def test_after_the_week_everything_is_destroyed(listed: tuple[Desk, bytes]) -> None:
    desk, private = listed
    schedule(person(desk), case_id=desk.case.id)
    assert deferring.sweep(Context.system("test")) == 0
    due_now()
    assert deferring.sweep(Context.system("test")) == 1
    case = desk.fresh()
    assert (case.state, case.story_sealed, case.deletion_due_at) == ("withdrawn", None, None)
    assert case.destroyed_at is not None
    assert {row.picture.state for row in CasePicture.objects.all()} == {"shredded"}
    assert CaseMessage.objects.count() == 0
    told = Entry.objects.filter(verb="case.withdrawn").order_by("waiting__position").last()
    assert told is not None
    assert (told.actor_kind, told.payload["scope"], told.payload["messages"]) == ("system", "everything", 1)
    with pytest.raises(Conflict):
        undo(person(desk), case_id=desk.case.id, private=private)
    assert deferring.sweep(Context.system("test")) == 0


def test_undone_in_time_the_desk_reads_again_and_nothing_is_listed_by_itself(
    listed: tuple[Desk, bytes],
) -> None:
    desk, private = listed
    schedule(person(desk), case_id=desk.case.id)
    undo(person(desk), case_id=desk.case.id, private=private)
    assert read_story(desk.caseworker, case_id=desk.case.id).story == "canary-story"
    assert open_case_key(desk.fresh()) == private
    rows = CasePicture.objects.order_by("position")
    assert [(row.decision, row.sharing_stopped_at) for row in rows] == [("undecided", None)] * 2
    assert list(ListEntry.objects.values_list("state", flat=True)) == ["withdrawn"]
    again = Consent.objects.get(withdrawn_at=None)
    assert (again.recipient, again.kind, again.wording_version) == ("partners", "fingerprints", "2026-11")
    assert Entry.objects.get(verb="case.deletion_undone").payload == {"pictures": 2, "consents": 1}
    with pytest.raises(Conflict) as nothing:
        undo(person(desk), case_id=desk.case.id, private=private)
    assert nothing.value.code == "nothing_to_undo"


def test_it_comes_back_as_a_new_entry_through_two_people(listed: tuple[Desk, bytes]) -> None:
    """The picture itself is long destroyed: what was made of it is kept for the week, and for the review."""
    desk, private = listed
    before = ListEntry.objects.get()
    schedule(person(desk), case_id=desk.case.id)
    lists.publish_pending()
    forgetting.forget(Context.system("test"))
    assert Fingerprint.objects.filter(picture=before.picture_id).exists()
    undo(person(desk), case_id=desk.case.id, private=private)
    forgetting.forget(Context.system("test"))
    after = _list(desk)
    assert after.pk != before.pk
    assert after.picture_id == before.picture_id
    assert dict(ListEntry.objects.values_list("pk", "state")) == {
        before.pk: "withdrawn",
        after.pk: "approved",
    }


def test_without_an_undo_the_fingerprints_go(listed: tuple[Desk, bytes]) -> None:
    desk, _private = listed
    picture = ListEntry.objects.get().picture_id
    schedule(person(desk), case_id=desk.case.id)
    lists.publish_pending()
    withdraw(person(desk), case_id=desk.case.id, scope=Scope.EVERYTHING)  # they do not want to wait any more
    assert desk.fresh().destroyed_at is not None
    forgetting.forget(Context.system("test"))
    assert not Fingerprint.objects.filter(picture=picture).exists()


def test_nobody_else_begins_or_undoes_it(listed: tuple[Desk, bytes]) -> None:
    desk, private = listed
    for ctx in (desk.caseworker, desk.supervisor, Context.visitor(), Context.person(desk.case.team_id)):
        with pytest.raises(NotFound):
            schedule(ctx, case_id=desk.case.id)
    schedule(person(desk), case_id=desk.case.id)
    before = Entry.objects.count()
    for ctx in (desk.supervisor, Context.visitor()):
        with pytest.raises(NotFound):
            undo(ctx, case_id=desk.case.id, private=private)
    assert (desk.fresh().private_for_desk, Entry.objects.count()) == (None, before)
