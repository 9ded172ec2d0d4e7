"""The look-up: by file, by PDQ and by regions, within what may be found, and only what stands now."""

from __future__ import annotations

import secrets
from dataclasses import replace
from unittest.mock import patch

import pytest

from hashing.fingerprints.asked import Asked, Piece, of_hashes, of_picture
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.pdq import PdqHash
from hashing.fingerprints.regional.table import current
from hashing.lists import guarding, services
from hashing.lists.models import Entry, GuardCheck, List
from hashing.lists.states import Category, Wire
from hashing.lists.submitted import Submitted
from hashing.matching import service
from hashing.matching.answers import Decision, How
from hashing.matching.generations import Folder
from hashing.matching.service import Scope
from portal.core.context import Context
from portal.core.errors import Unavailable
from portal.vault.models import Picture
from portal.vault.services import lock, shred
from tests.factories import ctx_of
from tests.hashing.index_folder import brought_up_to_date
from tests.hashing.listing import GOOD, Desk, admin, make_partner, make_picture, pdq_value
from tests.hashing.regional_rows import make_regional
from tests.hashing.samples import kept, sample
from tests.photos import encoded

pytestmark = pytest.mark.django_db
HELD = Scope(lists=frozenset(), held=True)
LISTED = Scope()


def value(picture: Picture, kind: str) -> str:
    return picture.fingerprints.get(kind=kind).value


def turned(value: str, bits: int) -> str:
    """A hash that differs in so many bits."""
    return f"{int(value, 16) ^ ((1 << bits) - 1):064x}"


def ids(asked: Asked, scope: Scope) -> list[object]:
    return [match.picture_id for match in service.find(asked, scope)]


def test_a_held_picture_is_found_by_its_digests(index_folder: Folder) -> None:
    picture, _other = make_picture(), make_picture()
    assert brought_up_to_date(index_folder).added == 2
    for asked in (
        of_hashes(sha256=[value(picture, "sha256")]),
        of_hashes(md5=[value(picture, "md5")]),
    ):
        (found,) = service.find(asked, HELD)
        assert found == service.Found(picture.pk, Decision.COPY, How.EXACT, 256, held=True)
    assert service.find(of_hashes(sha256=[secrets.token_hex(32)]), HELD) == []


def test_pdq_finds_up_to_31_bits_and_not_32(index_folder: Folder) -> None:
    picture = make_picture()
    brought_up_to_date(index_folder)
    own = value(picture, "pdq")
    (found,) = service.find(of_hashes(pdq_values=[turned(own, 31)]), HELD)
    assert (found.how, found.distance, found.score, found.region) == (How.PDQ, 31, 225, None)
    assert service.find(of_hashes(pdq_values=[turned(own, 32)]), HELD) == []


def test_any_variant_of_sufficient_quality_is_found(index_folder: Folder) -> None:
    variants = {"original": pdq_value(), "rotate90": pdq_value()}
    good, poor = make_picture(variants=variants), make_picture(pdq=pdq_value(), quality=49)
    brought_up_to_date(index_folder)
    assert ids(of_hashes(pdq_values=variants.values()), HELD) == [good.pk]
    assert ids(of_hashes(pdq_values=[value(poor, "pdq")]), HELD) == []


def test_a_listed_picture_is_found_by_what_was_approved_alone(index_folder: Folder) -> None:
    variants = {"original": pdq_value(), "black-all-06": pdq_value()}
    picture = make_picture(variants=variants)
    check = GuardCheck(picture_id=picture.pk, variants=["black-all-06"])
    with patch.object(guarding, "examine", return_value=check):  # the guard refuses the framing
        entry = Desk.make().listed(picture)
    assert entry.variants == ["original"]
    brought_up_to_date(index_folder)
    refused = of_hashes(pdq_values=[variants["black-all-06"]])
    assert service.find(refused, LISTED) == []
    assert ids(refused, HELD) == [picture.pk]
    both = of_hashes(pdq_values=[variants["black-all-06"], turned(variants["original"], 20)])
    (found,) = service.find(both, LISTED)
    assert (found.how, found.distance, found.score) == (How.PDQ, 20, 236)
    (found,) = service.find(both, HELD)
    assert (found.how, found.distance, found.score) == (How.PDQ, 0, 256)
    own = of_hashes(sha256=[value(picture, "sha256")])
    assert ids(own, LISTED) == [picture.pk]
    picture.fingerprints.filter(kind="sha256").update(value="ab" * 32)  # another file than the listed one
    brought_up_to_date(index_folder)
    assert ids(of_hashes(sha256=["ab" * 32]), LISTED) == []


def test_what_a_partner_sent_and_was_approved_is_found_and_the_picture_it_copies_is_not(
    index_folder: Folder,
) -> None:
    desk, picture, partner = Desk.make(), make_picture(), make_partner()
    sent = [Submitted("pdq", value(picture, "pdq"), "", None), Submitted("sha256", "cd" * 32)]
    submission = services.submit(
        Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, fingerprints=sent
    )
    entry = services.propose_submission(
        ctx_of(desk.caseworker),
        submission_id=submission.pk,
        list_slug="reviewed",
        basis=GOOD,
        team=desk.team.pk,
        category=Category.NCII,
    )
    desk.approve(entry)
    services.publish_pending()
    brought_up_to_date(index_folder)
    for asked, how in (
        (of_hashes(sha256=["cd" * 32]), How.EXACT),
        (of_hashes(pdq_values=[turned(value(picture, "pdq"), 9)]), How.PDQ),
    ):
        assert [_told(found) for found in service.find(asked, LISTED)] == [(picture.pk, how, (entry.pk,))]
    own = of_hashes(sha256=[value(picture, "sha256")])
    assert (ids(own, LISTED), ids(own, HELD)) == ([], [picture.pk])
    desk.withdraw(entry)
    brought_up_to_date(index_folder)
    assert service.find(of_hashes(sha256=["cd" * 32]), Scope(held=True)) == []


def test_a_listed_picture_is_found_on_its_list_only(index_folder: Folder) -> None:
    desk = Desk.make()
    entry = desk.listed()
    reviewed = List.objects.get(slug="reviewed")
    other = List.objects.exclude(slug="reviewed").first()
    assert other
    brought_up_to_date(index_folder)
    asked = of_hashes(sha256=[entry.fingerprints.get(kind="sha256").value])
    for scope in (LISTED, Scope(lists=frozenset({reviewed.pk}))):
        (found,) = service.find(asked, scope)
        assert (found.picture_id, found.held) == (entry.picture_id, False)
        assert [(each.entry_id, each.list_id) for each in found.listings] == [(entry.pk, reviewed.pk)]
    assert service.find(asked, Scope(lists=frozenset({other.pk}))) == []
    assert service.find(asked, Scope(lists=frozenset({other.pk}), held=True))[0].listings == ()


def test_what_is_shredded_locked_or_withdrawn_is_not_found_any_more_at_once(
    index_folder: Folder,
) -> None:
    desk = Desk.make()
    entry, shredded, locked = desk.listed(), make_picture(), make_picture()
    brought_up_to_date(index_folder)
    everything = Scope(held=True)
    asked = of_hashes(
        sha256=[value(each, "sha256") for each in (shredded, locked)]
        + [entry.fingerprints.get(kind="sha256").value]
    )
    assert len(service.find(asked, everything)) == 3
    shred(admin(), picture_id=shredded.pk, reason="decided")
    lock(admin(), picture_id=locked.pk)
    assert ids(asked, everything) == [entry.picture_id]
    desk.withdraw(entry)
    assert ids(asked, LISTED) == []
    shred(admin(), picture_id=entry.picture_id, reason="decided")
    assert ids(asked, everything) == []


def test_a_listed_picture_stays_when_it_is_shredded(index_folder: Folder) -> None:
    desk = Desk.make()
    entry = desk.listed()
    shred(admin(), picture_id=entry.picture_id, reason="decided")
    brought_up_to_date(index_folder)
    asked = of_hashes(md5=[entry.fingerprints.get(kind="md5").value])
    (found,) = service.find(asked, Scope(held=True))
    assert (found.held, len(found.listings)) == (False, 1)


def test_a_quarantined_entry_is_not_found_until_it_is_listed_again(index_folder: Folder) -> None:
    desk = Desk.make()
    entry = desk.listed()
    asked = of_hashes(md5=[entry.fingerprints.get(kind="md5").value])
    brought_up_to_date(index_folder)
    quarantine = desk.quarantined(entry)
    assert ids(asked, LISTED) == []
    brought_up_to_date(index_folder)
    assert ids(asked, LISTED) == []
    desk.judge(quarantine)
    services.publish_pending()
    brought_up_to_date(index_folder)
    assert ids(asked, LISTED) == [entry.picture_id]


@pytest.mark.parametrize("consented", [False, True])
def test_regional_codes_answer_others_only_with_consent(index_folder: Folder, *, consented: bool) -> None:
    desk, picture = Desk.make(), make_picture()
    make_regional(picture, of=kept("coffee").regional)
    entry = desk.listed(picture)
    Entry.objects.update(regional=consented)
    brought_up_to_date(index_folder)
    part = sample("coffee").crop((60, 40, 500, 380))
    asked = of_picture(encoded(part, "PNG"), part, [current()])
    on_list = [(picture.pk, How.REGIONAL, (entry.pk,))] if consented else []
    assert [_told(found) for found in service.find(asked, LISTED)] == on_list
    assert [_told(found) for found in service.find(asked, HELD)] == [(picture.pk, How.REGIONAL, ())]
    both = replace(asked, pdq=(PdqHash("original", value(picture, "pdq"), 100),))
    (found,) = service.find(both, LISTED)
    assert found.how is (How.REGIONAL if consented else How.PDQ)
    Entry.objects.update(regional=False)  # withheld since: the files still say otherwise
    assert service.find(asked, LISTED) == []
    assert [each.how for each in service.find(both, LISTED)] == [How.PDQ]


def test_a_piece_of_a_long_page_finds_what_the_whole_does_not(index_folder: Folder) -> None:
    picture = make_picture()
    make_regional(picture, of=kept("coffee").regional)
    brought_up_to_date(index_folder)
    shown = sample("coffee")
    asked = of_picture(encoded(shown, "PNG"), shown, [current()])
    page = Asked(600, 4000, more=(Piece(Rectangle(0, 2000, 600, 2400), asked.regional),))
    (found,) = service.find(page, HELD)
    assert (found.picture_id, found.how, found.decision) == (picture.pk, How.REGIONAL, Decision.COPY)
    assert found.region == pytest.approx((0, 2000, 600, 2400), abs=8)
    assert service.find(replace(page, more=()), HELD) == []


def _told(found: service.Found) -> tuple[object, How, tuple[object, ...]]:
    return found.picture_id, found.how, tuple(each.entry_id for each in found.listings)


def test_unwanted_pictures_are_left_out(index_folder: Folder) -> None:
    picture = make_picture()
    brought_up_to_date(index_folder)
    asked = of_hashes(md5=[value(picture, "md5")])
    assert service.find(asked, Scope(held=True, without=frozenset({picture.pk}))) == []


def test_without_an_index_there_is_no_look_up(index_folder: Folder) -> None:
    assert not service.available()
    with pytest.raises(Unavailable) as error:
        service.find(of_hashes(md5=["0" * 32]), HELD)
    assert (error.value.status, error.value.code, error.value.retry_after) == (503, "index_unavailable", 60)
    brought_up_to_date(index_folder)
    assert service.available()
    assert service.find(of_hashes(md5=["0" * 32]), HELD) == []
