"""Forget withdrawn values once their time is over."""

from __future__ import annotations

from django.db import transaction

from hashing.lists import records
from portal.audit import Subject, Verb, record
from portal.core.context import Context


def expire_tombstones() -> int:
    """Delete the StopNCII wire's tombstones of more than 45 days; how many there were."""
    with transaction.atomic():
        count = records.expire()
        if count:
            record(
                Context.system("hashing.expire"),
                Verb.LIST_EXPIRED,
                Subject("wire", "stopncii"),
                records=count,
            )
        return count
