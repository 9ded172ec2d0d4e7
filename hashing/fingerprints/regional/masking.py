"""What codes look like outside the agency: their bits in a secret order, some turned over, another way for
each partner and list.

Distances between codes stay as they are, so a partner matches as the agency does; but codes of a leaked list
fit neither public tools nor another partner's list. It is no encryption: who knows a few hundred codes both
plain and masked knows the mask (docs/fingerprints.md has the figure). Geometry isn't touched: without true
places nobody could verify a match. So places still tell two partners that they hold the same picture's
fingerprint; who should not learn even that is given no regional fingerprints and asks the look-up.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

import numpy as np

from hashing.fingerprints.regional import serial
from hashing.fingerprints.regional.arrays import Bytes
from hashing.fingerprints.regional.codes import CODE_BYTES
from hashing.fingerprints.regional.masks import Mask
from portal.crypto import blind_index


def secret(*, partner_id: UUID, list_id: UUID) -> bytes:
    """The 32 bytes that determine the mask of one partner on one list; that partner may know them.

    Derived from BLIND_INDEX_KEY: apart from the database, and the same in every process.
    """
    return blind_index.keyed("regional.mask", f"{partner_id}.{list_id}")


def outgoing(codes: bytes, *, partner_id: UUID, list_id: UUID) -> bytes:
    """Codes, 32 bytes each, as this partner gets them on this list."""
    return _mask(secret(partner_id=partner_id, list_id=list_id)).outgoing(_rows(codes)).tobytes()


def incoming(codes: bytes, *, partner_id: UUID, list_id: UUID) -> bytes:
    """Codes that this partner sends in its own form, as the agency knows them."""
    return _mask(secret(partner_id=partner_id, list_id=list_id)).incoming(_rows(codes)).tobytes()


def outgoing_fingerprint(stored: bytes, *, partner_id: UUID, list_id: UUID) -> bytes:
    """A whole fingerprint (serial.py) as this partner gets it, in the same form.

    Regions come in the order of their masked codes: the agency's own order would pair the codes of two
    partners. Raises ValueError for bytes that are no fingerprint.
    """
    own = serial.parse(stored)
    codes = _mask(secret(partner_id=partner_id, list_id=list_id)).outgoing(own.codes)
    order = np.lexsort(codes.T[::-1]) if len(own) else np.zeros(0, dtype=np.intp)
    return serial.dump(serial.Enrolled(own.version, own.width, own.height, codes[order], own.places[order]))


@lru_cache(maxsize=1024)
def _mask(secret: bytes) -> Mask:
    return Mask.of(secret)


def _rows(codes: bytes) -> Bytes:
    if len(codes) % CODE_BYTES:
        raise ValueError("codes are 32 bytes each")
    return np.frombuffer(codes, dtype=np.uint8).reshape(-1, CODE_BYTES)
