"""Whole lists as files: what is in them, when they are built, and when they go."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.conf import settings as django_settings
from pytest_django import Settings

from hashing.lists import lines, services, signing, snapshot_files
from hashing.lists.models import Snapshot
from hashing.lists.services import snapshots
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from tests.hashing.listing import Desk, make_key, make_picture, reviewed
from tests.hashing.lists.test_signing import opened
from tests.hashing.wire import pull

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"
    return tmp_path / "snapshots"


def build() -> Snapshot:
    made = services.build_snapshot(Context.system("tests"), hash_list=reviewed())
    assert made is not None
    return made


def content(made: Snapshot) -> list[dict[str, Any]]:
    """The file's lines: publications, and the end."""
    data = snapshot_files.path(made.pk).read_bytes()
    assert hashlib.sha256(data).digest() == bytes(made.sha256)
    assert len(data) == made.size
    text = zstandard.ZstdDecompressor().decompressobj().decompress(data).decode()
    return [json.loads(line) for line in text.splitlines()]


def after(made: Snapshot, passed: timedelta) -> None:
    """As if the file had been built so much earlier."""
    Snapshot.objects.filter(pk=made.pk).update(built_at=made.built_at - passed)


def refresh() -> int:
    return services.refresh_snapshots(Context.system("tests"))


def test_holds_the_feeds_own_lines_of_all_that_is_active() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    for _ in range(3):
        desk.listed(make_picture())
    made = build()
    *lines_, end = content(made)
    page = pull(key)
    assert sorted(lines_, key=lambda line: int(line["position"])) == page["publications"]
    assert end == {"next_cursor": page["next_cursor"], "has_more": True}
    assert (made.position, made.entries) == (3, 3)


def test_what_left_is_not_in_it_and_what_leaves_follows_in_the_feed() -> None:
    desk, key = Desk.make(), make_key(Wire.NATIVE)
    stays, leaves, left = desk.listed(), desk.listed(), desk.listed()
    desk.withdraw(left)  # not published yet: gone from every answer all the same
    made = build()
    assert {line["entry"] for line in content(made)[:-1]} == {str(stays.pk), str(leaves.pk)}
    desk.withdraw(leaves)
    services.publish_pending()
    rest = pull(key, cursor=content(made)[-1]["next_cursor"])["publications"]
    assert {line["entry"] for line in rest} == {str(leaves.pk), str(left.pk)}
    assert {line["state"] for line in rest} == {"withdrawn"}


def test_what_is_published_while_it_is_built_is_left_to_the_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk.make()
    early = desk.listed()
    whole = lines.whole

    def late(hash_list: Any) -> Any:
        desk.listed()
        return whole(hash_list)

    monkeypatch.setattr(lines, "whole", late)
    made = build()
    assert [line["entry"] for line in content(made)[:-1]] == [str(early.pk)]
    assert (made.position, made.entries) == (1, 1)


def test_its_manifest_is_signed() -> None:
    Desk.make().listed()
    made = build()
    head, said = opened(made.manifest, signing.key_set())
    assert head["typ"] == "list-snapshot+jwt"
    assert said == {
        "agency": "Agency",
        "list": "reviewed",
        "epoch": reviewed().epoch,
        "position": 1,
        "next_cursor": content(made)[-1]["next_cursor"],
        "entries": 1,
        "size": made.size,
        "sha256": bytes(made.sha256).hex(),
        "media_type": "application/x-ndjson",
        "coding": "zstd",
        "built_at": made.built_at.isoformat(),
    }


def test_only_the_portal_reads_the_file(folder: Path) -> None:
    Desk.make().listed()
    made = build()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(snapshot_files.path(made.pk).stat().st_mode) == 0o600


def test_each_position_is_built_once_and_audited() -> None:
    Desk.make().listed()
    build()
    assert services.build_snapshot(Context.system("tests"), hash_list=reviewed()) is None
    logged = AuditEntry.objects.get(verb="list.snapshot_built")
    assert logged.payload == {"epoch": reviewed().epoch, "position": 1, "entries": 1}


def test_a_build_that_dies_leaves_no_row_and_no_file(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    Desk.make().listed()

    def dying(_list: Any) -> Any:
        yield b"{}\n", 1
        raise InterruptedError

    monkeypatch.setattr(lines, "whole", dying)
    with pytest.raises(InterruptedError):
        build()
    assert not Snapshot.objects.exists()
    assert list(folder.iterdir()) == []


def test_a_restart_during_the_build_voids_it(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    Desk.make().listed()
    whole = lines.whole

    def restarted(hash_list: Any) -> Any:
        services.restart_list(Context.system("restore"), hash_list=reviewed())
        return whole(hash_list)

    monkeypatch.setattr(lines, "whole", restarted)
    assert services.build_snapshot(Context.system("tests"), hash_list=reviewed()) is None
    assert list(folder.iterdir()) == []


def test_a_list_that_moves_gets_one_an_hour() -> None:
    desk = Desk.make()
    desk.listed()
    assert [refresh(), refresh()] == [1, 0]
    desk.listed()
    assert refresh() == 0
    after(Snapshot.objects.get(), snapshots.EVERY)
    assert [refresh(), refresh()] == [1, 0]


def test_an_empty_list_and_one_that_stands_still_get_none() -> None:
    assert refresh() == 0
    Desk.make().listed()
    after(build(), timedelta(days=3))
    assert refresh() == 0


def test_an_old_one_goes_an_hour_after_the_next() -> None:
    desk = Desk.make()
    desk.listed()
    old = build()
    desk.listed()
    new = build()
    refresh()
    assert snapshot_files.path(old.pk).exists()
    after(new, snapshots.GRACE)
    refresh()
    assert not snapshot_files.path(old.pk).exists()
    assert snapshot_files.path(new.pk).exists()
    assert set(Snapshot.objects.filter(removed_at=None)) == {new}
    logged = AuditEntry.objects.get(verb="list.snapshot_removed")
    assert logged.payload == {"epoch": reviewed().epoch, "position": 1}


def test_those_of_an_earlier_epoch_go_at_once() -> None:
    Desk.make().listed()
    old = build()
    services.restart_list(Context.system("restore"), hash_list=reviewed())
    refresh()
    assert not snapshot_files.path(old.pk).exists()
    assert not Snapshot.objects.filter(removed_at=None).exists()


def test_what_a_killed_build_left_is_removed_after_an_hour(folder: Path) -> None:
    folder.mkdir()
    old, fresh = folder / "a.part", folder / "b.part"
    for file in (old, fresh):
        file.write_bytes(b"x")
    os.utime(old, (0, 0))
    assert folder == django_settings.SNAPSHOT_DIR
    refresh()
    assert {file.name for file in folder.iterdir()} == {"b.part"}
