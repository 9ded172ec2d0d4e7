"""Notices: nothing goes out that the law refuses or that two people didn't see; what went out stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from cases.models import Case, CasePicture, Consent, Location, Notice
from cases.notices import selectors
from cases.notices.notice import Fingerprint
from cases.notices.rendering import Form
from cases.services import notice_copies, notice_drafting, notice_records, notice_sending
from cases.services.notice_records import Incomplete
from cases.states import LocationState
from portal.agency.models import Agency
from portal.audit.models import Entry
from portal.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from tests.cases.services.conftest import Desk
from tests.cases.services.noticing import WANTED, drafted, log, ready, sent
from tests.cases.services.test_locations import first
from tests.cases.visitors import deliver_all, mails

__all__ = ["ready"]


def test_a_notice_goes_out_as_two_people_saw_it(ready: Desk) -> None:
    row = drafted(ready)
    assert (row.state, row.formal, first(ready).state) == ("drafted", True, "notice_drafted")
    notice_sending.approve(ready.supervisor, notice_id=row.pk, digest=row.digest)
    assert first(ready).state == "notice_approved"
    done = notice_sending.send(ready.caseworker, notice_id=row.pk)
    assert done.sent_at is not None
    assert (done.state, done.due_at, first(ready).state) == (
        "sent",
        done.sent_at + timedelta(hours=24),
        "sent",
    )
    case, verbs = str(ready.case.id), ("notice.drafted", "notice.approved", "notice.sent")
    said = {verb: log(verb)[0] for verb in verbs}
    assert all(str(payload.pop("text")).startswith("hmac-sha256:") for payload in said.values())
    assert said == {
        "notice.drafted": {"case": case, "regime": "australia", "locations": 1},
        "notice.approved": {"case": case},
        "notice.sent": {"case": case, "regime": "australia", "mailed": True},
    }


def test_the_mail_is_the_kept_text_in_the_agencys_own_name(ready: Desk, outbox: Path) -> None:
    row = sent(ready)
    deliver_all()
    (mail,) = mails()
    assert mail["to"] == "legal@host.example"
    assert mail["subject"] == f"URGENT: intimate image shared without consent [{row.reference}]"
    assert (mail["sender"], mail["reply_to"]) == ("Sample Agency", "removals@agency.example")
    kept = notice_copies.read_copy(ready.caseworker, notice_id=row.pk, form=Form.TEXT)
    assert mail["body"].encode() == kept
    assert "https://host.example/1" in mail["body"]
    assert "canary-story" not in mail["body"]
    assert ready.case.reference not in mail["body"]
    assert Entry.objects.get(verb="message.sent").payload["template"] == "notice"


def test_a_draft_that_was_changed_behind_the_portal_is_not_sent(ready: Desk) -> None:
    row = drafted(ready)
    other = drafted_elsewhere(row)
    Notice.objects.filter(pk=row.pk).update(record_sealed=other)
    notice_sending.approve(ready.supervisor, notice_id=row.pk, digest=row.digest)
    with pytest.raises(Conflict) as refused:
        notice_sending.send(ready.caseworker, notice_id=row.pk)
    assert refused.value.code == "altered"
    assert Notice.objects.get().state == "approved"


def drafted_elsewhere(row: Notice) -> bytes:
    record = replace(notice_records.unseal(row.case, row), hours=1)
    return notice_records.seal(row.case, row.pk, record)


def test_a_change_voids_the_approval(ready: Desk) -> None:
    row = drafted(ready)
    notice_sending.approve(ready.supervisor, notice_id=row.pk, digest=row.digest)
    changed = notice_drafting.redraft(ready.caseworker, notice_id=row.pk, wanted=replace(WANTED, hours=48))
    assert (changed.state, changed.approved_by, changed.approved_digest) == ("drafted", None, "")
    assert changed.digest != row.digest
    assert first(ready).state == "notice_drafted"
    with pytest.raises(Conflict) as refused:
        notice_sending.approve(ready.supervisor, notice_id=row.pk, digest=row.digest)
    assert refused.value.code == "changed"
    with pytest.raises(Conflict) as unsent:
        notice_sending.send(ready.caseworker, notice_id=row.pk)
    assert unsent.value.code == "not_approved"


def test_nobody_approves_their_own(ready: Desk) -> None:
    row = notice_drafting.draft(ready.supervisor, case_id=ready.case.id, wanted=WANTED)
    with pytest.raises(NotAllowed) as refused:
        notice_sending.approve(ready.supervisor, notice_id=row.pk, digest=row.digest)
    assert refused.value.code == "own_notice"
    for broken in (
        {"approved_by": row.drafted_by, "approved_at": row.drafted_at, "approved_digest": row.digest},
        {
            "approved_by": UUID(ready.caseworker.actor.id),
            "approved_at": row.drafted_at,
            "approved_digest": "0",
        },
        {"state": "approved"},
        {"state": "sent", "sent_at": row.drafted_at, "due_at": row.drafted_at},
        {"state": "nonsense"},
        {"sent_at": row.drafted_at},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.update(**broken)


def test_a_request_without_a_power_goes_out_by_one_person(ready: Desk) -> None:
    row = drafted(ready, regime="generic", hours=36)
    assert first(ready).state == "evidenced"
    done = notice_sending.send(ready.caseworker, notice_id=row.pk)
    assert (done.state, done.approved_by, first(ready).state) == ("sent", None, "informal_request")


def test_without_an_address_it_is_handed_in(ready: Desk) -> None:
    row = sent(ready, email="")
    assert row.message is None
    assert log("notice.sent")[0]["mailed"] is False
    assert row.copies.count() == 4


def test_taking_back(ready: Desk) -> None:
    row = drafted(ready)
    notice_sending.approve(ready.supervisor, notice_id=row.pk, digest=row.digest)
    notice_drafting.take_back(ready.caseworker, notice_id=row.pk)
    assert (Notice.objects.get().state, first(ready).state) == ("taken_back", "evidenced")
    assert log("notice.taken_back") == [{"case": str(ready.case.id)}]
    with pytest.raises(Conflict):
        notice_sending.send(ready.caseworker, notice_id=row.pk)


def test_what_the_law_asks_for_is_named(ready: Desk) -> None:
    with pytest.raises(Incomplete) as refused:
        drafted(ready, regime="united_states", hours=48)
    assert refused.value.fields == ("signature", "good_faith", "reasons")
    Agency.objects.update(notices_email="")
    with pytest.raises(Incomplete) as unreachable:
        drafted(ready, regime="generic")
    assert unreachable.value.fields == ("issuer",)
    assert (Notice.objects.count(), first(ready).state) == (0, "evidenced")


def test_what_can_not_be_written(ready: Desk) -> None:
    with pytest.raises(Incomplete):
        drafted(ready, positions=(7,))
    with pytest.raises(Invalid) as foreign:
        drafted(ready, regime="eu_order")
    assert foreign.value.code == "no_such_regime"
    Location.objects.update(state=LocationState.FOUND)
    with pytest.raises(Conflict) as early:
        drafted(ready)
    assert early.value.code == "wrong_state"
    with pytest.raises(Conflict):
        drafted(ready, regime="generic")
    assert (Notice.objects.count(), log("notice.drafted")) == (0, [])


def test_fingerprints_only_as_far_as_the_person_agreed(ready: Desk) -> None:
    CasePicture.objects.filter(position=2).update(sharing_stopped_at=ready.case.opened_at)
    row = drafted(ready, with_fingerprints=True)
    attached = notice_copies.read_record(ready.caseworker, notice_id=row.pk).fingerprints
    assert [one.kind for one in attached] == ["sha256", "pdq"]
    assert all(isinstance(one, Fingerprint) and len(one.value) == 64 for one in attached)
    notice_drafting.take_back(ready.caseworker, notice_id=row.pk)
    Consent.objects.update(withdrawn_at=ready.case.opened_at + timedelta(days=1))
    with pytest.raises(Conflict) as refused:
        drafted(ready, with_fingerprints=True)
    assert refused.value.code == "no_consent"


def test_a_case_with_a_child_sends_nothing(ready: Desk) -> None:
    row = drafted(ready)
    Case.objects.update(child_suspected_at=ready.case.opened_at)
    acts: list[Callable[[], object]] = [
        lambda: drafted(ready, regime="generic"),
        lambda: notice_sending.approve(ready.supervisor, notice_id=row.pk, digest=row.digest),
        lambda: notice_sending.send(ready.caseworker, notice_id=row.pk),
    ]
    for act in acts:
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "child_suspected"
    assert Notice.objects.get().state == "drafted"


def test_who_may_not_changes_nothing(ready: Desk) -> None:
    row = drafted(ready)
    before = Notice.objects.values().get(), Entry.objects.count()
    refused: list[tuple[Callable[[], object], type[DomainError]]] = [
        (lambda: notice_drafting.draft(ready.outsider, case_id=ready.case.id, wanted=WANTED), NotFound),
        (lambda: notice_drafting.draft(ready.auditor, case_id=ready.case.id, wanted=WANTED), NotAllowed),
        (lambda: notice_drafting.redraft(ready.outsider, notice_id=row.pk, wanted=WANTED), NotFound),
        (lambda: notice_drafting.take_back(ready.auditor, notice_id=row.pk), NotAllowed),
        (lambda: notice_sending.approve(ready.outsider, notice_id=row.pk, digest=row.digest), NotFound),
        (lambda: notice_sending.approve(ready.caseworker, notice_id=row.pk, digest=row.digest), NotAllowed),
        (lambda: notice_sending.send(ready.outsider, notice_id=row.pk), NotFound),
        (lambda: notice_copies.read_record(ready.outsider, notice_id=row.pk), NotFound),
        (lambda: notice_copies.read_record(ready.auditor, notice_id=row.pk), NotAllowed),
        (lambda: notice_copies.read_copy(ready.outsider, notice_id=row.pk, form=Form.PDF), NotFound),
        (lambda: selectors.one(ready.outsider.actor, row.pk), NotFound),
        (lambda: selectors.waiting(ready.caseworker.actor), NotAllowed),
    ]
    for act, error in refused:
        with pytest.raises(error):
            act()
    assert (Notice.objects.values().get(), Entry.objects.count()) == before
    assert selectors.waiting(ready.supervisor.actor) == [row]
    assert selectors.waiting(ready.outsider.actor) == []
