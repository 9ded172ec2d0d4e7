"""`POST /api/v1/lookup`: what is found, who is told, what is counted, and that nothing asked is kept."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
import redis
from django.apps import apps
from django.test import Client
from limits import parse
from pytest_django import Settings

from hashing.fingerprints.asked import of_picture
from hashing.fingerprints.regional import carrying, query
from hashing.fingerprints.regional.table import current
from hashing.lists import services
from hashing.lists.bases import IssuedKey
from hashing.lists.models import LookupDay
from hashing.lists.states import Wire
from hashing.matching import service
from hashing.matching.answers import Decision, How
from hashing.matching.generations import Folder
from hashing.matching.source import Listing
from portal.audit.models import Entry as AuditEntry
from tests.hashing.index_folder import brought_up_to_date, index_folder
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, pdq_value, reviewed
from tests.hashing.samples import sample
from tests.hashing.wire import bearer, refused
from tests.photos import encoded

__all__ = ["index_folder"]
pytestmark = pytest.mark.django_db


def ask(key: IssuedKey, *queries: dict[str, Any], **more: Any) -> Any:
    body = {"queries": list(queries)} | more
    return Client().post("/api/v1/lookup", body, content_type="application/json", headers=bearer(key))


def by(kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"hashes": [{"type": kind, "value": value}], **more}


def turned(value: str, bits: int) -> str:
    return f"{int(value, 16) ^ ((1 << bits) - 1):064x}"


def test_copies_are_found_by_file_and_by_pdq(index_folder: Folder) -> None:
    desk, picture = Desk.make(), make_picture(pdq="f8" * 32)
    entry = desk.listed(picture)
    brought_up_to_date(index_folder)
    sha256 = picture.fingerprints.get(kind="sha256").value
    response = ask(
        make_key(Wire.NATIVE),
        by("pdq", turned("f8" * 32, 31), id="near"),
        by("pdq", turned("f8" * 32, 32), id="far"),
        by("sha256", sha256),
    )
    assert response.status_code == 200, response.content
    near, far, same = response.json()["answers"]
    match = {
        "entry": str(entry.pk),
        "list": "reviewed",
        "verification": "agency_verified",
        "reviewed": True,
        "decision": "copy",
        "how": "pdq",
        "distance": 31,
        "score": 225,
        "region": None,
    }
    assert near == {"id": "near", "decision": "copy", "matches": [match]}
    assert far == {"id": "far", "decision": "none", "matches": []}
    assert same["matches"] == [match | {"how": "exact", "distance": 0, "score": 256}]


def test_a_nearer_distance_of_the_list_holds(index_folder: Folder) -> None:
    Desk.make().listed(make_picture(pdq="f8" * 32))
    brought_up_to_date(index_folder)
    services.change_list(admin(), hash_list=reviewed(), distances={"pdq": 10})
    answers = ask(
        make_key(Wire.NATIVE), by("pdq", turned("f8" * 32, 10)), by("pdq", turned("f8" * 32, 11))
    ).json()["answers"]
    assert [each["decision"] for each in answers] == ["copy", "none"]


def test_a_withdrawal_is_not_found_from_that_moment(index_folder: Folder) -> None:
    desk = Desk.make()
    entry = desk.listed(make_picture(pdq="f8" * 32))
    brought_up_to_date(index_folder)
    key = make_key(Wire.NATIVE)
    assert ask(key, by("pdq", "f8" * 32)).json()["answers"][0]["decision"] == "copy"
    desk.withdraw(entry)
    assert ask(key, by("pdq", "f8" * 32)).json()["answers"][0]["decision"] == "none"


def test_only_entitled_lists_are_looked_through(index_folder: Folder) -> None:
    desk, partner = Desk.make(), make_partner()
    entry = desk.propose(make_picture(pdq="f8" * 32), "restricted")
    desk.approve(entry)
    services.publish_pending()
    brought_up_to_date(index_folder)
    key = make_key(Wire.NATIVE, partner)
    assert ask(key, by("pdq", "f8" * 32)).json()["answers"][0]["decision"] == "none"
    refused(ask(key, by("pdq", "f8" * 32), lists=["restricted"]), 404, "no_such_list")
    assert AuditEntry.objects.get(verb="partner.refused").payload["reason"] == "entitlement"
    services.entitle(admin(), partner=partner, hash_list=entry.list, asked_for=True)
    found = ask(key, by("pdq", "f8" * 32), lists=["restricted"]).json()["answers"][0]
    assert [match["entry"] for match in found["matches"]] == [str(entry.pk)]
    assert ask(key, by("pdq", "f8" * 32), lists=["reviewed"]).json()["answers"][0]["matches"] == []


def test_a_look_is_told_to_those_entitled_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    entry, partner = Desk.make().listed(), make_partner()
    listing = Listing(entry.pk, entry.list_id)
    seen = service.Found(
        entry.picture_id, Decision.LOOK, How.REGIONAL, 17.5, region=(1, 2, 30, 40), listings=(listing,)
    )
    monkeypatch.setattr(service, "find", lambda *_: [seen])
    key = make_key(Wire.NATIVE, partner)
    assert ask(key, by("pdq", "f8" * 32)).json()["answers"] == [{"id": "", "decision": "none", "matches": []}]
    services.entitle(admin(), partner=partner, hash_list=reviewed(), looks=True)
    (told,) = ask(key, by("pdq", "f8" * 32)).json()["answers"]
    assert told["decision"] == "look"
    assert told["matches"][0] | {"entry": "", "list": ""} == {
        "entry": "",
        "list": "",
        "verification": "agency_verified",
        "reviewed": True,
        "decision": "look",
        "how": "regional",
        "distance": None,
        "score": 17.5,
        "region": [1, 2, 30, 40],
    }


def test_a_query_by_regions_arrives_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is asked with the same codes and places, and as sure of each bit, as for the picture."""
    picture = sample("astronaut")
    own = of_picture(encoded(picture, "PNG"), picture, [current()]).regional[current().version]
    asked: list[Any] = []

    def find(each: Any, _scope: Any) -> list[service.Found]:
        asked.append(each)
        return []

    monkeypatch.setattr(service, "find", find)
    regions = carrying.pack(own, current(), picture.size)
    response = ask(make_key(Wire.NATIVE), {"regions": regions})
    assert response.status_code == 200, response.content
    (got,) = asked
    assert (got.width, got.height) == picture.size
    came: query.Query = got.regional[current().version]
    assert (came.start == own.start).all()
    assert (came.codes == own.codes).all()
    for name in ("x", "y", "scale", "angle"):
        assert (getattr(came, name) == getattr(own, name)).all()
    assert ((came.projected > 0) == (own.projected > 0)).all()
    sure, was = abs(came.projected[:300]) / current().noise, abs(own.projected[:300]) / current().noise
    assert abs(sure - was)[was < 3].max() <= carrying.STEP / 2 + 1e-3


@pytest.mark.parametrize(
    "change",
    [
        {"version": 200},
        {"codes": "x"},
        {"codes": ""},
        {"places": "AAAA"},
        {"doubts": ""},
        {"views": [1, 1, 1]},
        {"views": [1000, 1000, 1000, 1000]},
        {"width": 0},
    ],
)
def test_regions_that_no_picture_gives_are_refused(change: dict[str, Any]) -> None:
    regions = {"version": 1, "width": 9, "height": 9, "views": [0, 0, 0, 0], "codes": "", "places": ""}
    response = ask(make_key(Wire.NATIVE), {"regions": regions | {"doubts": ""} | change})
    refused(response, 400, "invalid")


@pytest.mark.parametrize(
    "queries",
    [
        [],
        [{}],
        [{"hashes": []}],
        [by("pdq", "f8")],
        [by("pdq", "F8" * 32)],
        [by("md5", "f8" * 32)],
        [by("photodna", "f8" * 32)],
        [by("pdq", "f8" * 32, id="a b")],
        [by("pdq", "f8" * 32, picture="x")],
        [by("pdq", "f8" * 32)] * 1001,
        [{"hashes": [{"type": "pdq", "value": "f8" * 32}] * 501}] * 2,
    ],
)
def test_junk_is_refused_and_counts_nothing(queries: list[dict[str, Any]]) -> None:
    refused(ask(make_key(Wire.NATIVE), *queries), 400, "invalid")
    assert not LookupDay.objects.exists()


def test_without_an_index_it_says_when_to_come_back(index_folder: Folder) -> None:
    response = ask(make_key(Wire.NATIVE), by("pdq", "f8" * 32))
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) >= 1
    assert not LookupDay.objects.exists()


def test_counts_are_kept_and_audited(index_folder: Folder) -> None:
    Desk.make().listed(make_picture(pdq="f8" * 32))
    brought_up_to_date(index_folder)
    partner = make_partner()
    key = make_key(Wire.NATIVE, partner)
    for _ in range(2):
        ask(key, by("pdq", "f8" * 32), by("pdq", pdq_value()), by("md5", secrets.token_hex(16)))
    row = LookupDay.objects.get(partner=partner)
    assert (row.calls, row.fingerprints, row.copies, row.looks, row.misses) == (2, 6, 2, 0, 4)
    logged = AuditEntry.objects.filter(verb="list.asked")
    assert [each.payload for each in logged] == [{"fingerprints": 3, "copy": 1, "look": 0, "none": 2}] * 2


def test_nothing_that_is_asked_is_kept(
    index_folder: Folder, redis_url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Canaries in every field that is asked: in no table, no key of Redis, no log, no file of the index."""
    Desk.make().listed(make_picture(pdq="f8" * 32))
    brought_up_to_date(index_folder)
    key = make_key(Wire.NATIVE)
    near, missed, named = turned("f8" * 32, 3), pdq_value(), "canary-" + secrets.token_hex(8)
    asked = [by("pdq", near, id=named), by("pdq", missed), by("sha256", secrets.token_hex(32))]
    caplog.set_level("DEBUG")
    assert ask(key, *asked).status_code == 200
    assert ask(key, *asked, unknown=missed).status_code == 400
    canaries = [near, missed, named, asked[2]["hashes"][0]["value"]]
    places = [caplog.text, *capfd.readouterr(), *_tables(), *_redis(redis_url), *_files(index_folder)]
    raw = [bytes.fromhex(each).decode("latin-1") for each in canaries if not each.startswith("canary")]
    assert not [canary for canary in (*canaries, *raw) for place in places if canary in place]


def _tables() -> list[str]:
    return [
        str(list(model._default_manager.values_list())) for model in apps.get_models() if model._meta.managed
    ]


def _redis(url: str) -> list[str]:
    with redis.Redis.from_url(url) as client:
        return [(name + (client.dump(name) or b"")).decode("latin-1") for name in client.scan_iter()]


def _files(folder: Folder) -> list[str]:
    return [each.read_bytes().decode("latin-1") for each in folder.path.rglob("*") if each.is_file()]


def test_a_days_share_of_fingerprints_ends(index_folder: Folder, settings: Settings) -> None:
    brought_up_to_date(index_folder)
    settings.LOOKUPS_A_DAY = 3
    partner = make_partner()
    key = make_key(Wire.NATIVE, partner)
    assert ask(key, by("pdq", "f8" * 32), by("pdq", "f8" * 32)).status_code == 200
    response = ask(key, by("pdq", "f8" * 32), by("pdq", "f8" * 32))
    refused(response, 429, "lookups_a_day")
    assert 1 <= int(response["Retry-After"]) <= 24 * 3600
    assert AuditEntry.objects.get(verb="partner.refused").payload == {"wire": "native", "reason": "probing"}
    assert LookupDay.objects.get().fingerprints == 2
    assert ask(make_key(Wire.NATIVE, make_partner("Other")), by("pdq", "f8" * 32)).status_code == 200


@pytest.mark.parametrize("url", ["", "unix:///nowhere/redis.sock?db=0"])
def test_different_misses_end_the_day_and_repeated_ones_do_not(
    url: str, index_folder: Folder, settings: Settings
) -> None:
    brought_up_to_date(index_folder)
    settings.LOOKUP_MISSES_A_DAY = 3
    key, settings.REDIS_URL = make_key(Wire.NATIVE), url or settings.REDIS_URL
    same = by("pdq", pdq_value())
    repeated = [ask(key, same).status_code for _ in range(4)]
    # Without Redis each miss counts as a new one.
    assert repeated == [200, 200, 200, 429 if url else 200]
    if not url:
        assert ask(key, *(by("pdq", pdq_value()) for _ in range(3))).status_code == 200
        refused(ask(key, same), 429, "lookup_misses_a_day")


def test_the_minutes_volume_is_limited(index_folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    brought_up_to_date(index_folder)
    monkeypatch.setattr("hashing.api.probing.MINUTE", parse("3/minute"))
    key = make_key(Wire.NATIVE)
    assert ask(key, by("pdq", "f8" * 32), by("pdq", "f8" * 32)).status_code == 200
    refused(ask(key, by("pdq", "f8" * 32), by("pdq", "f8" * 32)), 429, "too_many_lookups")
