"""What an index reads: everything once, then what changed, removals too; a late commit is not lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction

from hashing import changes
from hashing.fingerprints.models import Box, Change, Fingerprint, RegionalFingerprint
from hashing.lists import services
from hashing.lists.states import State
from portal.vault.services import lock, shred
from tests.hashing.listing import Desk, admin, make_picture
from tests.hashing.regional_rows import codes, make_regional


def known(marker: int = 0) -> dict[UUID, changes.Known]:
    return {one.picture_id: one for one in changes.since(marker)}


@pytest.mark.django_db
def test_everything_comes_once_with_its_codes_opened() -> None:
    picture = make_picture()
    row = make_regional(picture, seed=7)
    found = changes.since(0)
    assert [one.picture_id for one in found] == [picture.pk]
    assert found[0].regional == (changes.Regional(row.id, 1, Box.FULL, 64, codes(7)),)
    assert {one.kind for one in found[0].hashes} == {"sha256", "md5", "phash", "pdq"}
    assert (found[0].listings, found[0].gone) == ((), False)
    assert changes.since(found[0].number) == []
    assert changes.head() == found[0].number


@pytest.mark.django_db
def test_codes_are_encrypted_at_rest_and_bound_to_their_row() -> None:
    picture = make_picture()
    row, other = make_regional(picture, seed=7), make_regional(make_picture(), seed=8)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT codes FROM hashing_regionalfingerprint WHERE id = %s", [row.pk])
        stored = bytes(cursor.fetchone()[0])
        assert codes(7)[8:40] not in stored
        cursor.execute("UPDATE hashing_regionalfingerprint SET codes = %s WHERE id = %s", [stored, other.pk])
    assert RegionalFingerprint.objects.get(pk=row.pk).codes == codes(7)
    with pytest.raises(Exception, match=r"(?i)altered|open|decrypt|belong"):
        _ = RegionalFingerprint.objects.get(pk=other.pk).codes


@pytest.mark.django_db
def test_a_listing_and_its_withdrawal_are_changes() -> None:
    desk, picture = Desk.make(), make_picture()
    make_regional(picture)
    marker = changes.head()
    entry = desk.listed(picture)
    found = known(marker)[picture.pk]
    assert [(one.entry_id, one.slug, one.state) for one in found.listings] == [
        (entry.pk, "reviewed", State.LISTED)
    ]
    marker = changes.head()
    desk.withdraw(entry)
    assert known(marker)[picture.pk].listings == ()
    assert not known(marker)[picture.pk].gone


@pytest.mark.django_db
def test_what_is_shredded_is_gone_unless_it_is_listed() -> None:
    desk, listed, other = Desk.make(), make_picture(), make_picture()
    make_regional(listed), make_regional(other)
    entry = desk.listed(listed)
    marker = changes.head()
    for picture in (listed, other):
        shred(admin(), picture_id=picture.pk, reason="decided")
    assert not known(marker)[listed.pk].gone
    assert known(marker)[other.pk].gone
    marker = changes.head()
    desk.withdraw(entry)
    assert known(marker)[listed.pk].gone


@pytest.mark.django_db
def test_what_is_locked_is_found_by_nothing() -> None:
    picture = make_picture()
    make_regional(picture)
    marker = changes.head()
    lock(admin(), picture_id=picture.pk)
    assert known(marker)[picture.pk].gone


@pytest.mark.django_db
def test_a_deleted_row_is_a_change_too() -> None:
    picture = make_picture()
    row = make_regional(picture)
    marker = changes.head()
    row.delete()
    Fingerprint.objects.filter(picture=picture).delete()
    assert known(marker)[picture.pk].gone


@pytest.mark.django_db
def test_pages_give_every_picture_once_in_order() -> None:
    pictures = [make_picture() for _ in range(5)]
    seen: list[changes.Known] = []
    while page := changes.since(seen[-1].number if seen else 0, limit=2):
        seen += page
    assert sorted(one.picture_id for one in seen) == sorted(picture.pk for picture in pictures)
    assert [one.number for one in seen] == sorted(one.number for one in seen)
    assert Change.objects.count() == 5


@pytest.mark.django_db
def test_a_row_is_never_changed_nor_deleted_while_a_list_needs_it() -> None:
    desk, picture = Desk.make(), make_picture()
    row = make_regional(picture)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        RegionalFingerprint.objects.filter(pk=row.pk).update(version=2)
    entry = desk.approved(picture)
    with pytest.raises(IntegrityError, match="a list needs"), transaction.atomic():
        row.delete()
    assert RegionalFingerprint.objects.get(pk=row.pk).codes == codes()
    services.withdraw(admin(), entry_id=entry.pk, reason="mistake")
    RegionalFingerprint.objects.get(pk=row.pk).delete()
    assert not RegionalFingerprint.objects.exists()


def test_what_commits_late_is_not_hidden_behind_a_marker(committed_db: None) -> None:
    """Two writers, the first to write commits last: the reader in between gets it the next time."""
    begun, read = Barrier(2), Barrier(2)

    def slow() -> UUID:
        try:
            with transaction.atomic():
                picture = make_picture()
                begun.wait(20)
                read.wait(20)
            return UUID(str(picture.pk))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(slow)
        begun.wait(20)
        early = make_picture()
        first = changes.since(0)
        read.wait(20)
        late_id = late.result(20)
    assert [one.picture_id for one in first] == [early.pk]
    assert [one.picture_id for one in changes.since(first[-1].number)] == [late_id]
