"""How much a partner may look up: enough for a platform's uploads, too little to try a list out.

Counts are kept, never what was looked up. How many different fingerprints found nothing is estimated by a
sketch in Redis (HyperLogLog) of their keyed hashes, from which nothing can be read back; without Redis every
one that found nothing counts as different.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

import redis
import structlog
from django.conf import settings
from django.db.models import F
from limits import parse

from hashing.api import volume
from hashing.lists.models import LookupDay, Partner
from hashing.lists.refusals import Refusal
from hashing.lists.states import Wire
from portal.core.context import Context
from portal.core.errors import TooMany
from portal.crypto import blind_index

log = structlog.get_logger("hashing.api")
MINUTE = parse("60000/minute")
_KEPT = timedelta(days=2)


class ProbingLimit(Refusal, TooMany):
    """The day's share is used up."""

    def __init__(self, message: str, *, code: str, retry_after: int) -> None:
        TooMany.__init__(self, message, code=code, retry_after=retry_after)


def check(ctx: Context, partner: Partner, fingerprints: int) -> None:
    """Raises TooMany past the minute's volume, ProbingLimit past the day's."""
    message = "You look up too much at once. Wait, then go on."
    volume.take(
        MINUTE, "lookup", str(partner.pk), code="too_many_lookups", message=message, cost=fingerprints
    )
    today = LookupDay.objects.filter(partner=partner, day=ctx.at.date()).first()
    if today is None:
        return
    if today.fingerprints + fingerprints > settings.LOOKUPS_A_DAY:
        raise _limit(ctx, partner, "lookups_a_day")
    if _different(ctx, partner, today) >= settings.LOOKUP_MISSES_A_DAY:
        raise _limit(ctx, partner, "lookup_misses_a_day")


def note_misses(ctx: Context, partner: Partner, values: Iterable[str]) -> None:
    """Add what found nothing to the day's sketch."""
    hashed = [blind_index.keyed("lookup.miss", value) for value in values]
    try:
        with _redis() as client:
            if hashed:
                client.pfadd(_name(ctx, partner), *hashed)
                client.expire(_name(ctx, partner), _KEPT)
    except (redis.RedisError, OSError):
        log.warning("probing_sketch_unavailable")


def count(ctx: Context, partner: Partner, *, fingerprints: int, decisions: Collection[str]) -> None:
    """Add to the day's counts, in the caller's transaction."""
    added = {
        "calls": 1,
        "fingerprints": fingerprints,
        "copies": sum(each == "copy" for each in decisions),
        "looks": sum(each == "look" for each in decisions),
        "misses": sum(each == "none" for each in decisions),
    }
    row, _ = LookupDay.objects.get_or_create(partner=partner, day=ctx.at.date())
    LookupDay.objects.filter(pk=row.pk).update(**{name: F(name) + more for name, more in added.items()})


def _different(ctx: Context, partner: Partner, today: LookupDay) -> int:
    """How many different fingerprints found nothing today."""
    try:
        with _redis() as client:
            return int(client.pfcount(_name(ctx, partner)))
    except (redis.RedisError, OSError):
        return today.misses


def _limit(ctx: Context, partner: Partner, code: str) -> Refusal:
    tomorrow = datetime.combine(ctx.at.date() + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    wait = max(1, round((tomorrow - ctx.at).total_seconds()))
    message = "Your look-ups of today are used up. Ask the agency if you need more."
    refusal = ProbingLimit(message, code=code, retry_after=wait)
    return refusal.because(partner_id=partner.pk, wire=Wire.NATIVE, reason="probing")


def _name(ctx: Context, partner: Partner) -> str:
    return f"lookup.misses.{partner.pk}.{ctx.at.date()}"


def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
