"""What the caseworker reads of the guard."""

from __future__ import annotations

import uuid

import pytest

from hashing.lists import guard_words
from hashing.lists.models import GuardCheck
from portal.core import clock


def check(**found: object) -> GuardCheck:
    values: dict[str, object] = {"refused": False, "perceptual": False, "variants": [], "dropped": 0}
    values |= {"regional_refused": False, "hits": [], **found}
    return GuardCheck(picture_id=uuid.uuid4(), checked_at=clock.now(), background="b" * 16, **values)


def test_nothing_found_says_nothing() -> None:
    assert guard_words.words(check()) == ""


def test_a_refusal_names_what_it_matches() -> None:
    said = guard_words.words(
        check(refused=True, hits=[["harmless/1", "file"], ["picture/poster", "regional"]])
    )
    assert said == "May never be listed: it matches a harmless picture of the agency, a public picture."


@pytest.mark.parametrize(
    ("dropped", "said"),
    [
        (1, "1 region was left out: harmless"),
        (7, "7 regions were left out: harmless pictures show the same."),
    ],
)
def test_dropped_regions_are_counted(dropped: int, said: str) -> None:
    assert said in guard_words.words(check(dropped=dropped))


def test_what_was_left_out_and_why() -> None:
    said = guard_words.words(
        check(dropped=3, variants=["crop-1x1", "rotate90"], hits=[["screen/chat-dark-1", "regional"]])
    )
    assert said == (
        "3 regions were left out: harmless pictures show the same. 2 PDQ variants were left out. "
        "What it would have matched: an app's screen."
    )


def test_a_fingerprint_that_is_mostly_an_app_isn_t_listed() -> None:
    said = guard_words.words(check(regional_refused=True, dropped=100, hits=[["signs/1", "regional"]]))
    assert said.startswith("Most of its regions are not its own")
    assert said.endswith("What it would have matched: an icon.")


@pytest.mark.django_db
def test_of_several_pictures_those_with_something_to_say() -> None:
    good, thinned = check(), check(dropped=2)
    GuardCheck.objects.bulk_create([good, thinned])
    said = guard_words.by_picture([good.picture_id, thinned.picture_id, uuid.uuid4()])
    assert list(said) == [thinned.picture_id]
