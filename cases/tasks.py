"""What is cleaned up on its own."""

from __future__ import annotations

from celery import shared_task

from cases.services import following, retention, visits
from portal.core.context import Context
from portal.verify import services as verify


@shared_task(name="cases.sweep")
def sweep() -> None:
    """Ended visits with their files, retention, and counters that limit nothing any more."""
    ctx = Context.system("cases.sweep")
    visits.sweep(ctx)
    retention.sweep(ctx)
    following.forget_throttles(ctx)
    verify.forget(ctx)
