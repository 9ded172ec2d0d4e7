"""Reading a long table in the order of its primary key, a page at a time.

Not a server-side cursor: one that is abandoned when an error is raised gets closed by the garbage collector
at any later moment; if that is inside another query on the same connection, psycopg waits for itself forever.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
PAGE = 2000


def in_order(rows: QuerySet[Row], *, page: int = PAGE) -> Iterator[Row]:
    """All rows by primary key. One state of the table only inside a REPEATABLE READ transaction."""
    rows = rows.order_by("pk")
    chunk = list(rows[:page])
    while chunk:
        yield from chunk
        chunk = list(rows.filter(pk__gt=chunk[-1].pk)[:page])
