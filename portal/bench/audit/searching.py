"""The auditor's search in a short and a long log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from statistics import median
from time import perf_counter

from cases.auditing.search import Wanted, find
from portal.accounts.roles import Role
from portal.audit import Verb
from portal.bench.audit import filling
from portal.bench.registry import Result
from portal.core import clock
from portal.core.context import Actor, ActorKind

AUDITOR = Actor(ActorKind.STAFF, filling.staff_id(1), role=Role.AUDITOR)
PAGES = 5
_TURNS = 7


def measure(entries: int) -> Result:
    filling.fill(entries // 100)
    short = _medians()
    filling.fill(entries)
    long = _medians()
    ratios = {f"ratio_{name}": round(long[name] / short[name], 2) for name in long}
    return {"entries": entries, **ratios, "slowest_ms": round(1000 * max(long.values()), 1)}


def _medians() -> Mapping[str, float]:
    """Seconds of a page, for each kind of question; `deep` is the fifth page of everything."""
    now = clock.now()
    questions = {
        "all": Wanted(),
        "actor": Wanted(actor_id=filling.staff_id(7)),
        "verb": Wanted(verb=Verb.CASE_READ),
        "rare": Wanted(verb=filling.RARE),
        "subject": Wanted(subjects=(filling.subject_id(3),)),
        "time": Wanted(since=now - timedelta(minutes=9), until=now - timedelta(minutes=8)),
        "both": Wanted(actor_id=filling.staff_id(7), verb=filling.RARE),
    }
    found = {name: median(_seconds(wanted) for _ in range(_TURNS)) for name, wanted in questions.items()}
    return found | {"deep": median(_deep() for _ in range(_TURNS))}


def _seconds(wanted: Wanted, cursor: str = "") -> float:
    began = perf_counter()
    find(AUDITOR, wanted, cursor=cursor)
    return perf_counter() - began


def _deep() -> float:
    cursor = ""
    for _ in range(PAGES):
        cursor = find(AUDITOR, Wanted(), cursor=cursor).next
    return _seconds(Wanted(), cursor)
