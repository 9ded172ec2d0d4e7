"""Who may read which entries."""

from __future__ import annotations

import uuid
from datetime import timedelta

from portal.audit import Subject, Verb, record
from portal.audit.selectors import for_subject, search
from portal.core.context import Actor, ActorKind, Context

CASE, OTHER, PARTNER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
STAFF = Actor(ActorKind.STAFF, str(uuid.uuid4()), role="caseworker")


def _write() -> None:
    for case in (CASE, OTHER):
        record(Context.person(case), Verb.CASE_OPENED, Subject("case", case))
        record(Context(STAFF), Verb.CASE_READ, Subject("case", case), part="story")
    record(Context.partner(PARTNER), Verb.LIST_PULLED, Subject("partner", PARTNER), position=3)


def test_staff_read_about_one_thing_oldest_first(db: None) -> None:
    _write()
    found = for_subject(STAFF, Subject("case", CASE))
    assert [entry.verb for entry in found] == ["case.opened", "case.read"]
    assert {entry.subject_id for entry in found} == {str(CASE)}


def test_a_person_reads_their_own_case_only(db: None) -> None:
    _write()
    person = Context.person(CASE).actor
    assert for_subject(person, Subject("case", CASE)).count() == 2
    assert for_subject(person, Subject("case", OTHER)).count() == 0
    assert search(person).count() == 2
    assert search(Context.visitor().actor).count() == 0


def test_a_partner_reads_about_itself_only(db: None) -> None:
    _write()
    assert [entry.verb for entry in search(Context.partner(PARTNER).actor)] == ["list.pulled"]
    assert for_subject(Context.partner(PARTNER).actor, Subject("case", CASE)).count() == 0


def test_search_meets_every_condition(db: None) -> None:
    _write()
    newest = search(STAFF)[0]
    assert newest.verb == "list.pulled"
    assert search(STAFF, subjects=[Subject("case", CASE), Subject("partner", PARTNER)]).count() == 3
    assert search(STAFF, subjects=[]).count() == 0
    assert search(STAFF, verbs=[Verb.CASE_READ], actor_id=STAFF.id).count() == 2
    assert search(STAFF, since=newest.at).count() == 1
    assert search(STAFF, until=newest.at).count() == 4
    assert search(STAFF, since=newest.at + timedelta(seconds=1)).count() == 0
