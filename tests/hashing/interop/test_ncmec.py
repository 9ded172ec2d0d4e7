"""`/ncmec/v2/status`, `members` and `entries`: XML as the clients' parser wants it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from hashing.interop import ncmec
from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import PartnerPosition
from hashing.lists.states import Wire
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from tests.factories import make_agency
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, pdq_value
from tests.hashing.wire import basic, refused

pytestmark = pytest.mark.django_db
NS = "{https://hashsharing.ncmec.org/hashsharing/v2}"
# A year that has to keep its zeros in the address of the next page.
LONG_AGO = datetime(20, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows may end in the running second, so that tests needn't wait for it to be over."""
    monkeypatch.setattr("hashing.interop.ncmec._check_over", lambda _window: None)


def later() -> datetime:
    return clock.now() + timedelta(seconds=2)


def ask(key: IssuedKey, start: datetime = LONG_AGO, end: datetime | None = None) -> ET.Element:
    """The root of the window's first page."""
    window = {"from": start, "to": end or later()}
    query = {name: at.strftime(ncmec.TIME).zfill(20) for name, at in window.items()}
    response = Client().get("/ncmec/v2/entries", query, headers=basic(key))
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 (our own)


def test_status_names_the_caller() -> None:
    partner = make_partner("Tom & <Jerry>")
    response = Client().get("/ncmec/v2/status", headers=basic(make_key(Wire.NCMEC, partner)))
    root = ET.fromstring(response.content)  # noqa: S314 (our own)
    (member,) = root.iter(f"{NS}member")
    assert (root.tag, member.get("id"), member.text) == (f"{NS}status", "2", "Tom & <Jerry>")
    assert root.findtext(f"{NS}ipAddress") == "127.0.0.1"


def test_members_are_the_agency_alone() -> None:
    make_agency(name="eSafety Example")
    response = Client().get("/ncmec/v2/members", headers=basic(make_key(Wire.NCMEC)))
    root = ET.fromstring(response.content)  # noqa: S314 (our own)
    assert [(each.tag, each.get("id"), each.text) for each in root] == [
        (f"{NS}member", "1", "eSafety Example")
    ]


def test_an_entry_holds_md5_and_pdq() -> None:
    picture = make_picture(pdq="f8" * 32)
    entry = Desk.make().listed(picture)
    root = ask(make_key(Wire.NCMEC))
    images = root.find(f"{NS}images")
    assert images is not None
    (image,) = images
    assert entry.listed_at is not None
    stamp = entry.listed_at.strftime(ncmec.TIME)
    assert (images.get("count"), images.get("maxTimestamp")) == ("1", stamp)
    assert (image.tag, image.findtext(f"{NS}id")) == (f"{NS}image", str(entry.pk))
    assert (image.findtext(f"{NS}timestamp"), image.findtext(f"{NS}classification")) == (stamp, "ncii")
    prints = {each.tag.removeprefix(NS): each.text for each in image.iter() if len(each.text or "") >= 32}
    prints.pop("id")
    assert prints == {"md5": picture.fingerprints.get(kind="md5").value, "pdq": "f8" * 32}
    assert root.find(f"{NS}paging") is None


def test_variants_are_entries_of_their_own_until_they_are_deleted() -> None:
    desk, key = Desk.make(), make_key(Wire.NCMEC)
    values = {"original": pdq_value(), "flipx": pdq_value()}
    entry = desk.listed(make_picture(variants=values))
    names = [str(entry.pk), f"{entry.pk}.flipx"]
    root = ask(key)
    assert [each.text for each in root.iter(f"{NS}id")] == names
    assert [each.text for each in root.iter(f"{NS}pdq")] == [values["original"], values["flipx"]]
    desk.withdraw(entry)
    assert list(ask(key).iter(f"{NS}image")) == []
    services.publish_pending()
    root = ask(key)
    assert [each.findtext(f"{NS}id") for each in root.iter(f"{NS}deletedImage")] == names
    assert list(root.iter(f"{NS}pdq")) == list(root.iter(f"{NS}md5")) == []


@pytest.mark.parametrize("cut", [1, 2, 500])
def test_a_page_is_as_long_as_its_elements_and_cuts_no_entry_in_two(
    cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hashing.interop.ncmec.PAGE", 4)
    monkeypatch.setattr("hashing.interop.ncmec._SLICE", cut)
    desk, key = Desk.make(), make_key(Wire.NCMEC)
    many = ("original", "rotate90", "rotate180", "rotate270", "flipx", "flipy")
    for variants in (many[:3], many[:1], many[:1], many, many[:2], many[:2]):
        desk.listed(make_picture(variants={name: pdq_value() for name in variants}))
    sizes, names, root = list[int](), list[str](), ask(key)
    while True:
        found = [str(each.text) for each in root.iter(f"{NS}id")]
        sizes, names = [*sizes, len(found)], [*names, *found]
        more = root.findtext(f"{NS}paging/{NS}next")
        if more is None:
            break
        root = ET.fromstring(Client().get(f"/ncmec{more}", headers=basic(key)).content)  # noqa: S314 (our own)
    assert sizes == [4, 1, 6, 4]
    assert len(set(names)) == len(names) == 15


def test_a_window_is_half_open() -> None:
    entry, key = Desk.make().listed(), make_key(Wire.NCMEC)
    assert entry.listed_at is not None
    second = entry.listed_at.replace(microsecond=0)
    assert len(list(ask(key, second, second + timedelta(seconds=1)).iter(f"{NS}id"))) == 1
    assert len(list(ask(key, second - timedelta(hours=1), second).iter(f"{NS}id"))) == 0
    assert len(list(ask(key, second + timedelta(seconds=1)).iter(f"{NS}id"))) == 0


def test_a_quarantined_entry_is_deleted_and_comes_back() -> None:
    desk, key = Desk.make(), make_key(Wire.NCMEC)
    entry = desk.listed()
    found = desk.quarantined(entry)
    assert len(list(ask(key).iter(f"{NS}deletedImage"))) == 1
    desk.judge(found)
    services.publish_pending()
    images = ask(key).find(f"{NS}images")
    assert images is not None
    assert [each.tag.removeprefix(NS) for each in images] == ["image", "deletedImage", "image"]


def test_pages_follow_each_other_by_their_own_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashing.interop.ncmec.PAGE", 3)
    desk, key = Desk.make(), make_key(Wire.NCMEC)
    for _ in range(7):
        desk.approved()
    services.publish_pending()
    root, seen = ask(key), []
    while True:
        seen += [each.text for each in root.iter(f"{NS}id")]
        following = root.findtext(f"{NS}paging/{NS}next")
        if not following:
            break
        assert following.startswith("/v2/entries?from=0020-01-01")
        root = ET.fromstring(Client().get(f"/ncmec{following}", headers=basic(key)).content)  # noqa: S314 (our own)
    assert len(set(seen)) == len(seen) == 7


def test_a_restart_loses_no_tombstone() -> None:
    desk, key = Desk.make(), make_key(Wire.NCMEC)
    kept, gone = desk.listed(), desk.listed()
    desk.withdraw(gone)
    services.publish_pending()
    services.restart_list(admin(), hash_list=kept.list)
    services.publish_pending()
    root = ask(key)
    deleted = [each.findtext(f"{NS}id") for each in root.iter(f"{NS}deletedImage")]
    assert deleted == [str(gone.pk)]
    assert {each.findtext(f"{NS}id") for each in root.iter(f"{NS}image")} == {str(kept.pk)}


def test_a_pull_is_audited_and_proves_what_came_before_it() -> None:
    partner = make_partner()
    key = make_key(Wire.NCMEC, partner)
    Desk.make().listed()
    ask(key)
    place = PartnerPosition.objects.get(partner=partner, wire="ncmec")
    assert (place.position, place.proven) == (1, 0)
    ask(key, start=later(), end=later())
    place.refresh_from_db()
    assert (place.position, place.proven) == (1, 1)
    first = AuditEntry.objects.filter(verb="list.pulled").order_by("waiting__position")[0]
    assert first.payload == {"wire": "ncmec", "after": 0, "position": 1, "entries": 1}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2030-01-01T00:00:00Z",
        "from=2030-01-01&to=2030-01-02",
        "from=2030-01-02T00:00:00Z&to=2030-01-01T00:00:00Z",
        "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z&start=x",
    ],
)
def test_junk_is_refused_clearly(query: str) -> None:
    response = Client().get(f"/ncmec/v2/entries?{query}", headers=basic(make_key(Wire.NCMEC)))
    refused(response, 400, "bad_parameter")
