"""Looks a query up among enrolled pictures by their regional fingerprints: propose, rank, vote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.regional.arrays import Floats
from hashing.fingerprints.regional.query import MIRRORED, PLAIN, VIEWS, Query
from hashing.fingerprints.regional.table import Table
from hashing.matching import candidates, index
from hashing.matching.fitting import Doubles
from hashing.matching.vote import SCORE, vote

RADIUS = 60
PROBES = 16
# The strongest regions of each view go through the index; all of them take part in the vote.
PROPOSED, PROPOSED_INVERTED = 300, 100


@dataclass(frozen=True, slots=True)
class Election:
    """One enrolled picture's vote: its number in the segment and the fields named in vote.py."""

    picture: int
    fields: Doubles

    @property
    def score(self) -> float:
        return float(self.fields[SCORE])


def search(segment: index.Segment, query: Query, table: Table) -> list[Election]:
    """The pictures that the query may show, best first."""
    rows = proposing_rows(query)
    slot, row, far = index.near(
        segment,
        index.words(query.codes[rows]),
        query.projected[rows],
        table.noise,
        radius=RADIUS,
        probes=PROBES,
    )
    places = candidates.columns(segment.places[slot])
    pictures, worth = candidates.rank(slot, rows[row], far, matrix(query), views(query), places)
    order = np.argsort(-worth, kind="stable")[: candidates.MOST_CONSIDERED]
    return elections(segment, query, pictures[order])


def exhaustive(segment: index.Segment, query: Query) -> list[Election]:
    """The same by a vote on every picture: what the index must not miss, and the way for short lists."""
    return elections(segment, query, np.flatnonzero(~segment.gone))


def elections(segment: index.Segment, query: Query, pictures: NDArray[np.int64]) -> list[Election]:
    """A full vote on each of these pictures; those with any score, best first."""
    own, codes = matrix(query), index.words(query.codes)
    size = np.array([query.width, query.height], dtype=np.float32)
    found = []
    for picture in pictures:
        used = segment.bank(int(picture))
        bank = np.ascontiguousarray(segment.codes[used])
        places = candidates.columns(segment.places[used])
        fields = vote(query.start, own, query.spot, codes, bank, places, size)
        if fields[SCORE] > 0:
            found.append(Election(int(picture), fields))
    return sorted(found, key=lambda election: (-election.score, election.picture))


def proposing_rows(query: Query) -> NDArray[np.int32]:
    """Rows of the strongest regions of every view."""
    parts = []
    for view in range(VIEWS):
        first, last = query.start[view], query.start[view + 1]
        most = PROPOSED if view in {PLAIN, MIRRORED} else PROPOSED_INVERTED
        parts.append(np.arange(first, min(last, first + most), dtype=np.int32))
    return np.concatenate(parts)


def matrix(query: Query) -> Floats:
    """(n, 4): x, y, log size, angle."""
    return np.stack([query.x, query.y, query.scale, query.angle], axis=1)


def views(query: Query) -> NDArray[np.int32]:
    """(n,): the view of each row."""
    return np.repeat(np.arange(VIEWS, dtype=np.int32), np.diff(query.start))
