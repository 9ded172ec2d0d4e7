"""The partner kit against the running portal: sync, resume after a kill, match, and delete."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import portal_kit
from hashing.fingerprints.compute import fingerprint_file
from hashing.lists import services
from hashing.lists.models import Entry
from hashing.lists.states import Wire
from portal_kit import KitError, LocalList, Portal
from portal_kit.command import main
from portal_kit.errors import Refused
from portal_kit.matching import Matcher
from portal_kit.syncing import Synced, sync
from tests.hashing.listing import Desk, admin, make_key, make_picture, reviewed
from tests.photos import encoded, photo


@pytest.fixture
def portal(base: str) -> Portal:
    return Portal(base, make_key(Wire.NATIVE).bearer)


@pytest.fixture
def local(tmp_path: Path) -> LocalList:
    return LocalList(tmp_path / "reviewed.list")


def listed_photo(desk: Desk, name: str = "coffee") -> tuple[Entry, bytes]:
    """An entry with the fingerprints of a real photograph, and its file."""
    data = encoded(photo(name))
    found = fingerprint_file(data)
    picture = make_picture(variants={one.variant: one.value for one in found.variants})
    picture.fingerprints.filter(kind="sha256").update(value=found.sha256)
    picture.fingerprints.filter(kind="phash").update(value=found.phash)
    return desk.listed(picture), data


def shrunken(name: str = "coffee") -> bytes:
    return encoded(photo(name).resize((200, 133), Image.Resampling.LANCZOS), quality=60)


def test_the_first_sync_brings_all_and_the_next_what_changed(
    portal: Portal, local: LocalList, desk: Desk
) -> None:
    entries = [desk.approved() for _ in range(5)]
    services.publish_pending()
    shown: list[tuple[int, int]] = []
    done = sync(local, portal, "reviewed", size=2, progress=lambda *at: shown.append(at))
    assert done == Synced(added=5, withdrawn=0, listed=5)
    assert shown == [(2, 5), (4, 5), (5, 5)]
    assert list(local.entries()) == sorted(str(entry.pk) for entry in entries)
    desk.withdraw(entries[0])
    added = desk.listed()
    assert sync(local, portal, "reviewed") == Synced(added=1, withdrawn=1, listed=5)
    assert list(local.entries()) == sorted(str(entry.pk) for entry in [*entries[1:], added])
    assert sync(local, portal, "reviewed") == Synced(added=0, withdrawn=0, listed=5)


def test_finds_the_file_its_copies_and_not_another(portal: Portal, local: LocalList, desk: Desk) -> None:
    entry, data = listed_photo(desk)
    desk.listed()
    sync(local, portal, "reviewed")
    matcher = Matcher(local)
    (same,) = matcher.match(data).matches
    assert (same.entry, same.decision, same.how, same.distance) == (str(entry.pk), "copy", "sha256", 0)
    (copy,) = matcher.match(shrunken()).matches
    assert (copy.entry, copy.how, copy.verification) == (str(entry.pk), "pdq", "agency_verified")
    (mirrored,) = matcher.match(encoded(photo().transpose(Image.Transpose.FLIP_LEFT_RIGHT))).matches
    assert (mirrored.entry, mirrored.how) == (str(entry.pk), "pdq")
    other = matcher.match(encoded(photo("cat")))
    assert (other.decision, other.matches, other.refused) == ("none", (), None)


def test_a_file_that_is_no_picture_is_matched_by_its_bytes(local: LocalList) -> None:
    data = b"no picture"
    one = {"type": "sha256", "variant": "", "value": hashlib.sha256(data).hexdigest(), "max_distance": 0}
    line = {"entry": "e", "state": "active", "verification": "agency_verified", "hashes": [one]}
    local.apply([line], after="", cursor="1")
    matcher = Matcher(local)
    answer = matcher.match(data)
    assert (answer.decision, answer.matches[0].entry, answer.refused) == ("copy", "e", "unknown")
    assert matcher.match(data + b".").decision == "none"


def test_what_is_withdrawn_no_longer_matches(portal: Portal, local: LocalList, desk: Desk) -> None:
    entry, data = listed_photo(desk)
    desk.listed()
    sync(local, portal, "reviewed")
    assert Matcher(local).match(shrunken()).decision == "copy"
    desk.withdraw(entry)
    services.publish_pending()
    sync(local, portal, "reviewed")
    assert Matcher(local).match(shrunken()).decision == "none"
    assert Matcher(local).match(data).decision == "none"


def test_a_distance_that_was_changed_reaches_what_is_held(
    portal: Portal, local: LocalList, desk: Desk, tmp_path: Path
) -> None:
    desk.listed()
    services.build_snapshot(admin(), hash_list=reviewed())
    sync(local, portal, "reviewed")
    assert {found.max_distance for found in local.fingerprints("pdq")} == {31}
    services.change_list(admin(), hash_list=reviewed(), distances={"pdq": 5})
    for held in (local, LocalList(tmp_path / "from the snapshot of before")):
        sync(held, portal, "reviewed")
        assert {found.max_distance for found in held.fingerprints("pdq")} == {5}
        assert {found.max_distance for found in held.fingerprints("phash")} == {0}


def test_a_list_that_was_restarted_is_pulled_anew(portal: Portal, local: LocalList, desk: Desk) -> None:
    gone, kept = desk.listed(), desk.listed()
    sync(local, portal, "reviewed")
    desk.withdraw(gone)
    services.restart_list(admin(), hash_list=reviewed())
    services.publish_pending()
    sync(local, portal, "reviewed")
    assert list(local.entries()) == [str(kept.pk)]


def test_a_file_holds_one_list_of_one_portal(portal: Portal, local: LocalList, base: str) -> None:
    sync(local, portal, "reviewed")
    local.apply((), after=local.about("cursor"), list="other")
    with pytest.raises(KitError, match="Use another file"):
        sync(local, portal, "reviewed")


def test_refusals_say_why(base: str, local: LocalList) -> None:
    with pytest.raises(Refused) as refused:
        sync(local, Portal(base, "0" * 12 + ".x"), "reviewed")
    assert (refused.value.status, refused.value.code) == (401, "key_refused")
    with pytest.raises(KitError, match="There are: reviewed, sandbox"):
        sync(local, Portal(base, make_key(Wire.NATIVE).bearer), "unknown")
    with pytest.raises(KitError, match="can't be reached"):
        Portal("http://127.0.0.1:9", "a.b").lists()


def test_the_command_does_it_all(
    base: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entry, data = listed_photo(desk)
    desk.listed()
    uploads, file = tmp_path / "uploads", str(tmp_path / "reviewed.list")
    (uploads / "new").mkdir(parents=True)
    (uploads / "a.jpg").write_bytes(data)
    (uploads / "new" / "b.jpg").write_bytes(encoded(photo("cat")))
    (uploads / ".hidden").write_bytes(data)
    key_file = tmp_path / "key.txt"
    key_file.write_text(make_key(Wire.NATIVE).bearer + "\n")
    monkeypatch.setenv("PORTAL_URL", base)
    monkeypatch.setenv("PORTAL_KEY_FILE", str(key_file))

    def run(*words: str) -> list[dict[str, Any]]:
        assert main(list(words)) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert {each["slug"] for each in run("lists")} == {"reviewed", "sandbox"}
    assert run("sync", file, "--list", "reviewed") == [{"added": 2, "withdrawn": 0, "listed": 2}]
    first, second = run("match", file, str(uploads))
    assert (first["file"], first["decision"]) == (str(uploads / "a.jpg"), "copy")
    assert first["matches"] == [
        {
            "entry": str(entry.pk),
            "decision": "copy",
            "how": "sha256",
            "verification": "agency_verified",
            "distance": 0,
        }
    ]
    assert (second["decision"], second["matches"]) == ("none", [])
    (status,) = run("status", file)
    assert (status["list"], status["entries"], status["position"]) == ("reviewed", 2, "2")


def test_the_command_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PORTAL_URL", "PORTAL_KEY", "PORTAL_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    for words, sentence in (
        (["lists"], "Say which portal"),
        (["--url", "http://127.0.0.1:9", "lists"], "Give your key"),
        (["--url", "http://127.0.0.1:9", "--key-file", str(tmp_path / "no"), "lists"], "can't be read"),
        (["match", str(tmp_path / "no"), "x"], "portal-list sync"),
    ):
        assert main(words) == 1
        assert sentence in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_sync_that_is_killed_goes_on_where_it_was(base: str, desk: Desk, tmp_path: Path) -> None:
    entries = [desk.approved() for _ in range(40)]
    services.publish_pending()
    file, key = tmp_path / "reviewed.list", make_key(Wire.NATIVE)
    command = [sys.executable, "-m", "portal_kit", "sync", str(file), "--list", "reviewed", "--page", "1"]
    kit = str(Path(portal_kit.__file__).parent.parent)
    env = os.environ | {"PORTAL_URL": base, "PORTAL_KEY": key.bearer, "PYTHONPATH": kit}
    client = subprocess.Popen(command, env=env)
    with LocalList(file) as watched:
        while len(watched) < 3:
            assert client.poll() is None
        client.kill()
        client.wait()
        reached = int(watched.about("position"))
        assert 3 <= reached == len(watched) < 40
        done = sync(watched, Portal(base, key.bearer), "reviewed")
        assert done == Synced(added=40 - reached, withdrawn=0, listed=40)
        assert list(watched.entries()) == sorted(str(entry.pk) for entry in entries)
