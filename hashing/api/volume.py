"""Volume limits in Redis. They guard against load; without Redis nothing is refused by them."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

import redis
from django.conf import settings
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from portal.core.errors import TooMany

log = logging.getLogger(__name__)


def take(limit: RateLimitItem, purpose: str, who: str, *, code: str, message: str, cost: int = 1) -> None:
    """Count against the limit. Raises TooMany with the time to wait once it is reached."""
    try:
        limiter = _limiter(settings.REDIS_URL)
        if limiter.hit(limit, purpose, who, cost=cost):
            return
        reset = limiter.get_window_stats(limit, purpose, who).reset_time
    except (redis.RedisError, StorageError, OSError):
        log.warning("volume_limit_unavailable")
        return
    raise TooMany(message, code=code, retry_after=max(1, round(reset - time.time())))


@lru_cache(maxsize=1)
def _limiter(url: str) -> FixedWindowRateLimiter:
    wanted = url.replace("unix://", "redis+unix://")
    return FixedWindowRateLimiter(storage_from_string(wanted, socket_timeout=0.5, socket_connect_timeout=0.5))
