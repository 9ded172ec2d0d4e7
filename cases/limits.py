"""Volume limits, in Redis. They guard against floods, not secrets: without Redis everything is allowed."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import RedisError

from cases.networks import LOOPBACK
from portal.core.errors import TooMany

# name: (for everybody together, for one network or visit)
LIMITS: dict[str, tuple[RateLimitItem, RateLimitItem]] = {
    "visit": (RateLimitItemPerMinute(1000), RateLimitItemPerMinute(20)),
    "report": (RateLimitItemPerHour(1000), RateLimitItemPerHour(60)),
    "device": (RateLimitItemPerHour(10_000), RateLimitItemPerHour(120)),
    "upload": (RateLimitItemPerHour(10_000), RateLimitItemPerHour(30)),
    "files": (RateLimitItemPerHour(10_000), RateLimitItemPerHour(300)),
    "letter": (RateLimitItemPerHour(10_000), RateLimitItemPerHour(60)),
    "message": (RateLimitItemPerHour(10_000), RateLimitItemPerHour(30)),
    "code": (RateLimitItemPerHour(1000), RateLimitItemPerHour(20)),
}


# How much of it a network may do before it is asked for work (`cases.intake.proof`). A school, or a telephone
# company that gives many people one address, must not be shut out by its fifth.
FREE: dict[str, RateLimitItem] = {"report": RateLimitItemPerHour(5)}


@lru_cache(maxsize=1)
def _limiter() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(RedisStorage(settings.REDIS_URL, socket_timeout=1))


def spend(name: str, key: str) -> None:
    """Count one more of `name` for a network or visit. Raises TooMany when there were too many.

    What is refused to one is not counted for everybody: else one network could use up what is everybody's.
    This machine itself has no limit of its own: behind a proxy that hides addresses, it is everybody.
    """
    everybody, each = LIMITS[name]
    try:
        allowed = (key == LOOPBACK or _own(name, each, key)) and _limiter().hit(everybody, name)
    except RedisError:
        return
    if not allowed:
        message = _("Too much is arriving at once. Wait a little, then try again. Nothing is lost.")
        raise TooMany(message, code="too_many", retry_after=each.get_expiry())


def spend_file(visit: str, network: str) -> None:
    """Count one more sent file for its visit, and for the network: visits cost nothing, room does."""
    spend("upload", visit)
    spend("files", network)


def _own(name: str, each: RateLimitItem, key: str) -> bool:
    if name in FREE:
        _limiter().hit(FREE[name], name, key)
    return _limiter().hit(each, name, key)


def is_busy(name: str, key: str) -> bool:
    """Whether a network has done all of `name` that is free of work. Counts nothing."""
    try:
        return not _limiter().test(FREE[name], name, key)
    except RedisError:
        return False
