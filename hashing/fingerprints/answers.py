"""What the caged child answers: a JSON object, a newline, then the preview's bytes.

The child handled hostile bytes and may have been taken over, so each value is checked before it is believed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hashing.fingerprints.compute import FileFingerprints
from hashing.fingerprints.pdq import ORIENTATIONS, PdqHash
from hashing.fingerprints.pdq_order import ORDER
from hashing.fingerprints.regional import serial

_HIGHEST_QUALITY = 100
_LONGEST_SIDE = 100_000_000
_JPEG = b"\xff\xd8\xff"


class Unbelievable(Exception):
    """The child's answer isn't of the agreed form."""


@dataclass(frozen=True)
class Answer:
    """Either a refusal's code, or fingerprints (and a preview, if one was asked for)."""

    refusal: str | None = None
    fingerprints: FileFingerprints | None = None
    preview: bytes = b""


def pack(head: Mapping[str, object], preview: bytes = b"") -> bytes:
    return json.dumps(head).encode() + b"\n" + preview


def unpack(answer: bytes) -> Answer:
    """Raises Unbelievable."""
    head, _, preview = answer.partition(b"\n")
    try:
        values = json.loads(head)
        if set(values) == {"refusal"}:
            return Answer(refusal=text(values["refusal"], "[a-z_]{1,32}"))
        if preview and not preview.startswith(_JPEG):
            raise Unbelievable("the preview is no JPEG")
        return Answer(fingerprints=_fingerprints(values), preview=preview)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unbelievable("the answer isn't of the agreed form") from error


def _fingerprints(values: dict[str, Any]) -> FileFingerprints:
    variants = tuple(
        PdqHash(name, text(item["value"], "[0-9a-f]{64}"), whole(item["quality"], _HIGHEST_QUALITY))
        for name, item in zip(ORIENTATIONS, values["variants"], strict=True)
    )
    return FileFingerprints(
        media_type=text(values["media_type"], "image/[a-z]{3,5}"),
        width=whole(values["width"], _LONGEST_SIDE),
        height=whole(values["height"], _LONGEST_SIDE),
        sha256=text(values["sha256"], "[0-9a-f]{64}"),
        md5=text(values["md5"], "[0-9a-f]{32}"),
        phash=text(values["phash"], "[0-9a-f]{16}"),
        variants=variants,
        pdq_set=tuple(pdq_set(values["pdq_set"])),
        regional=regional(values["regional"]),
    )


def pdq_set(items: list[dict[str, object]]) -> Iterator[PdqHash]:
    if len(items) > len(ORDER):
        raise Unbelievable("there are more PDQ hashes than variants")
    for item in items:
        name = text(item["variant"], "[a-z0-9.+-]{1,32}")
        yield PdqHash(name, text(item["value"], "[0-9a-f]{64}"), whole(item["quality"], _HIGHEST_QUALITY))


def regional(value: object) -> str:
    """Empty where none was asked for; else hex that reads as a fingerprint."""
    found = text(value, "(?:[0-9a-f]{2})*")
    if found:
        serial.parse(bytes.fromhex(found))
    return found


def text(value: object, pattern: str) -> str:
    if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
        raise Unbelievable("a text isn't of the agreed form")
    return value


def whole(value: object, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Unbelievable("a number isn't in range")
    return value
