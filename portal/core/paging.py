"""Pages of a long list by key, not by number: the last is as fast as the first, and no row is skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from portal.core.errors import Invalid

M = TypeVar("M", bound=Model)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Page(Generic[M]):
    """`next` is the cursor of the page after this one, "" on the last."""

    items: list[M]
    next: str


def page(
    rows: QuerySet[M], *, time_field: str, cursor: str, size: int, newest_first: bool = False
) -> Page[M]:
    """`size` rows after `cursor` ("": from the start), in order of `time_field`, ties by UUID key.

    Raises Invalid for a cursor that this function didn't make.
    """
    if cursor:
        rows = rows.filter(_beyond(time_field, "lt" if newest_first else "gt", *_read(cursor)))
    sign = "-" if newest_first else ""
    found = list(rows.order_by(f"{sign}{time_field}", f"{sign}pk")[: size + 1])
    items = found[:size]
    return Page(items, _write(items[-1], time_field) if len(found) > size else "")


def beside(rows: QuerySet[M], *, time_field: str, row: M, newest_first: bool) -> M | None:
    """The one that comes right after `row` in that order, whether or not `row` is among them."""
    at = getattr(row, time_field)
    sign, than = ("-", "lt") if newest_first else ("", "gt")
    return (
        rows.filter(_beyond(time_field, than, at, row.pk))
        .order_by(f"{sign}{time_field}", f"{sign}pk")
        .first()
    )


def _beyond(time_field: str, than: str, at: datetime, key: UUID) -> Q:
    """The bound on the time stands alone, so that an index on it is entered where the page begins."""
    bound = Q(**{f"{time_field}__{than}e": at})
    return bound & (Q(**{f"{time_field}__{than}": at}) | Q(**{f"pk__{than}": key}))


def _write(row: Model, time_field: str) -> str:
    return f"{(getattr(row, time_field) - _EPOCH) // _MICROSECOND}.{row.pk.hex}"


def _read(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, _dot, key = cursor.partition(".")
        return _EPOCH + int(at) * _MICROSECOND, UUID(hex=key)
    except (ValueError, OverflowError) as error:
        raise Invalid(_("This page does not exist. Start from the first one."), code="bad_cursor") from error
