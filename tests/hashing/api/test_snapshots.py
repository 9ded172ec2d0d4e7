"""`GET /api/v1/lists/{slug}/snapshots/` and its files: whole, in parts, unchanged, removed."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hashing.api import ranges
from hashing.lists import selectors, services, snapshot_files
from hashing.lists.bases import IssuedKey
from hashing.lists.models import PartnerPosition, Snapshot
from hashing.lists.selectors import Reach
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from tests.factories import ctx_of
from tests.hashing.listing import Desk, make_key, make_partner, reviewed
from tests.hashing.wire import bearer, refused

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/lists/reviewed/snapshots/"


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.SNAPSHOT_DIR = tmp_path


@pytest.fixture
def made() -> Snapshot:
    Desk.make().listed()
    found = services.build_snapshot(Context.system("tests"), hash_list=reviewed())
    assert found is not None
    return found


def get(key: IssuedKey, address: str = "1", **headers: str) -> Any:
    return Client().get(ADDRESS + address, headers=bearer(key) | headers)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_newest_is_named_first_with_its_manifest(made: Snapshot) -> None:
    Desk.make().listed()
    newer = services.build_snapshot(Context.system("tests"), hash_list=reviewed())
    assert newer is not None
    found = get(make_key(Wire.NATIVE), "").json()["snapshots"]
    assert [each["position"] for each in found] == [2, 1]
    assert found[0]["manifest"] == newer.manifest
    assert (found[1]["size"], found[1]["sha256"]) == (made.size, bytes(made.sha256).hex())
    assert (found[1]["entries"], found[1]["built_at"]) == (
        1,
        made.built_at.isoformat().replace("+00:00", "Z"),
    )


def test_a_whole_file_with_its_digest(made: Snapshot) -> None:
    response = get(make_key(Wire.NATIVE))
    digest = f"sha-256=:{base64.b64encode(bytes(made.sha256)).decode()}:"
    assert response.status_code == 200
    assert body(response) == snapshot_files.path(made.pk).read_bytes()
    assert response["Content-Type"] == "application/zstd"
    assert response["Content-Length"] == str(made.size)
    assert (response["Content-Digest"], response["Repr-Digest"]) == (digest, digest)
    assert (response["ETag"], response["Accept-Ranges"]) == (f'"{bytes(made.sha256).hex()}"', "bytes")
    assert "Content-Encoding" not in response


def test_parts_make_the_whole(made: Snapshot) -> None:
    key, whole = make_key(Wire.NATIVE), snapshot_files.path(made.pk).read_bytes()
    tag = get(key)["ETag"]
    first = get(key, Range="bytes=0-9")
    rest = get(key, Range="bytes=10-", **{"If-Range": tag})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert body(first) + body(rest) == whole
    assert first["Content-Range"] == f"bytes 0-9/{made.size}"
    assert first["Content-Length"] == "10"
    assert rest["Content-Range"] == f"bytes 10-{made.size - 1}/{made.size}"
    assert "Content-Digest" not in first
    assert "Repr-Digest" in first


def test_a_part_of_something_else_becomes_the_whole(made: Snapshot) -> None:
    response = get(make_key(Wire.NATIVE), Range="bytes=10-", **{"If-Range": '"other"'})
    assert response.status_code == 200
    assert len(body(response)) == made.size


def test_what_is_held_already_is_not_sent_nor_recorded(made: Snapshot) -> None:
    key = make_key(Wire.NATIVE)
    response = get(key, **{"If-None-Match": f'"{bytes(made.sha256).hex()}"'})
    assert (response.status_code, response.content) == (304, b"")
    refused(get(key, Range=f"bytes={made.size}-"), 416, "out_of_range")
    assert not AuditEntry.objects.filter(verb="list.pulled").exists()


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-0", ranges.Part(0, 0)),
        ("bytes=5-", ranges.Part(5, 99)),
        ("bytes=-5", ranges.Part(95, 99)),
        ("bytes=-500", ranges.Part(0, 99)),
        ("bytes=90-500", ranges.Part(90, 99)),
        ("bytes=9-5", None),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_ranges(header: str, part: ranges.Part | None) -> None:
    assert ranges.wanted(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0", "bytes=100-200"])
def test_ranges_beyond_the_end(header: str) -> None:
    with pytest.raises(ranges.Beyond):
        ranges.wanted(header, 100)


def test_fetching_it_counts_as_a_pull_up_to_its_position(made: Snapshot) -> None:
    partner = make_partner()
    body(get(make_key(Wire.NATIVE, partner)))
    place = PartnerPosition.objects.get(partner=partner)
    assert (place.position, place.proven) == (1, 0)
    logged = AuditEntry.objects.get(verb="list.pulled")
    assert logged.payload == {"wire": "native", "after": 0, "position": 1, "entries": 1}


def test_whoever_fetched_it_must_hear_of_a_withdrawal() -> None:
    desk, partner = Desk.make(), make_partner()
    entry = desk.listed()
    services.build_snapshot(Context.system("tests"), hash_list=reviewed())
    body(get(make_key(Wire.NATIVE, partner)))
    desk.withdraw(entry)
    services.publish_pending()
    reach = selectors.reach(ctx_of(desk.caseworker).actor, entry.pk)
    assert reach == [Reach("Platform", Wire.NATIVE, told=False, confirmed=False)]


def test_one_that_was_removed_is_gone(made: Snapshot) -> None:
    key = make_key(Wire.NATIVE)
    Snapshot.objects.update(removed_at=clock.now())
    refused(get(key), 410, "snapshot_removed")
    assert get(key, "").json() == {"snapshots": []}


def test_one_whose_file_is_missing_is_gone_and_nothing_is_recorded(made: Snapshot) -> None:
    snapshot_files.remove(made.pk)
    refused(get(make_key(Wire.NATIVE)), 410, "snapshot_removed")
    assert not AuditEntry.objects.filter(verb="list.pulled").exists()


@pytest.mark.parametrize("position", ["2", "0", "9223372036854775807", "9" * 30])
def test_one_that_never_was_is_not_found(made: Snapshot, position: str) -> None:
    refused(get(make_key(Wire.NATIVE), position), 404, "no_such_snapshot")


def test_another_lists_are_refused_and_audited(made: Snapshot) -> None:
    key = make_key(Wire.NATIVE)
    for address in ("/api/v1/lists/self-reported/snapshots/", "/api/v1/lists/self-reported/snapshots/1"):
        refused(Client().get(address, headers=bearer(key)), 404, "no_such_list")
    reasons = AuditEntry.objects.filter(verb="partner.refused").values_list("payload__reason", flat=True)
    assert list(reasons) == ["entitlement", "entitlement"]
