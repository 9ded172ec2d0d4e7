"""The page that takes fingerprints from a browser: what it keeps, refuses and says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from limits import RateLimitItemPerHour

from cases import limits
from cases.models import Case, VisitPicture
from hashing.fingerprints.models import Fingerprint
from portal.audit.models import Entry as Logged
from portal.vault.models import Picture
from tests.cases.visitors import Visitor
from tests.devices import claim_of
from tests.hashing.test_devices import small


@pytest.fixture
def at_device(visitor: Visitor) -> Visitor:
    """Somebody who chose to fingerprint on their own device, and gave no contact."""
    visitor.begin()
    visitor.tell()
    visitor.step("way", way="device")
    return visitor


def send(visitor: Visitor, *found: dict[str, Any], go: str = "on") -> Any:
    return visitor.step("device", go, found=json.dumps(found))


def said(visitor: Visitor) -> str:
    return str(visitor.get("/").content.decode())


def test_what_the_browser_made_is_kept_and_the_next_page_comes(at_device: Visitor) -> None:
    assert send(at_device, claim_of(small())).status_code == 303
    assert at_device.draft.step == "links"
    picture = VisitPicture.objects.get().picture
    assert (picture.state, picture.size) == ("on_device", 0)
    logged = Logged.objects.filter(subject_id=str(picture.pk)).order_by("pk")
    assert [one.verb for one in logged] == ["picture.registered", "fingerprint.enrolled"]
    at_device.step("device", "change:device")
    assert "Fingerprinted here" in said(at_device)


def test_the_same_file_twice_is_kept_once(at_device: Visitor) -> None:
    send(at_device, claim_of(small()), claim_of(small()))
    send(at_device, claim_of(small()))
    assert VisitPicture.objects.count() == 1


def test_what_contradicts_itself_is_refused_with_all_that_came_with_it(at_device: Visitor) -> None:
    false = claim_of(small("cat"))
    false["pdq"][1]["value"] = claim_of(small())["pdq"][0]["value"]
    before = Logged.objects.count()
    send(at_device, claim_of(small()), false)
    assert "The fingerprints did not arrive as they should" in said(at_device)
    assert at_device.draft.step != "links"
    assert (Picture.objects.count(), Fingerprint.objects.count(), Logged.objects.count()) == (0, 0, before)


@pytest.mark.parametrize("found", ["", "nonsense", "[[]]"])
def test_nothing_is_no_mistake_and_nonsense_is(at_device: Visitor, found: str) -> None:
    at_device.step("device", found=found)
    assert ("The fingerprints did not arrive" in said(at_device)) == bool(found)
    assert Picture.objects.count() == 0


def test_too_many_from_one_network_keeps_what_came_before(
    at_device: Visitor, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    monkeypatch.setitem(limits.LIMITS, "upload", (RateLimitItemPerHour(1000), RateLimitItemPerHour(1)))
    send(at_device, claim_of(small()), claim_of(small("cat")))
    assert "Too much is arriving at once" in said(at_device)
    assert VisitPicture.objects.count() == 1


def test_taking_one_out_ends_it(at_device: Visitor) -> None:
    send(at_device, claim_of(small()))
    send(at_device, go="remove:1")
    assert VisitPicture.objects.count() == 0
    assert Picture.objects.get().state == "shredded"


def test_no_other_page_may_start_a_worker(at_device: Visitor) -> None:
    here = at_device.get("/").headers["Content-Security-Policy"].split("; ")
    assert {"worker-src 'self'", "trusted-types portal-worker", "default-src 'none'"} < set(here)
    refused = at_device.step("device", found="x" * 600_001)
    assert (refused.status_code, "worker-src 'self'" in refused.headers["Content-Security-Policy"]) == (
        422,
        True,
    )
    at_device.step("device", "change:way")
    there = at_device.get("/").headers["Content-Security-Policy"].split("; ")
    assert {"worker-src 'none'", "trusted-types 'none'"} < set(there)


def test_the_numbers_of_the_next_go_on_after_one_was_taken_out(at_device: Visitor) -> None:
    send(at_device, claim_of(small()), claim_of(small("cat")))
    send(at_device, go="remove:1")
    at_device.step("device", "change:device")
    assert 'data-held="1" data-last="2"' in said(at_device)


def test_nobody_who_may_be_a_child_comes_here(visitor: Visitor) -> None:
    visitor.begin(age="unsure")
    visitor.step("happened", circumstances=["shared"])
    visitor.step("story", story="")
    visitor.step("way", way="device")
    send(visitor, claim_of(small()))
    assert (Picture.objects.count(), Case.objects.count()) == (0, 0)


def test_an_answer_changed_to_a_child_ends_what_was_made(at_device: Visitor) -> None:
    send(at_device, claim_of(small()))
    at_device.step("age", age="minor")
    assert VisitPicture.objects.count() == 0
    assert Picture.objects.get().state == "shredded"
