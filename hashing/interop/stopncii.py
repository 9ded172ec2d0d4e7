"""A list as the StopNCII wire's FetchHashes gives it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from hashing.interop.tokens import PageToken
from hashing.lists import records
from hashing.lists.lines import agency_name
from hashing.lists.models import List, PartnerKey, WireRecord
from hashing.lists.services import pulling
from hashing.lists.states import NEEDS_TWO, Wire
from portal.core.context import Context

MAX_PAGE = 2000


@dataclass(frozen=True)
class Wanted:
    """What a client asks for: records changed at or after `start` (unix seconds), or a run's next page."""

    start: int
    size: int
    token: PageToken | None


@dataclass(frozen=True)
class _Page:
    """A page of records, written out. `withdrawn`: those whose value has still to be put in."""

    count: int
    revision: int
    last_mod: int
    more: bool
    withdrawn: list[UUID]
    text: str


def fetch(ctx: Context, *, key: PartnerKey, wanted: Wanted) -> str:
    """A page as JSON. The window's start is inclusive, so replaying its first second is harmless and nothing
    is lost.

    What is served as active is noted per partner in the same transaction: only those partners are told the
    value again when it is withdrawn.
    """
    with transaction.atomic():
        hash_list = pulling.served_list(key)
        position = pulling.begin(ctx, partner=key.partner, wire=Wire.STOPNCII, hash_list=hash_list)
        top = wanted.token.top if wanted.token else hash_list.revision
        page = _page(hash_list, wanted, top, key.partner_id)
        after = wanted.token.after if wanted.token else _stored_before(hash_list, wanted.start)
        handed = page.revision if page.more else max(top, after)
        # Whoever goes on within a run may not have stored its pages yet.
        proven = position.proven if wanted.token else after
        pulling.finish(ctx, position, after=after, handed=handed, entries=page.count, proven=proven)
        return _answer(hash_list, wanted, page, top)


# A page is found, noted as served and written out in one statement: as rows that Python writes out, it would
# cost several times as much. The texts are hex, numbers, our own words, or JSON already. Times never fall as
# revisions rise, so that both orders are the same.
_VISIBLE = """
record.list_id = %(list)s AND record.revision <= %(top)s AND (record.value IS NOT NULL OR EXISTS (
  SELECT FROM hashing_servedrecord AS served
  WHERE served.partner_id = %(partner)s AND served.record_id = record.id))
"""
_FROM = {
    True: ("record.revision > %(after)s", "record.revision"),
    False: ("record.last_mod >= %(start)s", "record.last_mod, record.revision"),
}
_PAGE = """
WITH page AS MATERIALIZED (
  SELECT * FROM hashing_wirerecord AS record WHERE {visible} AND {start} ORDER BY {order} LIMIT %(size)s
), noted AS (
  INSERT INTO hashing_servedrecord (partner_id, record_id)
  SELECT %(partner)s, id FROM page WHERE value IS NOT NULL ON CONFLICT DO NOTHING
)
SELECT count(*), coalesce(max(revision), 0), coalesce(max(last_mod), 0),
  EXISTS (SELECT FROM hashing_wirerecord AS record
    WHERE {visible} AND record.revision > (SELECT max(revision) FROM page)),
  coalesce(array_agg(id) FILTER (WHERE value IS NULL), '{{}}'),
  coalesce(string_agg(
    '{{"lastModtimestamp":' || last_mod || ',"signalType":"' || (%(kinds)s::jsonb ->> kind)
    || '","hashValue":"' || coalesce(value, '?' || id)
    || '","hashStatus":"' || CASE WHEN value IS NULL THEN %(withdrawn)s ELSE %(active)s END
    || '","CSPFeedbacks":' || CASE WHEN value IS NULL THEN '[]' ELSE {feedback} END
    || ',"hashRegions":' || %(regions)s || ',"caseNumbers":' || cases || '}}', ',' ORDER BY revision), '')
FROM page
"""
# The wire's one slot for "the agency looked at this", and what it saw: clients read it as a positive opinion.
# A list that nobody looks at has no source, so its records say nothing.
_FEEDBACK = """coalesce(
  '[{"source":' || %(source)s::text || ',"feedbackValue":"Blocked","tags":' || categories || '}]', '[]')"""
_PLACE = re.compile(r'"\?([0-9a-f-]{36})"')


def _page(hash_list: List, wanted: Wanted, top: int, partner_id: UUID) -> _Page:
    start, order = _FROM[wanted.token is not None]
    values: dict[str, Any] = {
        "list": hash_list.pk,
        "partner": partner_id,
        "top": top,
        "after": wanted.token.after if wanted.token else 0,
        "start": wanted.start,
        "size": wanted.size,
        "kinds": json.dumps(records.KINDS),
        "active": records.ACTIVE,
        "withdrawn": records.WITHDRAWN,
        "source": json.dumps(agency_name()) if hash_list.rule in NEEDS_TWO else None,
        "regions": json.dumps(hash_list.regions),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(visible=_VISIBLE, start=start, order=order, feedback=_FEEDBACK), values)
        return _Page(*cursor.fetchone())


def _stored_before(hash_list: List, start: int) -> int:
    """The revision that a client coming back with `start` has surely stored."""
    older = WireRecord.objects.filter(list=hash_list, last_mod__lt=start)
    # By time first, which is an index's order: the highest revision alone is looked for from the newest down.
    newest = older.order_by("-last_mod", "-revision")
    return newest.values_list("revision", flat=True).first() or 0


def _answer(hash_list: List, wanted: Wanted, page: _Page, top: int) -> str:
    """nextSetTimestamp never falls, and before the last page it is that of the page's last record: a client
    that stops there and comes back with it has missed nothing."""
    before = wanted.token.last_mod if wanted.token else 0
    head: dict[str, Any] = {
        "count": page.count,
        "nextSetTimestamp": max(wanted.start, before, page.last_mod),
        "nextPageToken": None,
        "hasMoreRecords": page.more,
    }
    if page.more:
        head["nextPageToken"] = PageToken(hash_list.pk, page.revision, page.last_mod, top).encode()
    return f'{json.dumps(head)[:-1]}, "hashRecords":[{_filled(page)}]}}'


def _filled(page: _Page) -> str:
    """The records' text, with the values of withdrawn ones, which the database can't read."""
    if not page.withdrawn:
        return page.text
    sealed = WireRecord.objects.in_bulk(page.withdrawn)
    values = {str(pk): record.sealed for pk, record in sealed.items()}
    return _PLACE.sub(lambda place: f'"{values[place[1]]}"', page.text)
