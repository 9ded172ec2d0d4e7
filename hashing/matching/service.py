"""Looks a picture up in the index: exact, PDQ and regional fingerprints, checked against the database.

The index proposes; the database has the last word on what may still be matched. So nothing is found from the
moment that the transaction which withdraws, shreds or locks it commits, whatever the files still hold.
Who may ask, and the audit entry, are the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from hashing.fingerprints.asked import Asked, Piece
from hashing.fingerprints.regional import table
from hashing.matching import approved, decide, mapped, outline, parts, pdq, regional, source
from hashing.matching.answers import Decision, How
from hashing.matching.approved import Distances
from hashing.matching.items import BETWEEN, BY_REGIONS, exact_words
from hashing.matching.mapped import Allowed, Mapped
from hashing.matching.matcher import CODE_BITS
from hashing.matching.outline import Box
from hashing.matching.parts import NOBODY, Part
from hashing.matching.source import Listing
from portal.core.errors import Unavailable


@dataclass(frozen=True)
class Scope:
    """What may be found: pictures with an entry that is listed on these lists (None: on any), and, if `held`,
    pictures that the agency holds. without: pictures that are not wanted, such as the one asked about.

    A listed picture is found by hashes that were approved for its entry, and by its regional codes only where
    the person consented to that. A held one is found at the desk by any, as it has the picture itself.
    """

    lists: frozenset[UUID] | None = None
    held: bool = False
    without: frozenset[UUID] = field(default_factory=frozenset)

    def wants(self, shelf: str) -> bool:
        """Whether to look at a shelf of the index at all."""
        return self.held or any(
            self._among(each.removesuffix(BY_REGIONS)) for each in shelf.split(BETWEEN) if each
        )

    def wants_regions(self, shelf: str) -> bool:
        """Whether to look at the regional codes of a shelf."""
        on = [each.removesuffix(BY_REGIONS) for each in shelf.split(BETWEEN) if each.endswith(BY_REGIONS)]
        return self.held or any(map(self._among, on))

    def among(self, listing: Listing, how: How) -> bool:
        """Whether an entry may be told of that was found in this way."""
        wanted = self.lists is None or listing.list_id in self.lists
        return wanted and (how is not How.REGIONAL or listing.regional)

    def _among(self, list_id: str) -> bool:
        return self.lists is None or UUID(list_id) in self.lists


@dataclass(frozen=True)
class Found:
    """A picture that matches. listings: its listed entries that are in scope; held: the agency has it.

    score: 256 for an exact match, bits that agree for PDQ, the vote for regions. distance: in bits, for PDQ.
    region: left, top, right, bottom of the part of the asked picture that matched, in its own pixels; None
    where only hashes were asked about.
    """

    picture_id: UUID
    decision: Decision
    how: How
    score: float
    distance: int | None = None
    region: Box | None = None
    held: bool = False
    listings: tuple[Listing, ...] = ()


# Copies before looks; exact, then regions, then PDQ: as the folder matcher answers.
_ORDER = (How.EXACT, How.REGIONAL, How.PDQ)


def available() -> bool:
    """Whether a look-up would be answered."""
    try:
        mapped.current()
    except Unavailable:
        return False
    return True


def find(asked: Asked, scope: Scope) -> list[Found]:
    """Everything in scope that the picture may be, the best first. Raises portal.core.errors.Unavailable."""
    hits = [hit for hit in _hits(mapped.current(), asked, scope) if hit.picture_id not in scope.without]
    best: dict[UUID, Found] = {}
    for hit in _standing(sorted(hits, key=_rank), scope, asked):
        best.setdefault(hit.picture_id, hit)
    return list(best.values())


def _rank(hit: Found) -> tuple[bool, int, float, UUID]:
    return hit.decision is not Decision.COPY, _ORDER.index(hit.how), -hit.score, hit.picture_id


def _standing(hits: Sequence[Found], scope: Scope, asked: Asked) -> Iterator[Found]:
    """What the database lets be matched now."""
    known = source.standing([hit.picture_id for hit in hits])
    on_list = [each.entry_id for one in known.values() for each in one.listings]
    by_hash = approved.distances(on_list, asked) if on_list else {}
    for hit in hits:
        if hit.picture_id not in known:
            continue
        now = known[hit.picture_id]
        on = tuple(each for each in now.listings if scope.among(each, hit.how) and _by(each, hit, by_hash))
        if scope.held and now.held:
            yield replace(hit, held=True, listings=on)
        elif on:
            yield _as_listed(replace(hit, listings=on), by_hash)


def _by(listing: Listing, hit: Found, by_hash: Distances) -> bool:
    """Whether an entry is found in this way by what was approved for it."""
    return hit.how is How.REGIONAL or (listing.entry_id, hit.how) in by_hash


def _as_listed(hit: Found, by_hash: Distances) -> Found:
    """As far off as what is listed: the picture's nearest hash needn't be."""
    if hit.how is not How.PDQ:
        return hit
    distance = min(by_hash[each.entry_id, How.PDQ] for each in hit.listings)
    return replace(hit, distance=distance, score=CODE_BITS - distance)


def _hits(index: Mapped, asked: Asked, scope: Scope) -> Iterator[Found]:
    wanted = index.shelves(scope.wants, scope.wants_regions)
    whole = (0, 0, asked.width, asked.height) if asked.width else None
    for part in index.parts:
        allowed = index.allowed(part, wanted)
        for row in parts.find_exact(part, exact_words(asked.digests)):
            if allowed.items[row]:
                yield Found(part.id_of(row), Decision.COPY, How.EXACT, CODE_BITS, region=whole)
        for row, distance in _by_pdq(part, asked).items():
            if allowed.items[row]:
                score = CODE_BITS - distance
                yield Found(part.id_of(row), Decision.COPY, How.PDQ, score, distance, whole)
        for piece in asked.pieces():
            yield from _by_regions(index, part, piece, allowed)


def _by_pdq(part: Part, asked: Asked) -> dict[int, int]:
    """Items with a hash within 31 bits, and the least distance."""
    nearest: dict[int, int] = {}
    for own in asked.pdq:
        if own.quality < pdq.QUALITY:
            continue
        rows, far = part.pdq.within(pdq.words([own])[0])
        for owner, distance in zip(part.pdq_owner[rows].tolist(), far.tolist(), strict=True):
            nearest[owner] = min(distance, nearest.get(owner, distance))
    nearest.pop(NOBODY, None)
    return nearest


def _by_regions(index: Mapped, part: Part, piece: Piece, allowed: Allowed) -> Iterator[Found]:
    for version, query in piece.regional.items():
        if version not in part.regional:
            continue
        found = part.regional[version]
        segment = replace(found.segment, gone=allowed.gone[version])
        for election in regional.search(segment, query, table.version(version)):
            decision = decide.decide(election.fields, index.generation.enrolled)
            if decision is Decision.NONE:
                continue
            frame = found.frames[election.picture]
            region = outline.seen(election.fields, query, (int(frame[0]), int(frame[1])), piece.box)
            owner = part.id_of(int(found.owner[election.picture]))
            yield Found(owner, decision, How.REGIONAL, round(election.score, 1), None, region)
