"""The partner kit's first copy from a signed snapshot, its regional fingerprints, and its feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hashing.fingerprints.models import Box, RegionalFingerprint
from hashing.fingerprints.regional import enrol, serial
from hashing.lists import services
from hashing.lists.bases import Basis
from hashing.lists.models import Entry, Feedback
from hashing.lists.services.snapshots import build_snapshot
from hashing.lists.states import Wire
from portal.core import clock
from portal_kit import LocalList, Portal
from portal_kit.command import main
from portal_kit.errors import KitError, NotVerified, Refused
from portal_kit.matching import Matcher
from portal_kit.syncing import Synced, sync
from tests.clients.serving import Site
from tests.factories import ctx_of
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, reviewed
from tests.hashing.samples import sample
from tests.photos import encoded


@pytest.fixture
def portal(base: str) -> Portal:
    return Portal(base, make_key(Wire.NATIVE).bearer)


@pytest.fixture
def local(tmp_path: Path) -> LocalList:
    return LocalList(tmp_path / "reviewed.list")


def ids(entries: list[Entry]) -> list[str]:
    return sorted(str(entry.pk) for entry in entries)


@pytest.fixture
def entries(desk: Desk) -> list[Entry]:
    """Five entries in a snapshot."""
    made = [desk.approved() for _ in range(5)]
    services.publish_pending()
    assert build_snapshot(admin(), hash_list=reviewed())
    return made


def test_the_first_copy_comes_from_the_snapshot(
    site: Site, portal: Portal, local: LocalList, desk: Desk, entries: list[Entry]
) -> None:
    added = desk.listed()
    desk.withdraw(entries[0])
    services.publish_pending()
    assert sync(local, portal, "reviewed") == Synced(added=6, withdrawn=1, listed=5)
    assert list(local.entries()) == ids([*entries[1:], added])
    asked = [request.path for request in site.requests]
    assert asked.count("/api/v1/lists/reviewed/snapshots/5") == 1
    assert len([request for request in site.requests if "publications" in request.path]) == 1
    assert not list(local.path.parent.glob("*.snapshot-*"))


def test_a_snapshot_that_broke_off_is_resumed(
    site: Site, portal: Portal, local: LocalList, entries: list[Entry]
) -> None:
    data = portal.stream("/api/v1/lists/reviewed/snapshots/5", {}).raw.read(decode_content=False)
    part = local.path.with_name("reviewed.list.snapshot-5")
    part.write_bytes(data[: len(data) // 2])
    assert sync(local, portal, "reviewed").listed == 5
    assert site.requests[-2].status == 206
    assert not part.exists()


@pytest.mark.parametrize("change", ["bytes", "signature", "another_kind", "strangers"])
def test_only_what_the_agency_signed_is_read(
    portal: Portal, local: LocalList, entries: list[Entry], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    if change == "bytes":
        data = portal.stream("/api/v1/lists/reviewed/snapshots/5", {}).raw.read(decode_content=False)
        local.path.with_name("reviewed.list.snapshot-5").write_bytes(bytes(len(data)))
    if change == "another_kind":
        monkeypatch.setattr("portal_kit.snapshots.STATEMENT", "list-day+jwt")
    if change == "strangers":
        local.note(signing_keys="a-key-of-before")
    if change == "signature":
        _forge(portal, monkeypatch)
    with pytest.raises(NotVerified):
        sync(local, portal, "reviewed")
    assert (len(local), local.about("cursor")) == (0, "")


def _forge(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest says that there is one entry more than was signed."""
    honest = portal.get

    def get(path: str, query: dict[str, Any] | None = None) -> Any:
        found = honest(path, query)
        if path.endswith("/snapshots"):
            head, payload, signature = found["snapshots"][0]["manifest"].split(".")
            found["snapshots"][0]["manifest"] = f"{head}.{payload[:-4]}AAAA.{signature}"
        return found

    monkeypatch.setattr(portal, "get", get)


def test_what_a_broken_first_copy_left_goes_if_it_was_withdrawn_since(
    portal: Portal, local: LocalList, desk: Desk, entries: list[Entry]
) -> None:
    gone = entries[0]
    line = {"entry": str(gone.pk), "state": "active", "verification": "agency_verified", "hashes": []}
    local.apply([line], after="")
    desk.withdraw(gone)
    services.publish_pending()
    assert build_snapshot(admin(), hash_list=reviewed())
    sync(local, portal, "reviewed")
    assert list(local.entries()) == ids(entries[1:])


def with_regional(desk: Desk, name: str) -> Entry:
    """An approved photograph with its regional fingerprint, consented to; nothing else of it would match."""
    picture, made = make_picture(), enrol.enrol(sample(name))
    RegionalFingerprint.objects.create(
        picture=picture,
        version=made.version,
        box=Box.FULL,
        codes=serial.dump(made),
        count=len(made),
        strength=50,
        left=0,
        top=0,
        right=made.width,
        bottom=made.height,
        made_at=clock.now(),
    )
    basis = Basis(consented=True, contact_verified=True, caseworker_decided=False, regional=True)
    ctx = ctx_of(desk.caseworker)
    entry = services.propose(ctx, picture_id=picture.pk, list_slug="reviewed", basis=basis, team=desk.team.pk)
    return desk.approve(entry)


def test_finds_a_crop_by_masked_regional_codes(base: str, local: LocalList, desk: Desk) -> None:
    made = {name: with_regional(desk, name) for name in ("astronaut", "coffee", "rocket")}
    services.publish_pending()
    partner = make_partner()
    services.entitle(admin(), partner=partner, hash_list=reviewed(), regional=True)
    portal = Portal(base, make_key(Wire.NATIVE, partner).bearer)
    sync(local, portal, "reviewed", regional=True)
    matcher = Matcher(local)
    for name, entry in made.items():
        picture = sample(name)
        box = (picture.width // 6, picture.height // 6, picture.width * 5 // 6, picture.height * 5 // 6)
        crop = picture.crop(box).resize(
            (400, 400 * picture.height // picture.width), Image.Resampling.BICUBIC
        )
        (found, *_) = matcher.match(encoded(crop, quality=70)).matches
        assert (found.entry, found.how, found.decision) == (str(entry.pk), "regional", "copy")
        assert found.region is not None
    assert matcher.match(encoded(sample("clock"))).decision == "none"
    desk.withdraw(made["coffee"])
    services.publish_pending()
    sync(local, portal, "reviewed", regional=True)
    assert Matcher(local).match(encoded(sample("coffee"))).decision == "none"


def test_without_the_mask_masked_codes_match_nothing(base: str, local: LocalList, desk: Desk) -> None:
    with_regional(desk, "coffee")
    services.publish_pending()
    partner = make_partner()
    services.entitle(admin(), partner=partner, hash_list=reviewed(), regional=True)
    sync(local, Portal(base, make_key(Wire.NATIVE, partner).bearer), "reviewed", regional=True)
    assert Matcher(local).match(encoded(sample("coffee"))).decision == "copy"
    local.note(mask="")
    assert Matcher(local).match(encoded(sample("coffee"))).decision == "none"


def test_regional_fingerprints_are_for_entitled_partners(portal: Portal, local: LocalList) -> None:
    with pytest.raises(Refused) as refused:
        sync(local, portal, "reviewed", regional=True)
    assert refused.value.code == "no_regional"


def test_to_change_what_is_pulled_pulls_all_anew(base: str, local: LocalList, desk: Desk) -> None:
    entry = with_regional(desk, "coffee")
    services.publish_pending()
    partner = make_partner()
    services.entitle(admin(), partner=partner, hash_list=reviewed(), regional=True)
    portal = Portal(base, make_key(Wire.NATIVE, partner).bearer)
    sync(local, portal, "reviewed")
    assert list(local.regional(1)) == []
    sync(local, portal, "reviewed", regional=True)
    assert [each for each, _ in local.regional(1)] == [str(entry.pk)]
    sync(local, portal, "reviewed")
    assert (list(local.regional(1)), len(local), local.about("mask")) == ([], 1, "")


def test_feedback_reaches_the_agency(
    base: str, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = desk.listed()
    monkeypatch.setenv("PORTAL_URL", base)
    monkeypatch.setenv("PORTAL_KEY", make_key(Wire.NATIVE).bearer)
    assert main(["feedback", str(entry.pk), "blocked", "--total", "3"]) == 0
    assert main(["feedback", str(entry.pk), "disputed", "--reason", "harmless"]) == 0
    given = Feedback.objects.filter(entry=entry).order_by("value").values_list("value", "total", "reason")
    assert list(given) == [("blocked", 3, ""), ("disputed", 1, "harmless")]
    assert main(["feedback", str(entry.pk), "nonsense"]) == 1
    assert "nonsense" in capsys.readouterr().err
    assert Feedback.objects.count() == 2


def test_an_answer_that_was_changed_on_its_way_is_refused(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal_kit.bodies.digest", lambda _body: "sha-256=:another:")
    with pytest.raises(KitError, match="changed on its way"):
        portal.lists()
