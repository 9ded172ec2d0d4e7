"""A lost code: regained through the confirmed contact and a caseworker, if the person chose that."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Purpose, Regain, Visit
from cases.services import regaining, visits
from cases.services.desk_keys import open_case_key
from cases.services.following import authenticate
from cases.services.opening import Confirmation
from cases.services.regaining import allow, ask, decide, stop
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.crypto import passwords
from portal.notify.models import Message
from portal.verify import contacts, services
from portal.verify.contacts import Contact
from tests.cases.services.conftest import Desk
from tests.cases.visitors import last_code

CONTACT = contacts.email("ann@post.example")


@pytest.fixture
def willing(desk: Desk) -> Desk:
    """The person's contact is confirmed, and they chose that a code may be regained."""
    Case.objects.update(contact_verified_at=clock.now(), may_regain=True)
    return desk


def confirmed(contact: Contact = CONTACT, binding: str = "browser") -> Confirmation:
    """Somebody who reads that contact has entered its one-time code."""
    with (
        mock.patch.object(services, "BETWEEN_SENDS", timedelta(0)),
        mock.patch.object(services, "SENDS_PER_DAY", 5),
    ):
        challenge = services.start(Context.visitor(), contact=contact, binding=binding)
    outcome = services.confirm(
        Context.visitor(), challenge_id=challenge.id, binding=binding, code=last_code()
    )
    assert outcome is services.Outcome.CONFIRMED
    return Confirmation(challenge.id, binding)


def asked(desk: Desk, *, reference: str | None = None, contact: Contact = CONTACT) -> str:
    name = reference or desk.case.reference
    return ask(Context.visitor(), reference=name, contact=contact, confirmation=confirmed(contact))


def opens(desk: Desk, code: str) -> bool:
    try:
        found = authenticate(Context.visitor(), reference=desk.case.reference, code=code, network="net")
    except Invalid:
        return False
    return found.private == open_case_key(desk.fresh())


def test_the_new_code_opens_the_case_once_a_caseworker_agrees(willing: Desk) -> None:
    code = asked(willing)
    assert not opens(willing, code)
    old = willing.fresh().private_for_code
    visit = visits.begin(Context.visitor(), purpose=Purpose.FOLLOW, payload={}, case=willing.case)
    decide(willing.caseworker, case_id=willing.case.id, agree=True)
    assert opens(willing, code)
    assert willing.fresh().private_for_code != old
    assert not Visit.objects.filter(pk=visit.row.pk).exists()  # what the old code had opened
    row = Regain.objects.get()
    assert (row.state, row.key_sealed) == ("granted", None)
    assert str(row.decided_by_id) == willing.caseworker.actor.id
    told = {entry.verb: entry for entry in Entry.objects.filter(verb__startswith="case.regain")}
    assert told["case.regain_asked"].actor_id == str(willing.case.id)
    assert told["case.regain_decided"].payload == {"regain": str(row.pk), "outcome": "granted"}
    assert Message.objects.filter(template="update").count() == 1  # the person hears, neutrally


def test_the_old_code_is_dead(willing: Desk) -> None:
    """Made anew here, as the first is kept nowhere."""
    first = asked(willing)
    decide(willing.caseworker, case_id=willing.case.id, agree=True)
    second = asked(willing)
    decide(willing.caseworker, case_id=willing.case.id, agree=True)
    assert (opens(willing, first), opens(willing, second)) == (False, True)


def test_refused_or_stopped_it_opens_nothing(willing: Desk) -> None:
    codes = [asked(willing)]
    decide(willing.caseworker, case_id=willing.case.id, agree=False)
    codes.append(asked(willing))
    stop(Context.person(willing.case.id), case_id=willing.case.id)
    with pytest.raises(NotFound):
        decide(willing.caseworker, case_id=willing.case.id, agree=True)
    assert [opens(willing, code) for code in codes] == [False, False]
    assert list(Regain.objects.values_list("state", "key_sealed")) == [("refused", None)] * 2


@pytest.mark.parametrize("why", ["not_chosen", "not_confirmed", "other_contact", "unknown", "deleted"])
def test_what_does_not_fit_gets_a_code_that_nobody_can_agree_to(willing: Desk, why: str) -> None:
    reference, contact = willing.case.reference, CONTACT
    if why == "not_chosen":
        Case.objects.update(may_regain=False)
    elif why == "not_confirmed":
        Case.objects.update(contact_verified_at=None)
    elif why == "other_contact":
        contact = contacts.email("eve@post.example")
    elif why == "unknown":
        reference = "ZZZZZZZZ"
    else:
        Case.objects.update(private_for_desk=None)
    code = asked(willing, reference=reference, contact=contact)
    assert len(code) == 16
    assert Regain.objects.get().case_id is None
    entry = Entry.objects.get(verb="case.regain_asked")
    assert (entry.subject_type, entry.actor_id) == ("regain", "visitor")
    with pytest.raises(NotFound):
        decide(willing.caseworker, case_id=willing.case.id, agree=True)


def test_known_and_unknown_references_cost_the_same(willing: Desk) -> None:
    work = []
    for name in (willing.case.reference, "ZZZZZZZZ"):
        confirmation = confirmed(binding=name)
        with (
            CaptureQueriesContext(connection) as queries,
            mock.patch.object(passwords, "derive", wraps=passwords.derive) as derive,
        ):
            ask(Context.visitor(), reference=name, contact=CONTACT, confirmation=confirmation)
        work.append(([query["sql"].split()[0] for query in queries], derive.call_count))
    assert work[0] == work[1]
    assert work[0][1] == 1


def test_without_the_one_time_code_nothing(willing: Desk) -> None:
    other = confirmed(contacts.email("eve@post.example"))
    with pytest.raises(Conflict) as refused:
        ask(Context.visitor(), reference=willing.case.reference, contact=CONTACT, confirmation=other)
    assert (refused.value.code, Regain.objects.count()) == ("not_confirmed", 0)


def test_a_second_request_replaces_the_first(willing: Desk) -> None:
    first, second = asked(willing), asked(willing)
    decide(willing.caseworker, case_id=willing.case.id, agree=True)
    assert (opens(willing, first), opens(willing, second)) == (False, True)
    assert sorted(Regain.objects.values_list("state", flat=True)) == ["granted", "replaced"]


def test_only_who_works_on_the_case_decides(willing: Desk) -> None:
    asked(willing)
    before = Entry.objects.count()
    with pytest.raises(NotFound):
        decide(willing.outsider, case_id=willing.case.id, agree=True)
    with pytest.raises(NotAllowed):
        decide(willing.auditor, case_id=willing.case.id, agree=True)
    with pytest.raises(NotFound):
        stop(Context.person(willing.case.team_id), case_id=willing.case.id)
    assert (Regain.objects.get().state, Entry.objects.count()) == ("asked", before)


def test_what_nobody_decides_on_ends_after_two_weeks(willing: Desk) -> None:
    asked(willing)
    asked(willing, reference="ZZZZZZZZ")
    assert regaining.forget(Context.system("test")) == 0
    Regain.objects.update(asked_at=clock.now() - timedelta(days=14, minutes=1))
    assert regaining.forget(Context.system("test")) == 2
    assert [(row.state, row.case_id) for row in Regain.objects.all()] == [("refused", willing.case.id)]


def test_the_person_chooses(desk: Desk) -> None:
    person = Context.person(desk.case.id)
    for allowed in (True, True, False):
        assert allow(person, case_id=desk.case.id, allowed=allowed).may_regain is allowed
    chosen = Entry.objects.filter(verb="case.regain_allowed").order_by("waiting__position")
    assert [entry.payload["allowed"] for entry in chosen] == [True, False]
    with pytest.raises(NotFound):
        allow(Context.visitor(), case_id=desk.case.id, allowed=True)
