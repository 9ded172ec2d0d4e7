"""The product's matcher: exact, PDQ and regional fingerprints of one upload against the enrolled pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from PIL import Image

from hashing.fingerprints import pdq as pdq_hashes
from hashing.fingerprints import pieces
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.regional import enrol, query
from hashing.fingerprints.regional.serial import Enrolled
from hashing.fingerprints.regional.table import Table, current
from hashing.matching import decide, index, outline, pdq, regional
from hashing.matching.answers import Decision, How
from hashing.matching.outline import Box

# What an exact or a PDQ match counts as: bits that agree.
CODE_BITS = 256


@dataclass(frozen=True, slots=True)
class Kept:
    """An enrolled picture's fingerprints."""

    sha256: str
    pdq: tuple[pdq_hashes.PdqHash, ...]
    regional: Enrolled


@dataclass(frozen=True, slots=True)
class Upload:
    """What is computed of an upload to look it up. pdq: of the whole, of the picture within a frame, and of
    pieces; more: pieces of a long page and other frames, each with the place where it lies."""

    sha256: str
    width: int
    height: int
    pdq: tuple[pdq_hashes.PdqHash, ...]
    regional: query.Query
    more: tuple[tuple[Rectangle, query.Query], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The answer. picture: its place in the list given; region: the part of the upload it was seen in."""

    decision: Decision
    picture: int | None = None
    score: float = 0.0
    how: How | None = None
    region: Box | None = None


def keep(data: bytes, image: Image.Image, table: Table | None = None) -> Kept:
    """Fingerprints a picture for the list. image: decoded from `data`, upright, RGB."""
    return Kept(hashlib.sha256(data).hexdigest(), pdq_hashes.orientations(image), enrol.enrol(image, table))


def prepare(
    data: bytes, image: Image.Image, table: Table | None = None, further: Sequence[Image.Image] = ()
) -> Upload:
    """Computes what a look-up needs. further: other views of the file (portal.vault.decode)."""
    hashes, more = list(pieces.hashes(image)), []
    for box, shown, found in pieces.further(image, further):
        more.append((box, query.prepare(shown, table)))
        hashes += found
    digest = hashlib.sha256(data).hexdigest()
    return Upload(digest, *image.size, tuple(hashes), query.prepare(image, table), tuple(more))


class Matcher:
    """Holds a list in memory and answers look-ups. Its pictures are numbered as they were given."""

    def __init__(self, kept: Sequence[Kept], table: Table | None = None) -> None:
        self.table = table or current()
        self.kept = kept
        # How many enrolled pictures the threshold is for; benchmarks look from a short list at a long one.
        self.listed = len(kept)
        self.exact = {own.sha256: picture for picture, own in reversed(list(enumerate(kept)))}
        self.pdq = pdq.bank([own.pdq for own in kept])
        # A plain picture has too few regions to be told by them; its other fingerprints stay.
        self.regional = index.build([_matchable(own.regional) for own in kept])

    def as_if(self, listed: int) -> Matcher:
        """The same list with the threshold of one of this many pictures."""
        other = copy(self)
        other.listed = listed
        return other

    def search(self, upload: Upload) -> list[regional.Election]:
        """The votes of the pictures whose regions the upload may show, best first."""
        return regional.search(self.regional, upload.regional, self.table)

    def match(self, upload: Upload, votes: Sequence[regional.Election] | None = None) -> Match:
        """The best answer: the same file, else the same regions, else the same PDQ hash, else regions of a
        piece of it. votes: what `search` found for this upload, where that is known already.
        """
        whole = Rectangle(0, 0, upload.width, upload.height)
        if upload.sha256 in self.exact:
            return Match(Decision.COPY, self.exact[upload.sha256], CODE_BITS, How.EXACT, whole)
        votes = self.search(upload) if votes is None else votes
        seen = self._by_regions(whole, upload.regional, votes)
        if seen.decision is Decision.COPY:
            return seen
        near = self.pdq.nearest(upload.pdq)
        if near is not None:
            return Match(Decision.COPY, near[0], CODE_BITS - near[1], How.PDQ, whole)
        return self._by_pieces(upload, seen)

    def _by_pieces(self, upload: Upload, seen: Match) -> Match:
        """The first copy in a piece, else what was seen, else the first look."""
        for box, own in upload.more:
            found = self._by_regions(box, own, regional.search(self.regional, own, self.table))
            if found.decision is Decision.COPY:
                return found
            seen = found if seen.decision is Decision.NONE else seen
        return seen

    def _by_regions(self, box: Rectangle, asked: query.Query, votes: Sequence[regional.Election]) -> Match:
        best = Match(Decision.NONE)
        for election in votes:
            decision = decide.decide(election.fields, self.listed)
            if decision is Decision.NONE or (decision is Decision.LOOK and best.decision is Decision.LOOK):
                continue
            own = self.kept[election.picture].regional
            region = outline.seen(election.fields, asked, (own.width, own.height), box)
            best = Match(decision, election.picture, round(election.score, 1), How.REGIONAL, region)
            if decision is Decision.COPY:
                break
        return best


def _matchable(own: Enrolled) -> Enrolled:
    if not own.plain:
        return own
    return Enrolled(own.version, own.width, own.height, own.codes[:0], own.places[:0])
