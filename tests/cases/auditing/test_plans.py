"""No question of an auditor reads more of a long log than it shows, give or take."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.auditing import histories, unusual
from cases.auditing.search import Wanted, find
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.audit import Verb
from portal.bench.audit import filling
from portal.core import clock
from portal.core.context import Actor, ActorKind

ENTRIES = 20_000
AUDITOR = Actor(ActorKind.STAFF, filling.staff_id(1), role=Role.AUDITOR)


@pytest.fixture
def now(committed_db: None) -> Any:
    filling.fill(ENTRIES)
    # Whose names the anomalies show.
    names = {filling.staff_id(number): str(number) for number in range(50)}
    Staff.objects.bulk_create(
        Staff(id=key, email=f"{name}@agency.example", name=name, role=Role.CASEWORKER)
        for key, name in names.items()
    )
    return clock.now()


def _third_page(wanted: Wanted) -> None:
    cursor = ""
    for _ in range(3):
        cursor = find(AUDITOR, wanted, cursor=cursor).next


def _unusual_a_month_later(now: Any) -> None:
    """When all but the last minute of the log is older than what is looked at."""
    with time_machine.travel(now + timedelta(days=unusual.DAYS, minutes=-1)):
        unusual.recent(AUDITOR)


def _questions(now: Any) -> dict[str, Callable[[], object]]:
    one, several = (filling.subject_id(3),), tuple(filling.subject_id(number) for number in range(9))
    window = {"since": now - timedelta(minutes=6), "until": now - timedelta(minutes=5)}
    member = Staff(id=filling.staff_id(7), email="seven@agency.example", name="Seven")
    return {
        "everything": lambda: find(AUDITOR, Wanted()),
        "a deep page": lambda: _third_page(Wanted()),
        "somebody": lambda: find(AUDITOR, Wanted(actor_id=filling.staff_id(7))),
        "a frequent verb": lambda: find(AUDITOR, Wanted(verb=Verb.CASE_READ)),
        "a rare verb": lambda: find(AUDITOR, Wanted(verb=filling.RARE)),
        "a subject": lambda: find(AUDITOR, Wanted(subjects=one)),
        "subjects": lambda: find(AUDITOR, Wanted(subjects=several)),
        "a minute": lambda: find(AUDITOR, Wanted(**window)),
        "somebody and a verb": lambda: find(AUDITOR, Wanted(actor_id=filling.staff_id(7), verb=filling.RARE)),
        "what is unusual": lambda: _unusual_a_month_later(now),
        "a staff member's day": lambda: histories.of_day(AUDITOR, member, timezone.localdate()),
    }


def _scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if plan.get("Relation Name") == "audit_entry":
        yield plan
    for below in plan.get("Plans", []):
        yield from _scans(below)


def _entries_read(statement: str) -> int:
    """Rows of the log that a query looked at, whatever it then did with them."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement.replace("%", "%%"), [])
        (found,) = cursor.fetchone()
    (plan,) = json.loads(found) if isinstance(found, str) else found
    scans = list(_scans(plan["Plan"]))
    assert scans
    assert "Seq Scan" not in {scan["Node Type"] for scan in scans}, plan
    return sum(
        scan["Actual Loops"] * (scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) for scan in scans
    )


def test_no_question_reads_the_whole_log(now: Any) -> None:
    read = {}
    for name, ask in _questions(now).items():
        with CaptureQueriesContext(connection) as asked:
            ask()
        statements = [query["sql"] for query in asked if "audit_entry" in query["sql"]]
        assert statements, name
        read[name] = max(map(_entries_read, statements))
    assert {name: rows for name, rows in read.items() if rows > ENTRIES // 20} == {}
