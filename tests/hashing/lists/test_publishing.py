"""The publisher: positions, times, and what it leaves behind."""

from __future__ import annotations

import pytest
from django.db import transaction

from hashing import tasks
from hashing.lists import services
from hashing.lists.models import Publication
from hashing.lists.services import publishing
from portal.audit.models import Entry as AuditEntry
from tests.hashing.listing import Desk, reviewed

pytestmark = pytest.mark.django_db


def lines() -> list[tuple[int, str, str]]:
    found = Publication.objects.order_by("position")
    return [(line.position, str(line.entry_id), line.state) for line in found]


def test_numbers_what_was_approved_then_what_was_withdrawn() -> None:
    desk = Desk.make()
    first, second = desk.approved(), desk.approved()
    tasks.publish()
    assert lines() == [(1, str(first.pk), "active"), (2, str(second.pk), "active")]
    first.refresh_from_db()
    assert (first.state, first.published) == ("listed", "active")
    assert first.listed_at == Publication.objects.get(position=1).at
    desk.withdraw(second)
    third = desk.approved()
    tasks.publish()
    assert lines()[2:] == [(3, str(second.pk), "withdrawn"), (4, str(third.pk), "active")]
    hash_list = reviewed()
    assert (hash_list.head, hash_list.head_at) == (4, Publication.objects.get(position=4).at)
    tasks.publish()
    assert len(lines()) == 4


def test_proposals_and_rejections_are_not_published() -> None:
    Desk.make().propose()
    assert services.publish_pending() == 0
    assert lines() == []


def test_each_batch_is_audited_with_its_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "BATCH", 2)
    desk = Desk.make()
    gone = desk.listed()
    AuditEntry.objects.all()
    desk.withdraw(gone)
    for _ in range(2):
        desk.approved()
    assert services.publish_pending() == 3
    batches = AuditEntry.objects.filter(verb="list.published").order_by("waiting__position")
    epoch = reviewed().epoch
    assert [entry.payload for entry in batches] == [
        {"epoch": epoch, "position": 1, "publications": 1, "withdrawn": 0},
        {"epoch": epoch, "position": 3, "publications": 2, "withdrawn": 1},
        {"epoch": epoch, "position": 4, "publications": 1, "withdrawn": 0},
    ]
    listed = AuditEntry.objects.filter(verb="entry.listed").order_by("waiting__position")
    assert [entry.payload["position"] for entry in listed] == [1, 3, 4]


def test_times_follow_the_last_one_when_the_clock_went_back() -> None:
    desk = Desk.make()
    desk.listed()
    hash_list = reviewed()
    assert hash_list.head_at is not None
    ahead = hash_list.head_at.replace(year=hash_list.head_at.year + 1)
    hash_list.head_at, hash_list.revised_at = ahead, int(ahead.timestamp())
    hash_list.save()
    desk.listed()
    assert Publication.objects.get(position=2).at == ahead
    assert list(hash_list.wire_records.order_by("revision").values_list("last_mod", flat=True))[-1] == int(
        ahead.timestamp()
    )


def test_a_run_that_dies_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk.make()
    entry = desk.approved()

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("hashing.lists.records.apply", die)
        with pytest.raises(SystemExit), transaction.atomic():
            services.publish_pending()
    entry.refresh_from_db()
    assert (entry.state, lines(), reviewed().head) == ("approved", [], 0)
    assert services.publish_pending() == 1
