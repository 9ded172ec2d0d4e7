"""Random items for the index, and what comparing everything says of them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import numpy as np

from hashing.fingerprints.regional.serial import MOST_REGIONS, Enrolled
from hashing.matching import index, parts
from hashing.matching.items import Item
from hashing.matching.parts import Part
from hashing.matching.vote import Words


def made(number: int, *, life: int = 0, version: int = 1) -> Item:
    """The item of that number; another life of it has other fingerprints."""
    rng = np.random.default_rng((number, life))
    regions = int(rng.integers(20, 65))
    enrolled = Enrolled(
        version,
        512,
        400,
        rng.integers(0, 256, (regions, 32), dtype=np.uint8),
        rng.integers(1, 2**28, regions, dtype=np.uint32),
    )
    return Item(
        UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128),
        shelf=f"list {number % 3}" if number % 4 else "",
        exact=rng.integers(1, 2**63, (int(rng.integers(0, 3)), 2), dtype=np.uint64),
        pdq=rng.integers(1, 2**63, (int(rng.integers(0, 9)), 4), dtype=np.uint64),
        regional=(enrolled,) if number % 5 else (),
    )


def near_pdq(word: Words, bits: int, seed: int) -> Words:
    """A hash with some of its bits turned over."""
    unpacked = np.unpackbits(word.view(np.uint8))
    unpacked[np.random.default_rng(seed).permutation(256)[:bits]] ^= 1
    return np.packbits(unpacked).view(np.uint64)


def found_by_pdq(held: list[Part], word: Words) -> set[UUID]:
    rows = [(part, part.pdq_owner[part.pdq.within(word)[0]]) for part in held]
    return {part.id_of(row) for part, owners in rows for row in owners if row != parts.NOBODY}


def found_by_exact(held: list[Part], digest: Words) -> set[UUID]:
    return {part.id_of(row) for part in held for row in parts.find_exact(part, [digest])}


def found_by_regions(held: list[Part], enrolled: Enrolled) -> dict[UUID, int]:
    """How many of the codes find which items, as an index asked without any doubt finds them."""
    count: dict[UUID, int] = {}
    asked, doubt = index.words(enrolled.codes), np.ones((len(enrolled), 256), np.float32)
    for part in held:
        if enrolled.version not in part.regional:
            continue
        own = part.regional[enrolled.version]
        slot, row, _far = index.near(own.segment, asked, doubt, np.ones(256, np.float32), radius=60, probes=1)
        for owner in {
            (own.owner[s // MOST_REGIONS], r) for s, r in zip(slot.tolist(), row.tolist(), strict=True)
        }:
            count[part.id_of(owner[0])] = count.get(part.id_of(owner[0]), 0) + 1
    return count


def bytes_in(folder: Path) -> bytes:
    """All that the files of a folder hold."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def traces(item: Item, held: bytes) -> list[str]:
    """Which of an item's fingerprints stand in those bytes."""
    regions = [code.tobytes() for own in item.regional for code in own.codes]
    kinds = {
        "id": [item.id.bytes],
        "exact": [row.tobytes() for row in item.exact],
        "pdq": [row.tobytes() for row in item.pdq],
        "regional": regions,
    }
    return [name for name, values in kinds.items() if any(value in held for value in values)]
