"""How much somebody has looked at today: a nudge to rest, and an end for the day.

Only what was really opened counts. Seconds are those that a view was open, so at most what somebody saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Staff
from portal.agency import selectors as agency
from portal.core import clock
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict
from portal.vault.models import Reveal


@dataclass(frozen=True)
class Exposure:
    """One person's day so far. `most`: how many looks a day, 0 for no end; `rest_after`: 0 for no nudge."""

    looks: int
    seconds: int
    most: int
    rest_after: int

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)

    @property
    def is_over(self) -> bool:
        return 0 < self.most <= self.looks

    @property
    def should_rest(self) -> bool:
        return bool(self.rest_after and self.looks and self.looks % self.rest_after == 0)


def today(staff_id: UUID) -> Exposure:
    """The agency's day, in its time zone, so far."""
    start = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return _since(staff_id, start)


def refuse_when_over(ctx: Context) -> None:
    """Conflict once the day's looks are used up. Locks the account, so that two at once can't slip past."""
    if ctx.actor.kind is not ActorKind.STAFF:
        return
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=ctx.actor.id)
    if today(UUID(ctx.actor.id)).is_over:
        raise Conflict(
            _("You have looked at as much as anybody should in one day. Somebody else can go on."),
            code="looked_enough",
        )


def _since(staff_id: UUID, start: datetime) -> Exposure:
    rows = Reveal.objects.filter(staff_id=staff_id, opened_at__gte=start)
    found = rows.aggregate(looks=Count("pk"), open=Sum(F("closes_at") - F("opened_at")))
    seconds = round(found["open"].total_seconds()) if found["open"] else 0
    current = agency.current()
    return Exposure(found["looks"], seconds, current.looks_a_day, current.looks_then_rest)
