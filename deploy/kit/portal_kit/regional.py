"""Regional fingerprints of a local list: codes stay masked as they came, and what is looked up is masked too.

The mask keeps distances, so the portal's own index and votes work on masked codes as on plain ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.regional import serial
from hashing.fingerprints.regional.masks import Mask
from hashing.fingerprints.regional.query import Query
from hashing.fingerprints.regional.table import Table, current
from hashing.matching import decide, index, outline, regional
from hashing.matching.answers import Decision
from portal_kit.found import Found
from portal_kit.store import LocalList


class RegionalBank:
    """Every regional fingerprint of the version that queries are made with; plain pictures have none."""

    def __init__(self, local: LocalList, table: Table | None = None) -> None:
        self._local = local
        own = table or current()
        self._entries: list[str] = []
        enrolled: list[serial.Enrolled] = []
        for entry, codes in local.regional(own.version):
            found = serial.parse(codes)
            if not found.plain:
                self._entries.append(entry)
                enrolled.append(found)
        self._mask = Mask.of(bytes.fromhex(local.about("mask"))) if local.about("mask") else None
        self._table = own if self._mask is None else replace(own, noise=own.noise[self._mask.order])
        self._frames = [(each.width, each.height) for each in enrolled]
        self._segment = index.build(enrolled)

    def __len__(self) -> int:
        return len(self._entries)

    def near(self, plain: Query, box: Rectangle) -> Iterator[Found]:
        """What the query's regions vote for. box: of the file, in pixels, where the query was made."""
        query = self._masked(plain)
        for election in regional.search(self._segment, query, self._table):
            decision = decide.decide(election.fields, len(self))
            if decision is Decision.NONE:
                continue
            entry, frame = self._entries[election.picture], self._frames[election.picture]
            yield Found(
                entry,
                str(decision),
                "regional",
                self._local.verification(entry),
                score=round(election.score, 1),
                region=outline.seen(election.fields, query, frame, box),
            )

    def _masked(self, query: Query) -> Query:
        if self._mask is None:
            return query
        codes = self._mask.outgoing(query.codes)
        return replace(query, codes=codes, projected=query.projected[:, self._mask.order])
