"""New pictures are compared with the others once both are in the index: no pair is missed or told twice."""

from __future__ import annotations

from uuid import UUID

import pytest

from hashing.lists import services
from hashing.matching import asking, comparing, mapped
from hashing.matching.generations import Folder
from hashing.matching.models import Comparison, Resemblance
from hashing.sandbox import put_in_sandbox
from hashing.services import fingerprint_picture
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.vault import cage
from portal.vault.models import Picture
from portal.vault.services import lock, shred
from tests.hashing.index_folder import brought_up_to_date
from tests.hashing.listing import Desk, admin, make_picture, pdq_value
from tests.photos import encoded, photo, stored

pytestmark = pytest.mark.django_db


def compare() -> int:
    return comparing.compare_new(Context.system("test"))


def held(data: bytes) -> Picture:
    picture = stored(data)
    assert fingerprint_picture(Context.system("test"), picture_id=picture.pk)
    return picture


def pairs() -> set[frozenset[UUID]]:
    rows = Resemblance.objects.values_list("picture_id", "other_id")
    return {frozenset(row) for row in rows}


def audited() -> list[tuple[str, dict[str, object]]]:
    rows = AuditEntry.objects.filter(verb="match.found").order_by("pk")
    return sorted((row.subject_id, row.payload) for row in rows)


def test_a_copy_in_another_case_is_found_by_whichever_comes_later(index_folder: Folder) -> None:
    first = held(encoded(photo()))
    brought_up_to_date(index_folder)
    assert compare() == 1
    assert not Resemblance.objects.exists()
    second, other = held(encoded(photo().resize((300, 200)))), held(encoded(photo("cat")))
    assert compare() == 0
    brought_up_to_date(index_folder)
    assert compare() == 2
    row = Resemblance.objects.get()
    assert (row.picture_id, row.other_id, row.decision, row.how) == (second.pk, first.pk, "copy", "pdq")
    assert row.region == [0, 0, 300, 200]
    assert audited() == [(str(second.pk), {"copies": 1, "found": 1})]
    assert compare() == 0
    assert other.pk not in {pk for pair in pairs() for pk in pair}


def test_two_that_come_at_once_find_each_other_once_each_way(index_folder: Folder) -> None:
    one, two = held(encoded(photo())), held(encoded(photo(), quality=60))
    brought_up_to_date(index_folder)
    assert compare() == 2
    assert pairs() == {frozenset({one.pk, two.pk})}
    assert len(audited()) == 2


def test_what_cannot_be_opened_is_compared_by_its_hashes(
    index_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = pdq_value()
    one, two = make_picture(pdq=value), make_picture(pdq=value)
    brought_up_to_date(index_folder)

    def fails(*_args: object) -> None:
        raise cage.CageError("timeout")

    monkeypatch.setattr(asking, "of_stored", fails)
    assert compare() == 2
    assert pairs() == {frozenset({one.pk, two.pk})}


def test_what_is_listed_is_found_though_its_picture_is_destroyed(index_folder: Folder) -> None:
    value = pdq_value()
    entry = Desk.make().listed(make_picture(pdq=value))
    shred(admin(), picture_id=entry.picture_id, reason="decided")
    new = make_picture(pdq=value)
    assert not comparing.compared(new.pk)
    brought_up_to_date(index_folder)
    assert compare() == 2
    assert pairs() == {frozenset({entry.picture_id, new.pk})}
    assert comparing.compared(new.pk)
    Desk.make().propose(new)
    brought_up_to_date(index_folder)
    assert comparing.compared(new.pk)  # a proposal changes nothing that it is found by
    services.withdraw(admin(), entry_id=entry.pk, reason="mistake")
    brought_up_to_date(index_folder)
    compare()
    assert pairs() == set()


def test_what_is_in_the_sandbox_alone_is_nobodys(index_folder: Folder) -> None:
    ctx = Context.system("test")
    put_in_sandbox(ctx, encoded(photo()))
    services.publish_pending()
    held(encoded(photo()))
    brought_up_to_date(index_folder)
    assert compare() == 2
    assert pairs() == set()


def test_where_a_child_is_suspected_nothing_is_compared_and_what_was_found_goes(index_folder: Folder) -> None:
    value = pdq_value()
    one, two = make_picture(pdq=value), make_picture(pdq=value)
    brought_up_to_date(index_folder)
    compare()
    assert pairs() == {frozenset({one.pk, two.pk})}
    lock(admin(), picture_id=one.pk)
    brought_up_to_date(index_folder)
    assert compare() == 1
    assert pairs() == set()
    three = make_picture(pdq=value)
    brought_up_to_date(index_folder)
    compare()
    assert pairs() == {frozenset({two.pk, three.pk})}


def test_without_an_index_it_waits(index_folder: Folder) -> None:
    make_picture()
    assert compare() == 0
    assert not Comparison.objects.exists()
    brought_up_to_date(index_folder)
    assert compare() == 1
    marker = mapped.current().generation.marker
    assert Comparison.objects.get().number == marker
