"""Pages of both wires, compressed as clients accept it: the same text, its whole length, and its digest."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
import zstandard
from django.test import Client

from hashing.lists.states import Wire
from tests.factories import make_agency
from tests.hashing.listing import Desk, make_key, make_picture
from tests.hashing.wire import basic, two_keys

pytestmark = pytest.mark.django_db
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data),
}
WINDOW = {"from": "2020-01-01T00:00:00Z", "to": "2020-01-01T00:00:01Z"}


@pytest.mark.parametrize("coding", UNPACK)
def test_a_page_of_hashes_is_compressed_as_accepted(coding: str) -> None:
    make_agency()
    desk = Desk.make()
    for _ in range(3):
        desk.listed(make_picture())
    address, query = "/stopncii/v1/FetchHashes", {"startTimestamp": 10}
    headers = two_keys(make_key(Wire.STOPNCII))
    plain = Client().get(address, query, headers=headers)
    packed = Client().get(address, query, headers=headers | {"Accept-Encoding": f"deflate, {coding}"})
    check(plain, packed, coding)
    assert len(plain.json()["hashRecords"]) == 3


def test_a_short_page_goes_as_it_is() -> None:
    headers = basic(make_key(Wire.NCMEC)) | {"Accept-Encoding": "gzip"}
    response = Client().get("/ncmec/v2/entries", WINDOW, headers=headers)
    assert "Content-Encoding" not in response.headers
    assert response.content.startswith(b"<?xml")
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert response["Content-Digest"] == digest(response)


def check(plain: Any, packed: Any, coding: str) -> None:
    assert "Content-Encoding" not in plain.headers
    assert packed["Content-Encoding"] == coding
    assert UNPACK[coding](packed.content) == plain.content
    assert len(packed.content) < len(plain.content)
    for response in (plain, packed):
        assert int(response["Content-Length"]) == len(response.content)
        assert response["Content-Digest"] == digest(response)
        assert "Accept-Encoding" in response["Vary"]


def digest(response: Any) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(response.content).digest()).decode()}:"
