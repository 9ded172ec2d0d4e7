"""Regional fingerprints in the database, without a photograph: random codes in the form that is kept."""

from __future__ import annotations

import numpy as np

from hashing.fingerprints.models import Box, RegionalFingerprint
from hashing.fingerprints.regional import serial
from hashing.fingerprints.regional.table import VERSION
from portal.core import clock
from portal.vault.models import Picture


def codes(seed: int = 0, count: int = 64, version: int = VERSION) -> bytes:
    rng = np.random.default_rng(seed)
    made = rng.integers(0, 256, (count, 32), dtype=np.uint8)
    places = rng.integers(0, 1 << 28, count, dtype=np.uint32)
    return serial.dump(serial.Enrolled(version, 512, 400, made, places))


def make_regional(
    picture: Picture,
    *,
    version: int = VERSION,
    count: int = 64,
    seed: int = 0,
    of: serial.Enrolled | None = None,
) -> RegionalFingerprint:
    """With random codes, or those of a photograph."""
    return RegionalFingerprint.objects.create(
        picture=picture,
        version=version,
        box=Box.FULL,
        codes=serial.dump(of) if of else codes(seed, count, version),
        count=count,
        strength=round(100 * count / 64),
        left=0,
        top=0,
        right=600,
        bottom=400,
        made_at=clock.now(),
    )
