"""How large the index is for any number of pictures: what its arrays hold, by the index's own formulas."""

from __future__ import annotations

from hashing.fingerprints.regional.serial import MOST_REGIONS
from hashing.matching import index, pdq_index
from portal.bench.index_items import HASHES

ID, SHELF, OWNER = 16, 2, 4
CODE, PLACE, SLOT = 32, 4, 4
DIGESTS, DIGEST = 2, 16


def sizes(pictures: int) -> dict[str, int]:
    """Bytes by kind, for pictures with all regions and all PDQ variants."""
    codes, hashes = pictures * MOST_REGIONS, pictures * HASHES
    _start, bits, _allowance = pdq_index.stretches(hashes)
    drawers = index.TABLES * SLOT * ((1 << index.key_bits(codes)) + codes)
    frame_and_count = 5
    return {
        "regional": codes * (CODE + PLACE) + drawers + pictures * (frame_and_count + OWNER),
        "pdq": hashes * (CODE + OWNER) + len(bits) * SLOT * ((1 << int(bits.max())) + hashes),
        "other": pictures * (ID + SHELF + DIGESTS * (DIGEST + OWNER)),
    }
