"""Messages between the person and the agency: sealed to the case, audited, and no flood of notices."""

from __future__ import annotations

import pytest

from cases.models import Case, CaseMessage
from cases.services import messaging, openings
from cases.services.desk_keys import open_case_key
from cases.services.messaging import answer, own, read, seen, settle, write
from cases.services.withdrawal import Scope, withdraw
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.notify.models import Message
from tests.cases.services.conftest import Desk


def person(desk: Desk) -> Context:
    return Context.person(desk.case.id)


def test_both_sides_read_what_both_wrote(desk: Desk) -> None:
    write(person(desk), case_id=desk.case.id, body="  canary-question\nwith a line ")
    answer(Context(desk.caseworker.actor), case_id=desk.case.id, body="canary-answer")
    mine = own(desk.fresh(), open_case_key(desk.fresh()))
    theirs = read(desk.supervisor, case_id=desk.case.id)
    assert [(one.sender, one.body) for one in mine] == [
        ("person", "canary-question\nwith a line"),
        ("agency", "canary-answer"),
    ]
    assert theirs == mine
    rows = CaseMessage.objects.order_by("sent_at")
    assert [str(row.staff_id) if row.staff_id else None for row in rows] == [None, desk.caseworker.actor.id]
    assert all(b"canary" not in bytes(row.body_sealed) for row in rows)
    verbs = (
        Entry.objects.filter(verb="case.message_written")
        .order_by("waiting__position")
        .values_list("actor_kind", flat=True)
    )
    assert list(verbs) == ["person", "staff"]
    assert Entry.objects.get(verb="case.messages_read").payload == {"messages": 2}
    assert [str(one.verb) for one in openings.of_case(desk.case)] == ["case.messages_read"]


def test_what_one_case_holds_opens_in_no_other_row(desk: Desk) -> None:
    write(person(desk), case_id=desk.case.id, body="one")
    first = CaseMessage.objects.get()
    CaseMessage.objects.create(
        case=desk.case, sender="person", body_sealed=first.body_sealed, sent_at=clock.now()
    )
    with pytest.raises(Exception, match="bound to another place"):
        own(desk.fresh(), open_case_key(desk.fresh()))


def test_one_notice_until_the_person_has_come(desk: Desk) -> None:
    Case.objects.update(contact_verified_at=clock.now())
    for body in ("one", "two", "three"):
        answer(desk.caseworker, case_id=desk.case.id, body=body)
    assert Message.objects.count() == 1
    seen(person(desk), case_id=desk.case.id)
    assert CaseMessage.objects.filter(seen_at=None).count() == 0
    answer(desk.caseworker, case_id=desk.case.id, body="four")
    assert Message.objects.count() == 2


def test_an_answer_or_a_word_settles_what_waits(desk: Desk) -> None:
    write(person(desk), case_id=desk.case.id, body="one")
    answer(desk.caseworker, case_id=desk.case.id, body="two")
    assert CaseMessage.objects.get(sender="person").seen_at is not None
    write(person(desk), case_id=desk.case.id, body="three")
    settle(desk.caseworker, case_id=desk.case.id)
    assert not CaseMessage.objects.filter(sender="person", seen_at=None).exists()
    assert Entry.objects.get(verb="case.messages_settled").payload == {"messages": 1}


@pytest.mark.parametrize("body", ["", "   \n", "x" * (messaging.LONGEST + 1)])
def test_what_is_no_message(desk: Desk, body: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(person(desk), case_id=desk.case.id, body=body)
    assert (refused.value.code, CaseMessage.objects.count()) == ("message_length", 0)


def test_nobody_else_reads_or_writes(desk: Desk) -> None:
    before = Entry.objects.count()
    for ctx in (Context.visitor(), Context.person(desk.case.team_id), desk.caseworker):
        with pytest.raises(NotFound):
            write(ctx, case_id=desk.case.id, body="x")
    with pytest.raises(NotFound):
        answer(desk.outsider, case_id=desk.case.id, body="x")
    with pytest.raises(NotAllowed):
        answer(desk.auditor, case_id=desk.case.id, body="x")
    with pytest.raises(NotAllowed):
        read(desk.auditor, case_id=desk.case.id)
    with pytest.raises(NotAllowed):
        settle(desk.auditor, case_id=desk.case.id)
    with pytest.raises(NotFound):
        seen(Context.visitor(), case_id=desk.case.id)
    assert (CaseMessage.objects.count(), Entry.objects.count()) == (0, before)


def test_messages_go_with_everything_and_are_counted(desk: Desk) -> None:
    write(person(desk), case_id=desk.case.id, body="one")
    withdraw(person(desk), case_id=desk.case.id, scope=Scope.EVERYTHING)
    assert CaseMessage.objects.count() == 0
    told = Entry.objects.get(verb="case.withdrawn").payload
    assert (told["messages"], told["locations"], told["pictures"]) == (1, 1, 2)
    for act in (write, answer):
        ctx = person(desk) if act is write else desk.caseworker
        with pytest.raises(Conflict):
            act(ctx, case_id=desk.case.id, body="two")
