"""Counts tries to log in, in PostgreSQL, so that guessing is slow and nobody can lock somebody else out.

A try is counted before the password is looked at, so that many at once can't slip through, and given back
when it was right. The count is kept per account *and* network: a stranger who keeps guessing closes the
account for their own network alone. A second, wide count per network slows guessing across accounts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import ngettext

from portal.accounts.models import Attempts
from portal.audit import unrecorded
from portal.core.errors import TooMany
from portal.crypto import blind_index

KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Limit:
    """`free` tries, then closed for `first`, doubling with each further try to `longest`."""

    purpose: str
    free: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta

    def wait(self, failures: int) -> timedelta | None:
        beyond = failures - self.free
        if beyond < 0:
            return None
        doubled: int = 2 ** min(beyond, 16)
        return min(self.first * doubled, self.longest)


ACCOUNT = Limit("login.account", 5, timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=24))
NETWORK = Limit("login.network", 100, timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))


@unrecorded("counts tries; the log-in, or its failure, is recorded")
@transaction.atomic
def take(limit: Limit, value: str, *, at: datetime) -> None:
    """Count a try, or raise TooMany with the time to wait."""
    key = _key(limit, value)
    row, _ = Attempts.objects.select_for_update().get_or_create(pk=key, defaults={"last_at": at})
    if row.closed_until is not None and at < row.closed_until:
        raise too_many(row.closed_until - at)
    if at - row.last_at >= limit.forgotten_after:
        row.failures = 0
    row.failures += 1
    row.last_at = at
    wait = limit.wait(row.failures)
    row.closed_until = at + wait if wait is not None else None
    row.save()


@unrecorded("counts tries; the log-in, or its failure, is recorded")
@transaction.atomic
def give_back(limit: Limit, value: str) -> None:
    """The try that was counted last was right."""
    row = Attempts.objects.select_for_update().filter(pk=_key(limit, value)).first()
    if row is not None:
        row.failures = max(0, row.failures - 1)
        row.closed_until = None
        row.save()


@unrecorded("counts tries; the log-in, or its failure, is recorded")
def clear(limit: Limit, value: str, *, at: datetime) -> None:
    """Forget this count, whose row stays (another try may be about to lock it), and remove all old ones."""
    Attempts.objects.filter(pk=_key(limit, value)).update(failures=0, closed_until=None)
    Attempts.objects.filter(last_at__lt=at - KEPT).delete()


def _key(limit: Limit, value: str) -> bytes:
    return blind_index.keyed(limit.purpose, value)


def too_many(wait: timedelta) -> TooMany:
    """The refusal that says when to try again."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds < 60:  # noqa: PLR2004 (a minute)
        sentence = ngettext(
            "Too many tries. You can try again in %(n)d second.",
            "Too many tries. You can try again in %(n)d seconds.",
            seconds,
        )
        return TooMany(sentence % {"n": seconds}, code="too_many_tries", retry_after=seconds)
    minutes = math.ceil(seconds / 60)
    sentence = ngettext(
        "Too many tries. You can try again in %(n)d minute.",
        "Too many tries. You can try again in %(n)d minutes.",
        minutes,
    )
    return TooMany(sentence % {"n": minutes}, code="too_many_tries", retry_after=seconds)
