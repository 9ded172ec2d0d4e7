"""What is cleaned up on its own."""

from __future__ import annotations

from celery import shared_task

from cases import digests
from cases.services import (
    certificates,
    deferring,
    following,
    holding,
    regaining,
    retention,
    stops,
    triaging,
    visits,
)
from portal.core.context import Context
from portal.verify import services as verify


@shared_task(name="cases.sweep")
def sweep() -> None:
    """Ended visits with their files, deletions whose time has come, and what limits nothing any more."""
    ctx = Context.system("cases.sweep")
    visits.sweep(ctx)
    holding.expire(ctx)
    deferring.sweep(ctx)
    retention.sweep(ctx)
    triaging.sweep(ctx)
    regaining.forget(ctx)
    following.forget_throttles(ctx)
    verify.forget(ctx)


@shared_task(name="cases.digest")
def digest() -> None:
    """What is due, in numbers, once a day to everybody who has something due."""
    digests.send(Context.system("cases.digest"))


@shared_task(name="cases.tell")
def tell() -> None:
    """News for people, and the last proofs of deletion that can be made now."""
    ctx = Context.system("cases.tell")
    stops.tell(ctx)
    certificates.settle(ctx)
