"""What the index holds: the fingerprints of a picture that may be matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from hashing import changes
from hashing.fingerprints.models import Kind
from hashing.fingerprints.regional import serial
from hashing.fingerprints.regional.serial import Enrolled
from hashing.lists.quality import MINIMUM_QUALITY, too_plain
from hashing.matching.vote import Words

_EXACT = (Kind.SHA256, Kind.MD5)
_EXACT_BYTES = 16
# Between the ids of lists in a shelf's name, and after one on which a picture may be found by its regions.
BETWEEN, BY_REGIONS = " ", "+"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Item:
    """A picture. shelf: the ids of the lists that it is on, so that a look-up asks only of those it may, and
    each with a sign where that goes for its regional codes too.

    exact: (n, 2) words, the first 128 bits of digests; pdq: (n, 4) words; regional: of any version and box.
    """

    id: UUID
    shelf: str = ""
    exact: Words = field(default_factory=lambda: exact_words(()))
    pdq: Words = field(default_factory=lambda: pdq_words(()))
    regional: tuple[Enrolled, ...] = ()


def since(marker: int) -> Iterator[changes.Known]:
    """All pictures that changed after a marker, those that are gone among them."""
    while found := changes.since(marker, BATCH):
        yield from found
        marker = found[-1].number


def items(known: Iterable[changes.Known]) -> Iterator[Item]:
    """Those that there is something to find by. A picture too plain for regions keeps its other hashes."""
    for one in known:
        exact = sorted({own.value for own in one.hashes if own.kind in _EXACT})
        good = () if too_plain(one.hashes) else filter(_is_good_pdq, one.hashes)
        pdq = sorted({own.value for own in good})
        enrolled = tuple(own for own in (serial.parse(row.codes) for row in one.regional) if not own.plain)
        if exact or pdq or enrolled:
            yield Item(one.picture_id, _shelf(one), exact_words(exact), pdq_words(pdq), enrolled)


def _shelf(one: changes.Known) -> str:
    regional = {each.list_id for each in one.listings if each.regional}
    lists = sorted({each.list_id for each in one.listings})
    return BETWEEN.join(f"{each}{BY_REGIONS if each in regional else ''}" for each in lists)


def exact_words(digests: Iterable[str]) -> Words:
    """(n, 2): what is kept of hex digests of 128 bits or more."""
    data = b"".join(bytes.fromhex(digest)[:_EXACT_BYTES] for digest in digests)
    return np.frombuffer(data, np.uint64).reshape(-1, 2)


def pdq_words(values: Iterable[str]) -> Words:
    """(n, 4)."""
    return np.frombuffer(b"".join(map(bytes.fromhex, values)), np.uint64).reshape(-1, 4)


def _is_good_pdq(own: changes.Hash) -> bool:
    return own.kind == Kind.PDQ and own.quality is not None and own.quality >= MINIMUM_QUALITY
