"""A list as the StopNCII wire's FetchHashes gives it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from hashing.interop.tokens import PageToken
from hashing.lists import records
from hashing.lists.models import List, PartnerKey, ServedRecord, WireRecord
from hashing.lists.services import pulling
from hashing.lists.states import Rule, Wire
from portal.agency import selectors as agency
from portal.agency.errors import NotSetUp
from portal.core.context import Context

MAX_PAGE = 2000


@dataclass(frozen=True)
class Wanted:
    """What a client asks for: records changed at or after `start` (unix seconds), or a run's next page."""

    start: int
    size: int
    token: PageToken | None


class _Row(NamedTuple):
    """What a page needs of a record. The id and the cases come as text: they are only passed on."""

    record_id: str
    kind: str
    value: str | None
    cases: str
    revision: int
    last_mod: int


def fetch(ctx: Context, *, key: PartnerKey, wanted: Wanted) -> str:
    """A page as JSON. The window's start is inclusive, so replaying its first second is harmless and nothing
    is lost.

    What is served as active is noted per partner in the same transaction: only those partners are told the
    value again when it is withdrawn.
    """
    with transaction.atomic():
        hash_list = pulling.entitled_list(key.partner, key.list.slug if key.list else "", Wire.STOPNCII)
        position = pulling.begin(ctx, partner=key.partner, wire=Wire.STOPNCII, hash_list=hash_list)
        top = wanted.token.top if wanted.token else hash_list.revision
        rows = _rows(_window(hash_list, wanted, top, key.partner_id), wanted.size + 1)
        page, more = rows[: wanted.size], len(rows) > wanted.size
        _note_served(key.partner_id, [row.record_id for row in page if row.value is not None])
        after = wanted.token.after if wanted.token else 0
        handed = page[-1].revision if more else max(top, after)
        proven = position.proven if wanted.token else _stored_before(hash_list, wanted.start)
        pulling.finish(ctx, position, after=after, handed=handed, entries=len(page), proven=proven)
        return _answer(hash_list, wanted, page, top if more else None)


def _window(hash_list: List, wanted: Wanted, top: int, partner_id: UUID) -> QuerySet[WireRecord]:
    served = ServedRecord.objects.filter(partner_id=partner_id, record=OuterRef("pk"))
    rows = WireRecord.objects.filter(list=hash_list, revision__lte=top)
    if wanted.token:
        rows = rows.filter(revision__gt=wanted.token.after).order_by("revision")
    else:
        # The same order: times never fall as revisions rise.
        rows = rows.filter(last_mod__gte=wanted.start).order_by("last_mod", "revision")
    return rows.filter(Q(value__isnull=False) | Exists(served))


def _rows(window: QuerySet[WireRecord], count: int) -> list[_Row]:
    """Without model instances: they would cost ten times the rest of a page."""
    as_text = window.annotate(id_text=Cast("pk", TextField()), cases_text=Cast("cases", TextField()))
    found = as_text.values_list("id_text", "kind", "value", "cases_text", "revision", "last_mod")
    return [_Row(*row) for row in found[:count]]


def _note_served(partner_id: UUID, record_ids: Sequence[str]) -> None:
    table = ServedRecord._meta.db_table  # noqa: SLF001 (Django's documented API)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (partner_id, record_id) SELECT %s, unnest(%s::uuid[])"
            " ON CONFLICT DO NOTHING",
            [partner_id, f"{{{','.join(record_ids)}}}"],
        )


def _stored_before(hash_list: List, start: int) -> int:
    """The revision that a client coming back with `start` has surely stored."""
    older = WireRecord.objects.filter(list=hash_list, last_mod__lt=start)
    return older.aggregate(highest=Max("revision"))["highest"] or 0


def _answer(hash_list: List, wanted: Wanted, page: Sequence[_Row], more_to: int | None) -> str:
    """nextSetTimestamp never falls, and before the last page it is that of the page's last record: a client
    that stops there and comes back with it has missed nothing."""
    reached = max(wanted.start, wanted.token.last_mod if wanted.token else 0)
    reached = max(reached, page[-1].last_mod if page else 0)
    token = None
    if more_to is not None:
        token = PageToken(hash_list.pk, page[-1].revision, page[-1].last_mod, more_to).encode()
    head = {
        "count": len(page),
        "nextSetTimestamp": reached,
        "nextPageToken": token,
        "hasMoreRecords": more_to is not None,
    }
    return f'{json.dumps(head)[:-1]}, "hashRecords":[{_records(hash_list, page)}]}}'


def _records(hash_list: List, page: Sequence[_Row]) -> str:
    """The records, written out: their texts are hex, numbers, our own words, or JSON already."""
    feedback, regions = json.dumps(_feedback(hash_list)), json.dumps(hash_list.regions)
    sealed = WireRecord.objects.in_bulk([row.record_id for row in page if row.value is None])
    values = {str(pk): record.sealed for pk, record in sealed.items()}
    return ",".join(
        f'{{"lastModtimestamp":{row.last_mod},"signalType":"{records.KINDS[row.kind]}",'
        f'"hashValue":"{row.value or values[row.record_id]}",'
        f'"hashStatus":"{records.ACTIVE if row.value else records.WITHDRAWN}","caseNumbers":{row.cases},'
        f'"CSPFeedbacks":{feedback if row.value else "[]"},"hashRegions":{regions}}}'
        for row in page
    )


def _feedback(hash_list: List) -> list[dict[str, Any]]:
    """The wire's one slot for "the agency looked at this": clients read it as a positive opinion."""
    if hash_list.rule == Rule.SELF_REPORTED:
        return []
    try:
        source = agency.current().name
    except NotSetUp:
        source = ""
    return [{"source": source, "feedbackValue": "Blocked", "tags": ["NCII"]}]
