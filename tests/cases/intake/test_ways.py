"""Another way than before: what was added for the first goes, where the second doesn't need it."""

from __future__ import annotations

import json

import pytest

from cases.models import Case, VisitPicture
from portal.vault.models import Picture
from tests.cases.intake.test_files import at_files, file
from tests.cases.visitors import Visitor
from tests.devices import claim_of
from tests.hashing.test_devices import small
from tests.photos import entries_of

WARNING = "Files that you have added here are deleted"


@pytest.fixture
def with_both(visitor: Visitor) -> Visitor:
    """Somebody who made fingerprints of one file, and then sent another."""
    at_files(visitor)
    visitor.step("way", way="device")
    visitor.step("device", found=json.dumps([claim_of(small())]))
    visitor.step("way", way="send")
    visitor.step("files", "add", upload=[file()])
    assert held() == ["on_device", "stored"]
    return visitor


def held() -> list[str]:
    rows = VisitPicture.objects.order_by("position")
    return list(rows.values_list("picture__state", flat=True))


def test_links_only_sends_nothing_that_was_added_before(with_both: Visitor) -> None:
    with_both.step("way", way="links")
    assert held() == []
    assert list(Picture.objects.values_list("state", "shred_reason")) == [("shredded", "removed")] * 2
    sent = Picture.objects.get(size__gt=0)
    assert entries_of(sent.pk) == ["picture.shredded", "picture.stored"]
    with_both.finish()
    assert Case.objects.get().pictures.count() == 0


def test_files_that_stay_on_the_device_are_not_sent_after_all(with_both: Visitor) -> None:
    with_both.step("way", way="device")
    assert held() == ["on_device"]
    with_both.step("device", found="[]")
    with_both.finish()
    assert Case.objects.get().pictures.get().picture.state == "on_device"


@pytest.mark.parametrize("way", ["send", "", "elsewhere"])
def test_the_same_way_again_or_no_answer_changes_nothing(with_both: Visitor, way: str) -> None:
    with_both.step("way", way=way)
    assert held() == ["on_device", "stored"]


def test_the_page_says_so_where_something_could_go(visitor: Visitor) -> None:
    at_files(visitor)
    visitor.step("files", "change:way")
    assert WARNING not in visitor.get("/").content.decode()
    visitor.step("files", "add", upload=[file()])
    visitor.step("files", "change:way")
    assert WARNING in visitor.get("/").content.decode()
