"""Match files against a local list by every kind of fingerprint that is on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from portal_kit.bank import PictureBank
from portal_kit.found import COPY, Answer, Found
from portal_kit.pictures import NotAPicture, read
from portal_kit.store import LocalList

EXACT = ("sha256", "md5")


class Matcher:
    """Holds a local list's fingerprints in memory, as of when it was made: make a new one after a sync."""

    def __init__(self, local: LocalList) -> None:
        self._local = local
        self._bank = PictureBank(local)

    def match(self, file: bytes | Path | str) -> Answer:
        """Look a file up: a picture by all kinds, anything else by its bytes. Raises OSError."""
        data = file if isinstance(file, bytes) else Path(file).read_bytes()
        found, refused = list(self._exact(data)), None
        try:
            found += self._bank.near(read(data, regional=self._bank.regional))
        except NotAPicture as error:
            refused = error.code
        return Answer.of(found, refused)

    def _exact(self, data: bytes) -> Iterator[Found]:
        for kind in EXACT:
            value = hashlib.new(kind, data, usedforsecurity=False).hexdigest()
            for entry in self._local.exact(kind, value):
                yield Found(entry, COPY, kind, self._local.verification(entry), distance=0)
