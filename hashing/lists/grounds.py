"""The harmless pictures that the guard asks about: the shipped background and the agency's own."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Max

from hashing.fingerprints.background import file, shown
from hashing.fingerprints.regional import table
from hashing.lists.models import Harmless
from hashing.matching.guard import Ground
from portal.audit import unrecorded

OWN = "harmless"


def own() -> Ground:
    """The agency's set, kept until it changes."""
    state = Harmless.objects.aggregate(count=Count("pk"), newest=Max("added_at"))
    return _own(str(state["count"]), str(state["newest"]), file.projection_of(table.current()))


@lru_cache(maxsize=2)
@unrecorded("compared by the guard, and never shown; picture.guarded tells what came of it")
def _own(_count: str, _newest: str, projection: str) -> Ground:
    rows = Harmless.objects.filter(projection=projection).order_by("added_at", "pk")
    return Ground.of((f"{OWN}/{row.pk}", shown.parse(row.shown)) for row in rows)


def same_file(digests: set[str]) -> UUID | None:
    """The harmless picture whose file has one of these SHA-256 or MD5 values."""
    rows = Harmless.objects.filter(sha256__in=digests) | Harmless.objects.filter(md5__in=digests)
    return rows.values_list("pk", flat=True).first()
