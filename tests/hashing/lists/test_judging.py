"""Two people judge a quarantine, each bound to what they were shown; the database holds that they are two."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from hashing.lists import services
from hashing.lists.models import Entry, EntryFingerprint, Feedback, Quarantine
from hashing.lists.models.quarantine import Outcome
from hashing.lists.reports import Report, Value
from hashing.lists.services.judging import quarantine_digest
from hashing.lists.states import Wire
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import Desk, make_key, make_partner
from tests.hashing.wire import fetch_hashes, pull

pytestmark = pytest.mark.django_db


def propose(desk: Desk, found: Quarantine, outcome: Outcome, by: Staff | None = None) -> Quarantine:
    return services.propose_outcome(
        ctx_of(by or desk.caseworker),
        quarantine_id=found.pk,
        outcome=outcome,
        digest=quarantine_digest(found, ""),
        team=desk.team.pk,
    )


def decide(desk: Desk, found: Quarantine, by: Staff | None = None, digest: str | None = None) -> Entry:
    return services.decide_outcome(
        ctx_of(by or desk.supervisor),
        quarantine_id=found.pk,
        digest=found.digest if digest is None else digest,
        team=desk.team.pk,
    )


def report(entry: Entry) -> Feedback:
    partner = make_partner()
    return services.give_feedback(
        Context.partner(partner.pk),
        partner=partner,
        wire=Wire.NATIVE,
        report=Report(entry_id=entry.pk, value=Value.BLOCKED),
    )


@pytest.mark.parametrize(
    ("outcome", "state", "reason", "last"),
    [(Outcome.RESTORED, "listed", "", "active"), (Outcome.WITHDRAWN, "withdrawn", "disputed", "withdrawn")],
)
def test_one_proposes_and_another_decides(outcome: Outcome, state: str, reason: str, last: str) -> None:
    desk = Desk.make()
    entry = desk.listed()
    found = propose(desk, desk.quarantined(entry), outcome)
    entry = decide(desk, found)
    entry.refresh_from_db()
    found.refresh_from_db()
    assert (entry.state, entry.reason) == (state, reason)
    assert (found.outcome, found.decided_by_id) == (outcome, desk.supervisor.pk)
    assert found.closed_at is not None
    services.publish_pending()
    assert list(entry.publications.order_by("position").values_list("state", flat=True)) == [
        "active",
        "quarantined",
        last,
    ]
    judged = AuditEntry.objects.get(verb="entry.judged")
    assert (judged.actor_id, judged.payload["proposal"]) == (str(desk.caseworker.pk), str(outcome))
    verb = "entry.released" if outcome is Outcome.RESTORED else "entry.withdrawn"
    assert AuditEntry.objects.get(verb=verb).actor_id == str(desk.supervisor.pk)


def test_the_same_person_never_decides() -> None:
    desk = Desk.make()
    found = propose(desk, desk.quarantined(desk.listed()), Outcome.RESTORED, by=desk.supervisor)
    with pytest.raises(NotAllowed):
        decide(desk, found)
    with pytest.raises(NotAllowed):
        decide(desk, found, by=desk.caseworker)
    found.refresh_from_db()
    assert (found.outcome, found.entry.state) == ("", "quarantined")
    assert not AuditEntry.objects.filter(verb="entry.released").exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_and_other_teams_judge_nothing(role: Role) -> None:
    desk, elsewhere = Desk.make(), Desk.make()
    found = desk.quarantined(desk.listed())
    for who in (make_staff(role), elsewhere.caseworker):
        with pytest.raises(NotAllowed):
            propose(desk, found, Outcome.RESTORED, by=who)
    proposed = propose(desk, found, Outcome.RESTORED)
    for who in (make_staff(role), elsewhere.supervisor):
        with pytest.raises(NotAllowed):
            decide(desk, proposed, by=who)
    assert AuditEntry.objects.filter(verb="entry.judged").count() == 1


def test_both_are_bound_to_what_they_were_shown() -> None:
    desk = Desk.make()
    found = desk.quarantined(desk.listed())
    shown = quarantine_digest(found, "")
    report(found.entry)
    with pytest.raises(Conflict) as stale:
        services.propose_outcome(
            ctx_of(desk.caseworker),
            quarantine_id=found.pk,
            outcome=Outcome.RESTORED,
            digest=shown,
            team=desk.team.pk,
        )
    assert stale.value.code == "quarantine_changed"
    proposed = propose(desk, found, Outcome.RESTORED)
    other = quarantine_digest(found, Outcome.WITHDRAWN)
    with pytest.raises(Conflict):
        decide(desk, proposed, digest=other)
    decide(desk, proposed)


def test_what_comes_in_after_the_proposal_makes_it_stale() -> None:
    desk = Desk.make()
    found = propose(desk, desk.quarantined(desk.listed()), Outcome.WITHDRAWN)
    report(found.entry)
    with pytest.raises(Conflict):
        decide(desk, found)
    again = propose(desk, found, Outcome.WITHDRAWN)
    assert decide(desk, again).state == "withdrawn"


def test_nothing_is_decided_before_it_is_proposed_or_twice() -> None:
    desk = Desk.make()
    found = desk.quarantined(desk.listed())
    with pytest.raises(Conflict) as early:
        decide(desk, found, digest=quarantine_digest(found, ""))
    assert early.value.code == "nothing_proposed"
    with pytest.raises(Invalid):
        propose(desk, found, Outcome.ENDED)
    desk.judge(found)
    found.refresh_from_db()
    for attempt in (lambda: propose(desk, found, Outcome.RESTORED), lambda: decide(desk, found)):
        with pytest.raises(Conflict) as late:
            attempt()
        assert late.value.code == "already_judged"


def test_the_database_wants_two_people() -> None:
    desk = Desk.make()
    entry = desk.listed()
    rows = Quarantine.objects.filter(pk=desk.quarantined(entry).pk)
    now, me, other = clock.now(), desk.supervisor, desk.caseworker
    proposal = {"proposal": "restored", "proposed_by": me, "proposed_at": now, "digest": "a" * 64}
    closed = {"outcome": "restored", "closed_at": now}
    writes: list[tuple[Callable[[], object], str]] = [
        (lambda: rows.update(**proposal, **closed, decided_by=me), "quarantine_four_eyes"),
        (lambda: rows.update(**proposal, **closed), "quarantine_four_eyes"),
        (lambda: rows.update(**closed, decided_by=me), "quarantine_"),
        (lambda: rows.update(**proposal | closed | {"outcome": "withdrawn"}, decided_by=other), "outcome"),
        (lambda: Entry.objects.filter(pk=entry.pk).update(state="listed"), "two people decide"),
    ]
    for write, name in writes:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()
    rows.update(**proposal, **closed, decided_by=other)
    Entry.objects.filter(pk=entry.pk).update(state="listed")


def test_the_persons_own_withdrawal_waits_for_nobody() -> None:
    desk = Desk.make()
    entry = desk.listed()
    found = propose(desk, desk.quarantined(entry), Outcome.RESTORED)
    services.withdraw_picture(
        Context.person(entry.picture_id), picture_id=entry.picture_id, reason="consent_withdrawn"
    )
    found.refresh_from_db()
    assert (found.outcome, found.decided_by_id) == ("ended", None)
    with pytest.raises(Conflict):
        decide(desk, found)


def test_what_is_restored_before_its_quarantine_was_published_is_published_anew() -> None:
    """A partner that pulled in between was told that it is off, and must hear that it is on again."""
    desk = Desk.make()
    entry = desk.listed()
    key = make_key(Wire.NATIVE)
    services.quarantine(ctx_of(desk.caseworker), entry_id=entry.pk, reason="disputed")
    seen = pull(key)
    assert [line["state"] for line in seen["publications"]] == ["quarantined"]
    desk.judge(Quarantine.objects.get(entry=entry))
    assert services.publish_pending() == 1
    (line,) = pull(key, cursor=seen["next_cursor"])["publications"]
    assert (line["entry"], line["state"], line["position"]) == (str(entry.pk), "active", 2)


def test_what_is_withdrawn_between_being_restored_and_published_is_withdrawn_on_every_wire() -> None:
    desk = Desk.make()
    entry = desk.listed()
    key = make_key(Wire.STOPNCII)
    assert [record["hashStatus"] for record in fetch_hashes(key)["hashRecords"]] == ["Active"]
    services.quarantine(ctx_of(desk.caseworker), entry_id=entry.pk, reason="disputed")
    desk.judge(Quarantine.objects.get(entry=entry))
    desk.withdraw(entry)
    assert services.publish_pending() == 1
    assert [record["hashStatus"] for record in fetch_hashes(key)["hashRecords"]] == ["Withdrawn"]
    assert not EntryFingerprint.objects.filter(entry=entry).exists()
