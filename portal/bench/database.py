"""A database for benchmarks that need one: the configured one, or the embedded one, started if need be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command

from portal.embedded.services import running


@contextmanager
def ready() -> Iterator[None]:
    """PostgreSQL and Redis answer, with the portal's tables. What runs already is used as it is."""
    if not settings.EMBEDDED:
        yield
        return
    with running(settings.PORTAL_HOME) as servers:
        if servers.started:
            call_command("migrate", verbosity=0)
        yield
