"""What a device fingerprinted waits for an hour, and is held against harmless pictures before and after."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from hashing.lists import services
from hashing.lists.bases import Basis
from hashing.lists.models import Entry, Publication
from hashing.matching import source
from portal.audit.models import Entry as Logged
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid
from portal.vault.models import Picture
from tests.hashing.listing import GOOD, Desk
from tests.hashing.lists.test_guarding import add
from tests.hashing.test_devices import registered

pytestmark = pytest.mark.django_db
PERSON = Context.person(UUID(int=7))
UNVERIFIED = Basis(consented=True, contact_verified=False, caseworker_decided=True)


def proposed(picture: Picture, wait: timedelta = timedelta()) -> Entry:
    return services.propose(
        PERSON, picture_id=picture.pk, list_slug="self-reported", basis=GOOD, team=None, wait=wait
    )


def wait_is_over(entry: Entry) -> None:
    now = clock.now()
    Entry.objects.filter(pk=entry.pk).update(
        wait_until=now - timedelta(seconds=1), guarded_at=now - timedelta(hours=1)
    )


def release() -> int:
    return services.release_waited(Context.system("hashing.release"))


def guarded(picture: Picture) -> int:
    return Logged.objects.filter(verb="picture.guarded", subject_id=str(picture.pk)).count()


def test_only_the_orientations_are_listed_and_not_before_an_hour() -> None:
    picture = registered()
    entry = proposed(picture)
    assert entry.state == "approved"
    assert entry.wait_until is not None
    assert entry.wait_until - entry.proposed_at == timedelta(hours=1)
    rows = entry.fingerprints.values_list("kind", "variant")
    assert max(rows) == ("sha256", "")
    assert sum(kind == "pdq" for kind, _ in rows) == len(rows) - 1 == 8
    assert release() == 0
    services.publish_pending()
    assert (Entry.objects.get().state, Publication.objects.count()) == ("approved", 0)
    assert source.standing([picture.pk])[picture.pk].listings == ()


def test_after_its_wait_the_guard_looks_again_and_it_is_listed() -> None:
    picture = registered()
    entry = proposed(picture)
    wait_is_over(entry)
    services.publish_pending()
    assert Entry.objects.get().state == "approved", "the guard has not looked again yet"
    assert (release(), release()) == (1, 0)
    services.publish_pending()
    assert (Entry.objects.get().state, Publication.objects.count(), guarded(picture)) == ("listed", 1, 2)
    assert len(source.standing([picture.pk])[picture.pk].listings) == 1


def test_what_turns_out_harmless_meanwhile_never_reaches_a_partner() -> None:
    picture = registered("cat")
    entry = proposed(picture)
    wait_is_over(entry)
    add("chelsea")
    assert release() == 1
    services.publish_pending()
    ended = Entry.objects.get()
    assert (ended.state, ended.reason, ended.listed_at) == ("withdrawn", "collision", None)
    assert (Publication.objects.count(), ended.fingerprints.count()) == (0, 0)
    assert Logged.objects.filter(verb="entry.withdrawn", subject_id=str(entry.pk)).count() == 1


def test_what_is_taken_back_while_it_waits_is_never_published() -> None:
    entry = proposed(registered())
    services.withdraw(PERSON, entry_id=entry.pk, reason="consent_withdrawn")
    wait_is_over(entry)
    assert release() == 0
    services.publish_pending()
    assert Publication.objects.count() == 0


def test_the_database_lists_nothing_that_did_not_wait() -> None:
    entry = proposed(registered())
    with pytest.raises(IntegrityError, match="entry_waited"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(state="listed", listed_at=clock.now())


def test_a_longer_wait_is_kept() -> None:
    entry = proposed(registered(), wait=timedelta(days=2))
    assert entry.wait_until is not None
    assert entry.wait_until - entry.proposed_at == timedelta(days=2)


def test_no_reviewed_list_takes_what_nobody_can_look_at() -> None:
    picture = registered()
    with pytest.raises(Conflict) as refused:
        Desk.make().propose(picture)
    assert refused.value.code == "on_device"
    with pytest.raises(Invalid) as also:
        services.propose(
            PERSON, picture_id=picture.pk, list_slug="self-reported", basis=UNVERIFIED, team=None
        )
    assert also.value.code == "unverified"
    assert (Entry.objects.count(), guarded(picture)) == (0, 0)
