"""Who calls, from where, and how much they may."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from hashing.lists import keys
from hashing.lists.models import Partner, PartnerKey
from hashing.lists.states import Wire
from portal.core.errors import TooMany

log = logging.getLogger(__name__)

# A first pull of 500,000 records over the StopNCII wire, 800 at a time, stays below it.
PULLS = parse("700/minute")


@dataclass(frozen=True)
class Caller:
    """A partner, by one of its keys; what DRF calls the user."""

    key: PartnerKey

    is_authenticated = True

    @property
    def partner(self) -> Partner:
        return self.key.partner


def caller(request: HttpRequest, *, prefix: str, secret: str, wire: Wire) -> Caller:
    """The caller by their key. Raises KeyRefused, or TooMany past the key's volume."""
    key = keys.check(prefix=prefix, secret=secret, wire=wire, address=address(request))
    _count(key)
    return Caller(key)


def address(request: HttpRequest) -> str:
    """The caller's network address: behind a proxy, the one that the proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=1)
def _limiter(url: str) -> FixedWindowRateLimiter:
    wanted = url.replace("unix://", "redis+unix://")
    return FixedWindowRateLimiter(storage_from_string(wanted, socket_timeout=0.5, socket_connect_timeout=0.5))


def _count(key: PartnerKey) -> None:
    """Count the call. Without Redis nothing is refused: the limit guards against load, not against misuse."""
    try:
        limiter = _limiter(settings.REDIS_URL)
        if limiter.hit(PULLS, "pull", str(key.pk)):
            return
        reset = limiter.get_window_stats(PULLS, "pull", str(key.pk)).reset_time
    except (redis.RedisError, StorageError, OSError):
        log.warning("volume_limit_unavailable")
        return
    wait = max(1, round(reset - time.time()))
    raise TooMany(_("You call too often. Wait, then go on."), code="too_many_pulls", retry_after=wait)
