"""A file is looked up once, by a worker, and destroyed with the answer."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from PIL import Image

from hashing.fingerprints.models import RegionalFingerprint
from hashing.fingerprints.regional import enrol, serial
from hashing.lists.models import Entry
from hashing.matching import asking, searches
from hashing.matching.answers import Decision, How
from hashing.matching.generations import Folder
from hashing.matching.models import Search
from hashing.matching.searches import Match
from hashing.services import fingerprint_picture
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Invalid, NotAllowed, NotFound, Unavailable
from portal.vault import cage, queue, storage
from portal.vault.models import Picture
from portal.vault.services import shred
from tests.factories import ctx_of, make_staff
from tests.hashing.enrolment.made import enrolled
from tests.hashing.index_folder import brought_up_to_date
from tests.hashing.listing import Desk, admin, make_picture
from tests.hashing.regional_rows import make_regional
from tests.photos import encoded, photo, staged, stored

pytestmark = pytest.mark.django_db


def system() -> Context:
    return Context.system("test")


@pytest.fixture
def ctx() -> Context:
    return ctx_of(make_staff(Role.CASEWORKER))


def held(data: bytes | None = None) -> Picture:
    picture = stored(data)
    assert fingerprint_picture(system(), picture_id=picture.pk)
    return picture


def asked(ctx: Context, data: bytes) -> Search:
    return searches.ask(ctx, staged=staged(data))


def answered(search: Search) -> Search:
    assert searches.answer(system(), search_id=search.pk)
    search.refresh_from_db()
    return search


def verbs(search: Search) -> list[tuple[str, dict[str, object]]]:
    rows = AuditEntry.objects.filter(subject_type="search", subject_id=str(search.pk)).order_by("at", "pk")
    return [(row.verb, row.payload) for row in rows]


def exists(name: str) -> bool:
    try:
        storage.read(name).close()
    except FileNotFoundError:
        return False
    return True


def test_the_same_file_and_a_smaller_copy_are_found_and_the_file_is_destroyed(
    ctx: Context, index_folder: Folder, django_capture_on_commit_callbacks: object
) -> None:
    picture = held()
    brought_up_to_date(index_folder)
    small = photo().resize((300, 200))
    for data, how in ((encoded(photo()), How.EXACT), (encoded(small), How.PDQ)):
        search = asked(ctx, data)
        assert exists(search.storage_name)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's
            answered(search)
        assert search.wrapped_key is None
        assert not exists(search.storage_name)
        (match,) = searches.matches(search)
        assert (match.picture_id, match.decision, match.how) == (picture.pk, Decision.COPY, how)
        assert match.region == (0, 0, search.width, search.height)
        assert match.standing.held
        assert verbs(search) == [("search.asked", {}), ("search.answered", {"copies": 1, "found": 1})]
    assert not Picture.objects.exclude(pk=picture.pk).exists()


def test_what_is_withdrawn_after_the_answer_is_not_shown(ctx: Context, index_folder: Folder) -> None:
    picture = held()
    brought_up_to_date(index_folder)
    search = answered(asked(ctx, encoded(photo())))
    assert len(searches.matches(search)) == 1
    shred(admin(), picture_id=picture.pk, reason="decided")
    assert searches.matches(search) == []


def test_what_codes_found_is_not_shown_once_they_are_withheld() -> None:
    picture = make_picture()
    Desk.make().listed(picture)
    shred(admin(), picture_id=picture.pk, reason="decided")
    by_codes = {
        "picture": str(picture.pk),
        "decision": "copy",
        "how": "regional",
        "score": 99.0,
        "region": None,
    }
    search = Search(found=[by_codes, {**by_codes, "how": "pdq"}])
    assert [each.how for each in searches.matches(search)] == [How.REGIONAL, How.PDQ]
    Entry.objects.update(regional=False)
    assert [each.how for each in searches.matches(search)] == [How.PDQ]


def test_a_listed_picture_says_its_lists(ctx: Context, index_folder: Folder) -> None:
    picture = enrolled(encoded(photo()))
    entry = Desk.make().listed(picture)
    brought_up_to_date(index_folder)
    (match,) = searches.matches(answered(asked(ctx, encoded(photo()))))
    assert isinstance(match, Match)
    assert [each.entry_id for each in match.standing.listings] == [entry.pk]


def test_a_file_that_is_no_picture_is_refused(ctx: Context, index_folder: Folder) -> None:
    brought_up_to_date(index_folder)
    with pytest.raises(Invalid):
        asked(ctx, b"<html>")
    cut = answered(asked(ctx, encoded(photo())[:3000]))
    assert (cut.failure, cut.found, cut.wrapped_key) == ("damaged", [], None)
    assert verbs(cut)[-1] == ("search.failed", {"reason": "damaged"})
    assert Search.objects.count() == 1


def test_without_an_index_nothing_is_asked_and_what_was_is_ended(ctx: Context, index_folder: Folder) -> None:
    with pytest.raises(Unavailable):
        asked(ctx, encoded(photo()))
    assert Search.objects.count() == AuditEntry.objects.filter(subject_type="search").count() == 0
    brought_up_to_date(index_folder)
    search = asked(ctx, encoded(photo()))
    (index_folder.path / "current.json").unlink()
    assert answered(search).failure == searches.UNAVAILABLE


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_may_not_ask(role: Role, index_folder: Folder) -> None:
    brought_up_to_date(index_folder)
    with pytest.raises(NotAllowed):
        asked(ctx_of(make_staff(role)), encoded(photo()))
    with pytest.raises(NotAllowed):
        asked(Context.visitor(), encoded(photo()))
    assert not Search.objects.exists()


def test_only_who_asked_reads_the_answer_and_each_reading_is_audited(
    ctx: Context, index_folder: Folder
) -> None:
    brought_up_to_date(index_folder)
    search = asked(ctx, encoded(photo()))
    searches.load(ctx, search_id=search.pk)
    assert [verb for verb, _payload in verbs(search)] == ["search.asked"]
    answered(search)
    searches.load(Context(ctx.actor), search_id=search.pk)
    assert verbs(search)[-1] == ("search.read", {"found": 0})
    before = AuditEntry.objects.count()
    for other, search_id in ((ctx_of(make_staff(Role.SUPERVISOR)), search.pk), (ctx, uuid4())):
        with pytest.raises(NotFound):
            searches.load(other, search_id=search_id)
    assert AuditEntry.objects.count() == before


def test_answering_twice_is_answering_once(ctx: Context, index_folder: Folder) -> None:
    brought_up_to_date(index_folder)
    search = answered(asked(ctx, encoded(photo())))
    assert not searches.answer(system(), search_id=search.pk)
    assert not searches.answer(system(), search_id=uuid4())
    assert len(verbs(search)) == 2


def test_a_cage_that_fails_ends_the_search(
    ctx: Context, index_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought_up_to_date(index_folder)

    def fails(*_args: object) -> None:
        raise cage.CageError("timeout")

    monkeypatch.setattr(asking, "of_stored", fails)
    assert answered(asked(ctx, encoded(photo()))).failure == searches.UNFINISHED


def test_what_the_broker_lost_is_queued_again_then_given_up_then_forgotten(
    ctx: Context, index_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought_up_to_date(index_folder)
    sent: list[object] = []
    monkeypatch.setattr(queue, "send", lambda _task, row: sent.append(row))
    search = asked(ctx, encoded(photo()))
    start = clock.now()
    sent.clear()
    for seconds, queued in ((5, 0), (15, 1), (40, 1), (90, 2), (301, 2)):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            searches.sweep(Context.system("test"))
        assert len(sent) == queued, seconds
    search.refresh_from_db()
    assert (search.failure, search.wrapped_key) == (searches.UNFINISHED, None)
    with time_machine.travel(start + timedelta(minutes=36)):
        searches.sweep(Context.system("test"))
    assert not Search.objects.exists()


def test_a_crop_is_found_by_its_regions_with_an_outline(ctx: Context, index_folder: Folder) -> None:
    picture = held()
    make_regional_of(picture, photo())
    brought_up_to_date(index_folder)
    page = Image.new("RGB", (700, 1200), (250, 250, 250))
    page.paste(photo().resize((600, 400)), (50, 300))
    (match,) = searches.matches(answered(asked(ctx, encoded(page))))
    assert (match.picture_id, match.decision, match.how) == (picture.pk, Decision.COPY, How.REGIONAL)
    assert match.region == pytest.approx((50, 300, 650, 700), abs=12)


def make_regional_of(picture: Picture, image: Image.Image) -> None:
    """The picture's real regional fingerprint in the database."""
    row = make_regional(picture)
    RegionalFingerprint.objects.filter(pk=row.pk).delete()
    row.codes = serial.dump(enrol.enrol(image))
    row.save(force_insert=True)
