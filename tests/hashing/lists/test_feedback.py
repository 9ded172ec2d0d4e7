"""Reports of partners: what counts, what is kept, who may report, and what enough disputes do."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hashing.lists import services
from hashing.lists.models import Entry, Feedback, MatchDay, Partner, Quarantine
from hashing.lists.reports import DisputeReason, Outline, Report, Value
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import DomainError, Invalid, NotFound
from tests.hashing.listing import Desk, admin, make_partner

pytestmark = pytest.mark.django_db


def give(partner: Partner, entry: Entry, value: Value, **more: Any) -> Feedback:
    report = Report(entry_id=entry.pk, value=value, **more)
    return services.give_feedback(
        Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, report=report
    )


def dispute(partner: Partner, entry: Entry) -> Feedback:
    return give(partner, entry, Value.DISPUTED, reason=DisputeReason.HARMLESS)


def test_a_report_is_stored_with_its_outline_and_audited() -> None:
    entry, partner = Desk.make().listed(), make_partner()
    outline = Outline("pdq", 12, (100, 0, 900, 500))
    row = give(partner, entry, Value.BLOCKED, total=3, outline=outline)
    row.refresh_from_db()
    assert (row.value, row.total, row.reason, row.current, row.standing) == ("blocked", 3, "", True, True)
    assert (row.kind, row.distance, row.region) == ("pdq", 12, [100, 0, 900, 500])
    logged = AuditEntry.objects.get(verb="feedback.given")
    assert (logged.actor_kind, logged.actor_id) == ("partner", str(partner.pk))
    assert (logged.subject_type, logged.subject_id) == ("entry", str(entry.pk))
    assert logged.payload == {"list": "reviewed", "wire": "native", "value": "blocked", "total": 3}


def test_the_same_report_again_changes_nothing() -> None:
    entry, partner = Desk.make().listed(), make_partner()
    first, again = (give(partner, entry, Value.BLOCKED, total=3) for _ in range(2))
    assert first.pk == again.pk
    assert (Feedback.objects.count(), AuditEntry.objects.filter(verb="feedback.given").count()) == (1, 1)
    assert MatchDay.objects.get().uploads == 3


def test_the_last_report_counts_and_all_are_kept() -> None:
    entry, partner = Desk.make().listed(), make_partner()
    for value, total in ((Value.BLOCKED, 3), (Value.REMOVED, 2), (Value.BLOCKED, 5)):
        give(partner, entry, value, total=total)
    rows = Feedback.objects.order_by("received_at").values_list("value", "total", "current", "standing")
    assert list(rows) == [
        ("blocked", 3, False, False),
        ("removed", 2, True, False),
        ("blocked", 5, True, True),
    ]
    assert list(MatchDay.objects.values_list("uploads", "confirmed")) == [(7, 2)]


def test_a_report_taken_back_counts_no_more() -> None:
    entry, partner = Desk.make().listed(), make_partner()
    give(partner, entry, Value.BLOCKED, total=3)
    dispute(partner, entry)
    give(partner, entry, Value.TAKEN_BACK)
    assert list(Feedback.objects.filter(current=True).values_list("value", "standing")) == [
        ("taken_back", True)
    ]
    give(partner, entry, Value.SEEN)
    assert list(Feedback.objects.filter(current=True).values_list("value", flat=True)) == ["seen"]


def test_what_goes_up_and_down_or_is_taken_back_and_sent_again_counts_once() -> None:
    entry, partner = Desk.make().listed(), make_partner()
    for total in (1000, 10, 1000, 1001):
        give(partner, entry, Value.SEEN, total=total)
    assert MatchDay.objects.get().uploads == 1001
    for _ in range(3):
        give(partner, entry, Value.TAKEN_BACK)
        assert not MatchDay.objects.exists()
        give(partner, entry, Value.SEEN, total=10_000_000)
        assert MatchDay.objects.get().uploads == 10_000_000


def test_each_partners_reports_are_counted_apart() -> None:
    entry, one, two = Desk.make().listed(), make_partner("One"), make_partner("Two")
    give(one, entry, Value.SEEN, total=3)
    give(two, entry, Value.SEEN, total=4)
    give(one, entry, Value.TAKEN_BACK)
    assert list(MatchDay.objects.values_list("partner__name", "uploads")) == [("Two", 4)]


def test_a_first_total_counts_for_a_week_of_the_time_that_it_covers() -> None:
    entry, partner = Desk.make().listed(), make_partner()
    assert entry.listed_at is not None
    Entry.objects.filter(pk=entry.pk).update(listed_at=entry.listed_at - timedelta(days=70))
    give(partner, entry, Value.BLOCKED, total=100)
    assert MatchDay.objects.get().uploads == 10
    give(partner, entry, Value.BLOCKED, total=104)
    assert MatchDay.objects.get().uploads == 14


@pytest.mark.parametrize(
    ("report", "code"),
    [
        ({"value": Value.DISPUTED}, "reason_with_dispute"),
        ({"value": Value.SEEN, "reason": DisputeReason.HARMLESS}, "reason_with_dispute"),
        ({"value": Value.BLOCKED, "total": 0}, "bad_total"),
        ({"value": Value.BLOCKED, "total": 10_000_001}, "bad_total"),
        ({"value": Value.NOT_MATCHED, "total": 2}, "bad_total"),
        ({"value": Value.SEEN, "outline": Outline("nothing")}, "bad_outline"),
        ({"value": Value.SEEN, "outline": Outline("pdq", 257)}, "bad_outline"),
        ({"value": Value.SEEN, "outline": Outline("pdq", 1, (500, 0, 500, 9))}, "bad_outline"),
        ({"value": Value.SEEN, "outline": Outline("pdq", 1, (0, 0, 1001, 9))}, "bad_outline"),
    ],
)
def test_what_contradicts_itself_is_refused(report: dict[str, Any], code: str) -> None:
    entry, partner = Desk.make().listed(), make_partner()
    with pytest.raises(Invalid) as refused:
        give(partner, entry, **report)
    assert refused.value.code == code
    assert not Feedback.objects.exists()
    assert not AuditEntry.objects.filter(verb="feedback.given").exists()


def test_only_partners_that_may_pull_the_list_report_and_only_what_was_published() -> None:
    desk, stranger, partner = Desk.make(), make_partner("Stranger"), make_partner()
    listed, proposed = desk.listed(), desk.propose()
    stranger.entitlements.all().delete()
    attempts: list[Callable[[], object]] = [
        lambda: give(stranger, listed, Value.SEEN),
        lambda: give(partner, proposed, Value.SEEN),
        lambda: give(partner, Entry(pk=uuid.uuid4()), Value.SEEN),
    ]
    refusals: list[DomainError] = []
    for attempt in attempts:
        with pytest.raises(NotFound) as refused:
            attempt()
        refusals.append(refused.value)
    assert {(each.code, each.message) for each in refusals} == {(refusals[0].code, refusals[0].message)}
    assert not Feedback.objects.exists()


def test_two_partners_that_dispute_take_it_off_the_feed_at_once() -> None:
    desk, entry = Desk.make(), Desk.make().listed()
    first, second, _third = (make_partner(name) for name in ("One", "Two", "Three"))
    dispute(first, entry)
    entry.refresh_from_db()
    assert (entry.state, Quarantine.objects.count()) == ("listed", 0)
    dispute(second, entry)
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("quarantined", "disputed")
    found = Quarantine.objects.get()
    assert (found.cause, found.figures) == ("disputed", {"disputes": 2, "needed": 2})
    logged = AuditEntry.objects.get(verb="entry.quarantined")
    assert (logged.actor_kind, logged.actor_id) == ("system", "hashing.watch")
    assert logged.payload == {"picture": str(entry.picture_id), "list": "reviewed", "reason": "disputed"}
    assert services.publish_pending() == 1
    assert desk.team.pk


def test_one_partner_is_enough_where_there_is_but_one() -> None:
    entry = Desk.make().listed()
    dispute(make_partner(), entry)
    assert Quarantine.objects.get().figures == {"disputes": 1, "needed": 1}


def test_a_dispute_given_up_does_not_count() -> None:
    entry = Desk.make().listed()
    first, second = make_partner("One"), make_partner("Two")
    dispute(first, entry)
    give(first, entry, Value.BLOCKED)
    dispute(second, entry)
    assert not Quarantine.objects.exists()


@pytest.mark.parametrize("gone", ["disentitled", "off-boarded"])
def test_a_dispute_of_one_that_may_not_pull_it_any_more_does_not_count(gone: str) -> None:
    entry = Desk.make().listed()
    first, second, third = (make_partner(name) for name in ("One", "Two", "Three"))
    dispute(first, entry)
    if gone == "disentitled":
        services.withdraw_entitlement(admin(), partner=first, hash_list=entry.list)
    else:
        services.off_board(admin(), partner=first)
    dispute(second, entry)
    assert not Quarantine.objects.exists()
    dispute(third, entry)
    assert Quarantine.objects.get().figures == {"disputes": 2, "needed": 2}


def test_what_two_people_restored_needs_new_disputes() -> None:
    desk, entry = Desk.make(), Desk.make().listed()
    partners = [make_partner(name) for name in ("One", "Two", "Three")]
    for partner in partners[:2]:
        dispute(partner, entry)
    desk.judge(Quarantine.objects.get())
    services.publish_pending()
    dispute(partners[2], entry)
    entry.refresh_from_db()
    assert (entry.state, Quarantine.objects.count()) == ("listed", 1)
    give(partners[0], entry, Value.DISPUTED, reason=DisputeReason.WRONG_MATCH)
    assert Quarantine.objects.filter(closed_at=None).count() == 1


def test_what_is_withdrawn_takes_reports_and_changes_no_state() -> None:
    desk, partner = Desk.make(), make_partner()
    entry = desk.listed()
    desk.withdraw(entry)
    services.publish_pending()
    dispute(partner, entry)
    entry.refresh_from_db()
    assert (entry.state, Feedback.objects.count(), Quarantine.objects.count()) == ("withdrawn", 1, 0)


def test_the_database_keeps_reports_as_they_were() -> None:
    entry, partner = Desk.make().listed(), make_partner()
    row = Feedback.objects.filter(pk=give(partner, entry, Value.SEEN).pk)
    writes: list[Callable[[], object]] = [
        lambda: row.update(total=9),
        lambda: row.update(value="blocked"),
        row.delete,
    ]
    for write in writes:
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            write()
    row.update(current=False, standing=False)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        row.update(standing=True)
