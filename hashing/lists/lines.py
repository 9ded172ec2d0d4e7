"""A feed's lines, written out as JSON by the database: the same text in a page of the feed and in a snapshot.

It is put together from text, which costs a fraction of building objects. Every text that goes in is an
identifier, hexadecimal or a number (constraints see to that), but for the agency's name, which comes quoted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from string import Template
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from hashing.lists.models import List
from hashing.lists.states import VERIFICATION, FeedState, Reason, Rule, State
from portal.agency import selectors as agency
from portal.agency.errors import NotSetUp

# Why an entry left, as far as partners need to know: nothing here tells of the person.
PUBLIC_REASONS = {
    Reason.CONSENT_WITHDRAWN: "consent",
    Reason.MISTAKE: "mistake",
    Reason.COLLISION: "collision",
    Reason.DISPUTED: "disputed",
    Reason.OVER_MATCHING: "over_matching",
}
OTHER_REASON = "agency"
# A snapshot is read in pieces of about this many bytes.
_PIECE = 256 * 1024


class Line(NamedTuple):
    """`text` is the line's JSON. `regional_of`: the picture whose regional codes may go with it, if any."""

    position: int
    regional_of: UUID | None
    text: str


_HASHES = """(
  SELECT coalesce(string_agg('{"type":"' || f.kind || '","variant":"' || f.variant || '","value":"' || f.value
    || '","quality":' || coalesce(f.quality::text, 'null') || ',"algorithm":"' || f.algorithm
    || '","max_distance":' || $distance || '}', ',' ORDER BY f.kind, f.variant, f.algorithm), '')
  FROM hashing_entryfingerprint f WHERE f.entry_id = e.id)"""
# What partners report: uploads by what was done with them, and how many partners say otherwise. Few entries
# have any, and asking that first is cheap: for a page by the index, for a whole list by a table made once.
_FEEDBACK = """CASE WHEN EXISTS (SELECT FROM hashing_feedback WHERE entry_id = e.id AND current)
  THEN coalesce((SELECT string_agg('"' || said.value || '":' || said.total, ',' ORDER BY said.value)
  FROM (SELECT value, sum(total) AS total FROM hashing_feedback
        WHERE entry_id = e.id AND current AND value <> 'taken_back' GROUP BY value) said), '') ELSE '' END"""
_ACTIVE = f"""'{{"position":' || $position || ',"at":' || $at || ',"entry":"' || e.id
  || '","state":"active","media_type":"' || e.media_type || '","category":"' || e.category || %(about)s
  || $listed_at || ',"modified":' || coalesce($modified, $at) || ',"hashes":[' || {_HASHES}
  || '],"feedback":{{' || {_FEEDBACK} || '}}}}'"""
_GONE = """'{"position":' || $position || ',"at":' || $at || ',"entry":"' || e.id || '","state":"'
  || CASE WHEN e.state = 'quarantined' OR (p.state = 'quarantined' AND e.state <> 'withdrawn')
     THEN 'quarantined' ELSE 'withdrawn' END
  || '","reason":"' || $reason || '","created":' || coalesce($listed_at, 'null')
  || ',"modified":' || coalesce($modified, $at) || '}'"""
# What is true now wins over what the line said then: nothing that has left the list shows a fingerprint.
_SHOWN = f"(p.state = '{FeedState.ACTIVE}' AND e.state = '{State.LISTED}')"
_PAGE = f"""
SELECT p.position, CASE WHEN {_SHOWN} AND e.regional THEN e.picture_id END,
  CASE WHEN {_SHOWN} THEN {_ACTIVE} ELSE {_GONE} END
FROM hashing_publication p JOIN hashing_entry e ON e.id = p.entry_id
WHERE p.list_id = %(list)s AND p.epoch = %(epoch)s AND p.position > %(after)s
ORDER BY p.position LIMIT %(limit)s
"""  # noqa: S608 (our own text; the values are parameters)
_WHOLE = f"""
COPY (
  SELECT {_ACTIVE} FROM hashing_entry e
  WHERE e.list_id = %(list)s AND e.state = '{State.LISTED}' AND e.published = '{FeedState.ACTIVE}'
    AND e.position <= %(head)s
) TO STDOUT
"""  # noqa: S608 (as above)


def page(hash_list: List, *, after: int, limit: int) -> list[Line]:
    """The lines that follow a position, in order."""
    statement = _filled(_PAGE, hash_list, position="p.position", at="p.at")
    values = _values(hash_list) | {"epoch": hash_list.epoch, "after": after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Line(*row) for row in cursor.fetchall()]


def whole(hash_list: List) -> Iterator[tuple[bytes, int]]:
    """The line of every entry that is active at the list's position, each with a line feed, in no order:
    pieces, with how many they hold.

    Memory stays flat however long the list is. What changes after that position is left out: it follows in
    the feed.
    """
    statement = _filled(_WHOLE, hash_list, position="e.position", at="e.published_at")
    piece: list[bytes] = []
    size = 0
    with connection.cursor() as cursor, cursor.copy(statement, _values(hash_list)) as rows:
        for row in rows:
            piece.append(_plain(row))
            size += len(row)
            if size >= _PIECE:
                yield b"".join(piece), len(piece)
                piece, size = [], 0
    yield b"".join(piece), len(piece)


def _plain(row: memoryview | bytes) -> bytes:
    """COPY doubles backslashes, which only the agency's name may hold."""
    data = bytes(row)
    return data.replace(b"\\\\", b"\\") if b"\\" in data else data


def _filled(statement: str, hash_list: List, *, position: str, at: str) -> str:
    distances = " ".join(f"WHEN '{kind}' THEN '{int(bits)}'" for kind, bits in _distances(hash_list).items())
    reasons = " ".join(f"WHEN '{code}' THEN '{public}'" for code, public in PUBLIC_REASONS.items())
    return Template(statement).substitute(
        position=position,
        at=_time(at),
        listed_at=_time("e.listed_at"),
        modified=_time("e.published_at"),
        distance=f"CASE f.kind {distances} ELSE '0' END" if distances else "'0'",
        reason=f"CASE e.reason {reasons} ELSE '{OTHER_REASON}' END",
    )


def _distances(hash_list: List) -> dict[str, int]:
    return {kind: bits for kind, bits in sorted(hash_list.distances.items()) if kind.isidentifier()}


def _time(column: str) -> str:
    """A time as JSON, in UTC; null stays null."""
    return f"left(to_json({column} AT TIME ZONE 'UTC')::text, -1) || 'Z\"'"


def _values(hash_list: List) -> dict[str, Any]:
    about = {"verification": VERIFICATION[Rule(hash_list.rule)], "agency": agency_name()}
    text = json.dumps(about, separators=(",", ":"), ensure_ascii=False)[1:-1]
    return {"list": hash_list.pk, "head": hash_list.head, "about": f'",{text},"created":'}


def agency_name() -> str:
    try:
        return agency.current().name
    except NotSetUp:
        return "Agency"
