"""Ask the portal about files, without holding a list: fingerprints leave, the files never do."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from hashing.fingerprints.regional import carrying
from hashing.fingerprints.regional.table import current
from portal_kit.pictures import NotAPicture, Picture, read
from portal_kit.portal import Portal

EXACT = ("sha256", "md5")


def ask(portal: Portal, file: bytes | Path | str, *, lists: list[str] | None = None) -> dict[str, Any]:
    """The portal's answer (`decision`, `matches`), and `refused`: why the file was looked up by its bytes
    alone, or None. `lists`: all that you are entitled to, if not given. Raises OSError, KitError."""
    data = file if isinstance(file, bytes) else Path(file).read_bytes()
    question: dict[str, Any] = {"hashes": [_exact(kind, data) for kind in EXACT]}
    refused = None
    try:
        picture = read(data, regional=True)
        question["hashes"] += [{"type": "pdq", "value": value} for value in picture.pdq]
        question |= _regions(picture)
    except NotAPicture as error:
        refused = error.code
    (answer,) = portal.lookup([question], lists=lists)
    return {"decision": answer["decision"], "matches": answer["matches"], "refused": refused}


def _exact(kind: str, data: bytes) -> dict[str, str]:
    return {"type": kind, "value": hashlib.new(kind, data, usedforsecurity=False).hexdigest()}


def _regions(picture: Picture) -> dict[str, Any]:
    """A picture without a single region, such as a plain one, is asked about by its hashes."""
    if picture.regional is None or not len(picture.regional.codes):
        return {}
    return {"regions": carrying.pack(picture.regional, current(), (picture.width, picture.height))}
