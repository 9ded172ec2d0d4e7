"""The publisher among real concurrent transactions: no gap, and nothing hides behind a cursor."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction

from hashing.lists import locking, services, statements
from hashing.lists.models import Entry, Publication, Statement
from hashing.lists.reports import Report, Value
from hashing.lists.states import Wire
from portal.core.context import Context
from tests.hashing.listing import Desk, make_key, make_partner, make_picture, reviewed
from tests.hashing.wire import fetch_hashes, pull

pytestmark = pytest.mark.waits

WRITERS, EACH = 4, 8


@pytest.fixture(autouse=True)
def _committed(committed_db: None) -> None:
    """Every test here commits."""


def in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    """`work` on a connection of its own, closed afterwards."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


def test_two_publishers_never_run_together() -> None:
    Desk.make().approved()
    with transaction.atomic():
        assert locking.try_publisher()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(in_thread(services.publish_pending)).result() == 0
    assert services.publish_pending() == 1


def test_an_entry_that_is_being_decided_waits_for_the_next_run() -> None:
    desk = Desk.make()
    held, free = desk.approved(), desk.approved()
    with transaction.atomic():
        Entry.objects.select_for_update().get(pk=held.pk)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(in_thread(services.publish_pending)).result() == 1
    assert Publication.objects.get().entry_id == free.pk
    assert services.publish_pending() == 1


def test_an_entry_that_a_partner_is_reporting_on_is_withdrawn_and_published_all_the_same() -> None:
    """However many reports a partner sends, it can't keep an entry on the list."""
    desk, partner = Desk.make(), make_partner()
    entry = desk.listed()
    report = Report(entry_id=entry.pk, value=Value.SEEN)
    ctx = Context.partner(partner.pk)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        services.give_feedback(ctx, partner=partner, wire=Wire.NATIVE, report=report)
        assert pool.submit(in_thread(lambda: desk.withdraw(entry))).result().state == "withdrawn"
        assert pool.submit(in_thread(services.publish_pending)).result() == 1
    assert [line.state for line in Publication.objects.order_by("position")] == ["active", "withdrawn"]


def test_the_publisher_waits_for_readers_of_a_window() -> None:
    Desk.make().approved()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locking.read_window()
            before = locking.database_now()
            run = pool.submit(in_thread(services.publish_pending))
            time.sleep(0.3)
            assert not run.done()
            read_until = locking.database_now()
        assert run.result() == 1
    assert before < read_until < Publication.objects.get().at


def test_a_withdrawal_is_published_while_the_days_statement_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long list is read for minutes."""
    desk = Desk.make()
    entry = desk.listed()
    desk.withdraw(entry)
    tomorrow = locking.database_now() + timedelta(days=1)
    slow, meanwhile = statements.sums, list[tuple[bool, int]]()

    def reading(*what: Any) -> Iterator[statements.Sum]:
        # Outside a transaction, so no lock is held.
        meanwhile.append((connection.in_atomic_block, services.publish_pending()))
        yield from slow(*what)

    monkeypatch.setattr("hashing.lists.services.stating.statements.sums", reading)
    monkeypatch.setattr("hashing.lists.locking.database_now", lambda: tomorrow)
    services.state_days(Context.system("tests"))
    assert sorted(meanwhile) == [(False, 0), (False, 0), (False, 0), (False, 1)]
    # It came after the day's end, so it is for the next day's statement to tell.
    made = Statement.objects.get(list=reviewed())
    assert (made.publications, made.active, Publication.objects.count()) == (1, 1, 2)


def test_writers_publisher_and_readers_at_once() -> None:
    desk = Desk.make()
    native = make_key(Wire.NATIVE)
    stopncii = make_key(Wire.STOPNCII, make_partner("Other"))
    pictures = [[make_picture() for _ in range(EACH)] for _ in range(WRITERS)]
    done = threading.Event()
    seen: list[dict[str, Any]] = []
    records: dict[str, str] = {}

    def read() -> None:
        query: dict[str, Any] = {"limit": 3}
        start = 10
        while not done.is_set():
            page = pull(native, **query)
            seen.extend(page["publications"])
            query["cursor"] = page["next_cursor"]
            start = _run(stopncii, start, records)

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        publisher, reader = pool.submit(in_thread(partial(_publish, done))), pool.submit(in_thread(read))
        writers = [pool.submit(in_thread(partial(_write, desk, mine))) for mine in pictures]
        for writer in writers:
            writer.result()
        time.sleep(0.5)
        services.publish_pending()
        time.sleep(1.0)
        done.set()
        publisher.result()
        reader.result()
    _check(seen, records)


def _write(desk: Desk, pictures: list[Any]) -> None:
    """List all, withdraw every other one."""
    for number, picture in enumerate(pictures):
        entry = desk.approved(picture)
        if number % 2:
            desk.withdraw(entry)


def _publish(done: threading.Event) -> None:
    while not done.is_set():
        services.publish_pending()
        time.sleep(0.01)


def _run(key: Any, start: int, records: dict[str, str]) -> int:
    """One run of a StopNCII client into `records`; the next start."""
    page = fetch_hashes(key, startTimestamp=start, pageSize=4)
    for each in _pages(key, start, page):
        for record in each["hashRecords"]:
            records[record["hashValue"]] = record["hashStatus"]
        page = each
    reached: int = page["nextSetTimestamp"]
    assert reached >= start
    return reached


def _pages(key: Any, start: int, page: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield page
    while page["hasMoreRecords"]:
        token = page["nextPageToken"]
        page = fetch_hashes(key, startTimestamp=start, pageSize=4, nextPageToken=token)
        yield page


def _check(seen: list[dict[str, Any]], records: dict[str, str]) -> None:
    """What the readers saw, page by page, is what is true in the end."""
    whole = list(Publication.objects.order_by("position"))
    assert [line.position for line in whole] == list(range(1, reviewed().head + 1))
    assert [line["position"] for line in seen] == [line.position for line in whole]
    assert all(a.at <= b.at for a, b in pairwise(whole))
    listed = Entry.objects.filter(state="listed")
    assert listed.count() == WRITERS * EACH // 2
    last = {line["entry"]: line["state"] for line in seen}
    assert {entry for entry, state in last.items() if state == "active"} == {
        str(entry.pk) for entry in listed
    }
    values = {row.value for entry in listed for row in entry.fingerprints.filter(kind="pdq")}
    assert {value for value, status in records.items() if status == "Active"} == values
