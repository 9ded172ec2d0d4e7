"""The agency's settings and teams, read."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from portal.agency import catalogues
from portal.agency.catalogues import Wording
from portal.agency.errors import NotSetUp
from portal.agency.models import Agency, ApprovedWording, Team

# How long a process may show settings that another process has changed.
CACHE_SECONDS = 5.0


@dataclass
class _Remembered:
    agency: Agency | None = None
    until: float = 0.0


_remembered = _Remembered()


def current() -> Agency:
    """The agency; raises NotSetUp before there is one. Treat it as read-only: it is shared.

    Inside a transaction the row is read anew, so that a service never acts on settings that have changed.
    """
    if connection.in_atomic_block:
        return _load()
    if _remembered.agency is None or time.monotonic() >= _remembered.until:
        _remembered.agency, _remembered.until = _load(), time.monotonic() + CACHE_SECONDS
    return _remembered.agency


def forget() -> None:
    """Make the next `current` read the row, in this process."""
    _remembered.agency = None


def _load() -> Agency:
    agency = Agency.objects.select_related("intake_team", "restricted_team").first()
    if agency is None:
        raise NotSetUp
    return agency


def intake_team() -> Team:
    """The team that new cases go to."""
    return current().intake_team


def restricted_team() -> Team | None:
    """The team that cases about children go to, if the agency takes them."""
    return current().restricted_team


def teams(ids: Iterable[UUID] | None = None) -> list[Team]:
    """All teams, or those among `ids`, by name."""
    chosen = Team.objects.all()
    return list(chosen if ids is None else chosen.filter(pk__in=ids))


def unapproved(language: str) -> list[Wording]:
    """The translations into `language` that no person has approved as they are now."""
    approved = set(ApprovedWording.objects.filter(language=language).values_list("digest", flat=True))
    return [one for one in catalogues.wordings(language) if one.digest not in approved]
