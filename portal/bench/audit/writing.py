"""Sixteen processes assign cases, as the desk does, in turns with their entries and without; a sealer
runs."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from django.db import connections

from cases.models import About, AgeRoute, Case
from cases.services import assigning
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.audit import sealer
from portal.audit.models import Leaf
from portal.bench.registry import Result
from portal.core import clock, references
from portal.core.context import Actor, ActorKind, Context

WRITERS = 16
ROUNDS = 10
SECONDS = 4.0
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Desk:
    """A supervisor who hands a case to and fro between two members of its team."""

    actor: Actor
    members: tuple[UUID, UUID]
    case: UUID

    def act(self, turn: int) -> None:
        assigning.assign(Context(self.actor), case_id=self.case, staff_id=self.members[turn % 2])


class Silent(Desk):
    """The same, but nothing is recorded. (The product has no such switch: the service's name is replaced.)"""

    def act(self, turn: int) -> None:
        vars(assigning)["record"] = _nothing  # in this process only
        super().act(turn)


def _nothing(*_args: object, **_payload: object) -> None:
    return None


def measure(_entries: int) -> Result:
    desks = _desks()
    stop = _FORK.Event()
    sealed = _FORK.Queue()
    sealing = _process(lambda: _seal(stop, sealed))
    pairs = [_pair(desks, audited_first=bool(number % 2)) for number in range(ROUNDS)]
    time.sleep(2.0)
    stop.set()
    batches: list[tuple[int, datetime]] = sealed.get()
    sealing.join()
    lags = _lags(batches)
    return {
        "writers": WRITERS,
        "entries": len(lags),
        "transactions_per_second": round(median(audited for audited, _silent in pairs)),
        "throughput": round(median(audited / silent for audited, silent in pairs), 3),
        "throughput_limit": 0.85,
        "lag_p50": round(lags[len(lags) // 2], 2),
        "lag_p99": round(lags[len(lags) * 99 // 100], 2),
        "lag_limit": 2.0,
    }


def _pair(desks: list[Desk], *, audited_first: bool) -> tuple[float, float]:
    """Transactions a second, audited and silent."""
    silent = [Silent(desk.actor, desk.members, desk.case) for desk in desks]
    if audited_first:
        audited = _rate(desks)
        return audited, _rate(silent)
    bare = _rate(silent)
    return _rate(desks), bare


def _rate(desks: Sequence[Desk]) -> float:
    counts, barrier = _FORK.Queue(), _FORK.Barrier(len(desks))
    writers = [_process(lambda desk=desk: _write(desk, barrier, counts)) for desk in desks]  # type: ignore[misc]
    total = sum(counts.get() for _ in writers)
    for writer in writers:
        writer.join()
    return float(total) / SECONDS


def _write(desk: Desk, barrier: object, counts: object) -> None:
    desk.act(0)  # the connection, and all that is made once
    barrier.wait()  # type: ignore[attr-defined]  # multiprocessing's types have no fork context's
    end, turn = time.monotonic() + SECONDS, 1
    while time.monotonic() < end:
        desk.act(turn)
        turn += 1
    counts.put(turn - 1)  # type: ignore[attr-defined]  # as above


def _seal(stop: object, sealed: object) -> None:
    """As beat and a worker do: once a second. Afterwards, which size was committed when."""
    batches: list[tuple[int, datetime]] = []
    size = 0
    while not stop.is_set():  # type: ignore[attr-defined]  # as above
        began = time.monotonic()
        while count := sealer.seal_batch(limit=sealer.BATCH):
            size += count
            batches.append((size, clock.now()))
        time.sleep(max(0.0, 1.0 - (time.monotonic() - began)))
    sealed.put(batches)  # type: ignore[attr-defined]  # as above


def _lags(batches: list[tuple[int, datetime]]) -> list[float]:
    """Seconds from each entry's action to its checkpoint's commit, in order of length."""
    lags: list[float] = []
    start = 0
    for size, committed in batches:
        leaves = Leaf.objects.filter(index__gte=start, index__lt=size).values_list("entry__at", flat=True)
        lags += [(committed - at).total_seconds() for at in leaves]
        start = size
    return sorted(lags)


def _process(work: Callable[[], None]) -> multiprocessing.process.BaseProcess:
    """A child with connections of its own."""
    connections.close_all()

    def run() -> None:
        work()
        connections.close_all()

    child = _FORK.Process(target=run)
    child.start()
    return child


def _desks() -> list[Desk]:
    team = Team.objects.create(name="Bench")
    staff = [
        Staff.objects.create(
            email=f"bench{number}@agency.example", name=f"Member {number}", role=Role.SUPERVISOR
        )
        for number in range(3)
    ]
    for member in staff:
        member.teams.set([team])
    actor = Actor(ActorKind.STAFF, str(staff[0].pk), role=Role.SUPERVISOR, teams=frozenset({team.pk}))
    return [Desk(actor, (staff[1].pk, staff[2].pk), _case(team).pk) for _ in range(WRITERS)]


def _case(team: Team) -> Case:
    now = clock.now()
    return Case.objects.create(
        reference=references.new_reference(),
        team=team,
        about=About.ME,
        age_route=AgeRoute.ADULT,
        public_key=os.urandom(32),
        private_for_desk=os.urandom(64),
        private_for_code=os.urandom(64),
        code_salt=os.urandom(16),
        opened_at=now,
        changed_at=now,
    )
