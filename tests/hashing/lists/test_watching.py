"""The statistical rule: what matches far above its list's baseline is quarantined by itself."""

from __future__ import annotations

import uuid

import pytest

from hashing.lists import services
from hashing.lists.models import Entry, MatchDay, Partner, Quarantine
from hashing.lists.reports import Report, Value
from hashing.lists.services.watching import over_matching
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from tests.hashing.listing import Desk, make_partner, reviewed

CTX = Context.system("hashing.watch")


def week(*uploads: int, confirmed: int = 0) -> list[tuple[uuid.UUID, int, int]]:
    """Entries that matched so often; the first one's matches were confirmed so often."""
    return [(uuid.uuid4(), each, 0 if number else confirmed) for number, each in enumerate(uploads)]


@pytest.mark.parametrize(
    ("uploads", "caught"),
    [
        # A quiet list: the median is 2, the spread the least there is; the limit is e^(ln 3 + 3) - 1 < 100.
        ((100, 2, 2, 2, 2), True),
        ((99, 2, 2, 2, 2), False),
        # A busy one: ln(1 + 20) + 6 * 0.5, so 421 uploads.
        ((421, 20, 20, 20, 20), True),
        ((419, 20, 20, 20, 20), False),
        # A list whose entries differ much has a wider spread.
        ((2000, 1, 10, 100, 1000), False),
        # One alone is its own baseline.
        ((5000,), False),
        ((), False),
    ],
)
def test_far_above_the_lists_baseline(uploads: tuple[int, ...], *, caught: bool) -> None:
    given = week(*uploads)
    found = over_matching(given)
    assert [entry for entry, _figures in found] == ([given[0][0]] if caught else [])


def test_the_figures_say_why() -> None:
    ((_entry, figures),) = over_matching(week(1000, 20, 20, 20, 20))
    assert figures == {"uploads": 1000, "confirmed": 0, "limit": 421, "median": 20, "entries": 5}


@pytest.mark.parametrize(("confirmed", "caught"), [(99, True), (100, False)])
def test_a_picture_that_spreads_is_left_alone(confirmed: int, *, caught: bool) -> None:
    assert bool(over_matching(week(1000, 20, 20, 20, 20, confirmed=confirmed))) is caught


def matched(entry: Entry, uploads: int) -> None:
    MatchDay.objects.update_or_create(entry=entry, day=clock.now().date(), defaults={"uploads": uploads})


@pytest.mark.django_db
def test_it_is_quarantined_once_and_again_only_for_twice_as_many() -> None:
    desk = Desk.make()
    entries = [desk.approved() for _ in range(5)]
    services.publish_pending()
    for entry, uploads in zip(entries, (500, 2, 2, 2, 2), strict=True):
        matched(entry, uploads)
    assert [services.watch_matches(CTX) for _ in range(2)] == [1, 0]
    found = Quarantine.objects.get()
    assert (found.entry_id, found.cause, found.figures["uploads"]) == (entries[0].pk, "over_matching", 500)
    logged = AuditEntry.objects.get(verb="entry.quarantined")
    assert logged.payload["reason"] == "over_matching"
    desk.judge(found)
    services.publish_pending()
    matched(entries[0], 999)
    assert services.watch_matches(CTX) == 0
    matched(entries[0], 1000)
    assert services.watch_matches(CTX) == 1


def reported(partner: Partner, entry: Entry, uploads: int) -> None:
    report = Report(entry_id=entry.pk, value=Value.SEEN, total=uploads)
    ctx = Context.partner(partner.pk)
    services.give_feedback(ctx, partner=partner, wire=Wire.NATIVE, report=report)


@pytest.mark.django_db
def test_one_partner_alone_takes_off_no_more_than_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashing.lists.services.watching.ALONE", 2)
    desk, hostile, other = Desk.make(), make_partner("Hostile"), make_partner("Other")
    entries = [desk.approved() for _ in range(9)]
    services.publish_pending()
    for number, entry in enumerate(entries):
        reported(hostile, entry, 5000 + number if number < 4 else 2)
    assert [services.watch_matches(CTX) for _ in range(2)] == [2, 0]
    held = Quarantine.objects.order_by("-opened_at", "pk")
    assert {row.entry_id for row in held} == {entries[2].pk, entries[3].pk}
    assert {row.figures["partner"] for row in held} == {hostile.number}
    # What another partner sees as well waits for nobody.
    reported(other, entries[0], 5000)
    assert services.watch_matches(CTX) == 1
    assert "partner" not in Quarantine.objects.get(entry=entries[0]).figures
    # Once one is judged, the next may go.
    desk.judge(held[0])
    services.publish_pending()
    assert services.watch_matches(CTX) == 1
    assert Quarantine.objects.filter(entry=entries[1]).exists()


@pytest.mark.django_db
def test_old_days_and_other_lists_count_for_nothing() -> None:
    desk = Desk.make()
    entry = desk.listed()
    MatchDay.objects.create(entry=entry, day=clock.now().date().replace(year=2020), uploads=10_000)
    assert services.watch_matches(CTX) == 0
    assert reviewed().entries.get().state == "listed"
