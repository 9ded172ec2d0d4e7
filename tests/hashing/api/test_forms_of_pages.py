"""A page as JSON and as NDJSON, plain, with gzip and with zstd: the same lines, and a digest that holds."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import zstandard
from django.test import Client

from hashing.api.encoding import preferred
from hashing.lists.bases import IssuedKey
from hashing.lists.states import Wire
from tests.factories import make_agency
from tests.hashing.listing import Desk, make_key, make_picture
from tests.hashing.wire import PUBLICATIONS, bearer, pull, refused

pytestmark = pytest.mark.django_db
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "gzip": gzip.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data),
}


def answer(key: IssuedKey, **headers: str) -> Any:
    response = Client().get(PUBLICATIONS, headers=bearer(key) | headers)
    assert response.status_code == 200, response.content
    sent = base64.b64encode(hashlib.sha256(response.content).digest()).decode()
    assert response["Content-Digest"] == f"sha-256=:{sent}:"
    assert response["Vary"].startswith("Accept, Accept-Encoding")
    return response


@pytest.mark.parametrize("coding", ["", "gzip", "zstd"])
@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
def test_every_form_holds_the_same_lines(coding: str, accept: str) -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    for _ in range(3):
        desk.listed(make_picture())
    page = pull(key)
    response = answer(key, **{"Accept": accept, "Accept-Encoding": coding or "identity"})
    assert response.get("Content-Encoding", "") == coding
    text = UNPACK[coding](response.content).decode()
    if accept == "application/json":
        assert json.loads(text) == page
        return
    assert response["Content-Type"].startswith("application/x-ndjson")
    *lines, end = [json.loads(line) for line in text.splitlines()]
    assert lines == page["publications"]
    assert end == {"next_cursor": page["next_cursor"], "has_more": False}


def test_an_empty_page_is_one_closing_line() -> None:
    key = make_key(Wire.NATIVE)
    response = answer(key, Accept="application/x-ndjson")
    assert (
        response.content.decode()
        == json.dumps({"next_cursor": pull(key)["next_cursor"], "has_more": False}, separators=(",", ":"))
        + "\n"
    )


def test_what_is_not_offered_is_refused_as_a_problem() -> None:
    headers = bearer(make_key(Wire.NATIVE)) | {"Accept": "text/html"}
    refused(Client().get(PUBLICATIONS, headers=headers), 406, "not_acceptable")


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None),
        ("gzip, deflate", "gzip"),
        ("gzip, zstd", "zstd"),
        ("zstd;q=0.5, gzip;q=0.9", "gzip"),
        ("zstd;q=0, *", "gzip"),
        ("*", "zstd"),
        ("identity", None),
        ("gzip;q=x", None),
        ("GZIP ; q=1.0", "gzip"),
    ],
)
def test_the_coding_is_chosen_by_weight(accepted: str, chosen: str | None) -> None:
    assert preferred(accepted) == chosen


@pytest.mark.parametrize("name", ['Say "yes" \\ no', "Büro für Sicherheit", "هيئة", "a\nb\tc"])
def test_an_agencys_name_is_written_as_json(name: str) -> None:
    make_agency(name=name)
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    desk.listed()
    assert [line["agency"] for line in pull(key)["publications"]] == [name]
