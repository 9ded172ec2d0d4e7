"""What the person reads about each file's fingerprint, and when a better one is offered."""

from __future__ import annotations

import pytest

from cases.follow.fingerprinted import Made, by_picture
from hashing.enrolment.models import Enrolment, State, Trim
from hashing.fingerprints.regional.table import VERSION
from portal.core import clock
from portal.vault.models import Picture
from portal.vault.services import shred
from tests.hashing.listing import Desk, admin, make_picture
from tests.hashing.regional_rows import make_regional

pytestmark = pytest.mark.django_db
BOX = {"left": 1, "top": 1, "right": 90, "bottom": 90}


def made(picture: Picture, **changes: object) -> Made:
    Enrolment.objects.filter(pk=picture.pk).update(**changes)
    return by_picture([picture.pk])[picture.pk]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": State.OWED}, "is being made"),
        ({"state": State.FAILED}, "A caseworker can try again."),
        ({"trim": Trim.PROPOSED, **BOX}, "A caseworker checks which part"),
        ({"strength": 20}, "It has little detail"),
        ({"strength": 90}, "It finds copies also when they are cropped"),
        ({"trim": Trim.ACCEPTED, "confirmed_at": clock.now(), "strength": 90, **BOX}, "It finds copies also"),
    ],
)
def test_it_is_said_how_far_it_is_and_how_strong(changes: dict[str, object], words: str) -> None:
    picture = make_picture()
    make_regional(picture)
    found = made(picture, **changes)
    assert words in found.words
    assert not found.outdated


def test_what_is_too_plain_is_called_so() -> None:
    assert "too plain to recognise" in made(make_picture()).words


def test_a_picture_without_enrolment_and_one_that_is_gone_say_nothing() -> None:
    picture, gone = make_picture(), make_picture()
    Enrolment.objects.filter(pk=picture.pk).delete()
    shred(admin(), picture_id=gone.pk, reason="withdrawn")
    assert by_picture([picture.pk, gone.pk]) == {picture.pk: Made(), gone.pk: Made()}


@pytest.mark.parametrize(("version", "outdated"), [(VERSION - 1, True), (VERSION, False)])
def test_a_better_fingerprint_is_offered_where_nobody_here_can_make_it(
    version: int, *, outdated: bool
) -> None:
    picture = make_picture()
    make_regional(picture, version=version)
    Desk.make().listed(picture)
    assert not by_picture([picture.pk])[picture.pk].outdated  # it is still held
    shred(admin(), picture_id=picture.pk, reason="decided")
    assert by_picture([picture.pk])[picture.pk].outdated is outdated
