"""The collision guard: a fingerprint that would match harmless pictures is not listed as it is.

Regional codes that would are dropped while enough others stay, else the regional fingerprint is refused. A
PDQ hash that would is refused by itself; if it is the picture's own, so are all of the picture's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hashing.fingerprints.background import file
from hashing.fingerprints.background.shown import FRAME, Shown
from hashing.fingerprints.pdq import ORIENTATIONS
from hashing.fingerprints.regional import codes, geometry
from hashing.fingerprints.regional.arrays import Bytes, Counts, Floats, Mask
from hashing.fingerprints.regional.codes import CODE_BYTES
from hashing.fingerprints.regional.serial import Enrolled
from hashing.matching import candidates, index
from hashing.matching.fitting import Doubles
from hashing.matching.vote import MAP, RADIUS, SCORE, VIEW, Words, vote

# Well below what counts as a match even in a short list, so that a worse copy of the harmless picture has no
# better luck. One unrelated picture in some ten thousand scores this much.
HIT = 8.0
# A code this near to codes of this many background pictures is a letter or an icon, whatever lies around it.
LIKE_SIGNS, SIGN_PICTURES = 60, 3
# More than this share of the regions found in a harmless picture: it is that picture.
SAME_SHARE = 0.5
# With fewer left the fingerprint is too weak to list, and too plain to tell pictures apart.
FEWEST_LEFT = 24
# Light copies of the harmless picture drift by some bits: more than the 31 at which partners match.
PDQ_WITHIN = 40
NEAR = 0.05 * FRAME
# Hashes of the picture itself. Not every wire that partners submit on says which variant it carries.
OWN = frozenset({"", *ORIENTATIONS})


@dataclass(frozen=True, slots=True)
class Ground:
    """Harmless pictures made ready to be asked about; of all of them together: the PDQ hashes (n, 32), the
    codes (m, 32), and the row of each picture's first code (n,)."""

    names: tuple[str, ...]
    asked: tuple[Asked, ...]
    pdq: Bytes
    codes: Bytes
    first: NDArray[np.int64]

    @classmethod
    def of(cls, pictures: Iterable[tuple[str, Shown]]) -> Ground:
        found = list(pictures)
        every = np.concatenate([np.zeros((0, CODE_BYTES), np.uint8), *(own.codes for _, own in found)])
        counts = [0, *(len(own) for _, own in found)]
        hashes = b"".join(own.pdq for _, own in found)
        return cls(
            tuple(name for name, _ in found),
            tuple(Asked.of(own) for _, own in found),
            np.frombuffer(hashes, dtype=np.uint8).reshape(-1, CODE_BYTES),
            every,
            np.cumsum(counts)[:-1].astype(np.int64),
        )

    def near(self, own: Enrolled, within: int) -> NDArray[np.bool_]:
        """(k, n): whether a code of the fingerprint is this near to one of each picture's."""
        near = np.zeros((len(own), len(self.names)), dtype=np.bool_)
        full = np.array([len(asked.words) > 0 for asked in self.asked], dtype=np.bool_)
        if len(own) and full.any():
            far = codes.distances(own.codes, self.codes) <= within
            near[:, full] = np.logical_or.reduceat(far, self.first[full], axis=1)
        return near


@dataclass(frozen=True, slots=True)
class Asked:
    """One of them, in the form that vote() takes."""

    start: Counts
    matrix: Floats
    spot: Counts
    words: Words
    size: Floats

    @classmethod
    def of(cls, own: Shown) -> Asked:
        places = geometry.unpack(own.places)
        spots = np.unique(own.places & 0xFFFF, return_inverse=True)[1] if len(own) else np.zeros(0)
        return cls(
            np.array([0, own.mirrored, len(own)], dtype=np.int32),
            np.stack([places.x, places.y, places.scale, places.angle], axis=1),
            spots.astype(np.int32).ravel(),
            index.words(own.codes),
            np.array([own.width, own.height], dtype=np.float32),
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """Which harmless picture would be matched, and by which of the new fingerprints ("regional" or the PDQ
    variant); `copy` when it would be taken for this very picture."""

    name: str
    by: str
    copy: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be listed. regional: None if nothing of it may; dropped: how many codes went; pdq: the names
    of the variants that may."""

    regional: Enrolled | None
    dropped: int
    pdq: tuple[str, ...]
    hits: tuple[Hit, ...]

    @property
    def same(self) -> bool:
        """The picture is a copy of a harmless one."""
        return any(hit.copy for hit in self.hits)


@cache
def background() -> Ground:
    """The background that ships."""
    found = file.current()
    return Ground.of(zip(found.names, found.pictures, strict=True))


def check(
    regional: Enrolled | None, pdq: Mapping[str, str], ground: Ground, *, signs: bool = False
) -> Checked:
    """Holds a new picture's fingerprints against harmless pictures. pdq: hex hash by variant.

    signs: also drop codes that several of these pictures hold, wherever they lie (letters, icons).
    """
    near = _near(pdq, ground)
    own = {by for by, _ in near} & OWN
    allowed = () if own else tuple(name for name in pdq if name not in {by for by, _ in near})
    hits = [Hit(name, by, by in OWN) for by, name in near]
    if regional is None:
        return Checked(None, 0, allowed, tuple(hits))
    left, found = thinned(regional, ground, signs=signs)
    kept = None if len(left) < FEWEST_LEFT or any(hit.copy for hit in found) else left
    return Checked(kept, len(regional) - len(left), allowed, (*hits, *found))


def thinned(own: Enrolled, ground: Ground, *, signs: bool = False) -> tuple[Enrolled, list[Hit]]:
    """The fingerprint without the regions by which it would match, and what it would have matched."""
    hits: dict[str, Hit] = {}
    left = _without(own, sign_like(own, ground)) if signs else own
    dropped = np.ones(1, dtype=np.bool_)
    while dropped.any():
        dropped = np.zeros(len(left), dtype=np.bool_)
        # One near code is no match of a place.
        for at in np.flatnonzero(ground.near(left, RADIUS).sum(axis=0) > 1):
            fields = _vote(left, ground.asked[at])
            if fields[SCORE] >= HIT:
                voted = voters(left, ground.asked[at], fields)
                same = bool(voted.sum() > SAME_SHARE * len(own))
                hits.setdefault(ground.names[at], Hit(ground.names[at], "regional", same))
                dropped |= voted
        left = _without(left, dropped)
    return left, list(hits.values())


def sign_like(own: Enrolled, ground: Ground) -> Mask:
    """(n,): regions whose code several of these pictures hold."""
    seen = ground.near(own, LIKE_SIGNS).sum(axis=1)
    return np.asarray(seen >= SIGN_PICTURES, dtype=np.bool_)


def voters(own: Enrolled, asked: Asked, fields: Doubles) -> Mask:
    """(n,): the regions that the reported map lays on a region with a near code."""
    first, last = asked.start[int(fields[VIEW])], asked.start[int(fields[VIEW]) + 1]
    places, there = geometry.unpack(own.places), asked.matrix[first:last]
    a, b, c, d, e, f = fields[MAP : MAP + 6]
    x, y = a * places.x + b * places.y + c, d * places.x + e * places.y + f
    scale = max(1.0, float(np.sqrt(abs(a * e - b * d))))
    near = np.hypot(x[:, None] - there[:, 0], y[:, None] - there[:, 1]) <= NEAR * scale
    alike = codes.distances(own.codes, asked.words[first:last].view(np.uint8)) <= RADIUS
    return np.asarray((near & alike).any(axis=1), dtype=np.bool_)


def _vote(own: Enrolled, asked: Asked) -> Doubles:
    bank, places = index.words(own.codes), candidates.columns(own.places)
    return vote(asked.start, asked.matrix, asked.spot, asked.words, bank, places, asked.size)


def _without(own: Enrolled, dropped: Mask) -> Enrolled:
    return replace(own, codes=np.ascontiguousarray(own.codes[~dropped]), places=own.places[~dropped])


def _near(pdq: Mapping[str, str], ground: Ground) -> list[tuple[str, str]]:
    """(variant, name of the harmless picture) wherever they are near."""
    if not pdq or not ground.names:
        return []
    mine = np.frombuffer(bytes.fromhex("".join(pdq.values())), dtype=np.uint8).reshape(-1, 32)
    far = codes.distances(mine, ground.pdq)
    variants = list(pdq)
    return [(variants[row], ground.names[at]) for row, at in zip(*np.nonzero(far <= PDQ_WITHIN), strict=True)]
