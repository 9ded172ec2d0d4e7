"""What of the API is going to end, and when: answers of those addresses say so.

A version lives for at least a year after its end is announced: `Deprecation` (RFC 9745) names the day of the
announcement, `Sunset` (RFC 8594) the day after which nothing is promised, and `Link` the successor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils.http import http_date

SHORTEST_NOTICE = timedelta(days=365)


@dataclass(frozen=True)
class Deprecation:
    """`successor` is the address that replaces it, or where the change is explained."""

    announced: datetime
    sunset: datetime
    successor: str

    def __post_init__(self) -> None:
        if self.sunset - self.announced < SHORTEST_NOTICE:
            raise ValueError("partners are promised a year's notice")


# By the address's name in urls.py. None so far.
DEPRECATED: dict[str, Deprecation] = {}


def mark(response: HttpResponse, name: str | None) -> None:
    """Add the headers if the address is deprecated."""
    ending = DEPRECATED.get(name or "")
    if ending is None:
        return
    response["Deprecation"] = f"@{int(ending.announced.timestamp())}"
    response["Sunset"] = http_date(ending.sunset.timestamp())
    response["Link"] = f'<{ending.successor}>; rel="successor-version"'
