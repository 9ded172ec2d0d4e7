"""Shredding: keys first, then bytes; once; and no copy brings it back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from hashing.services import fingerprint_picture
from portal.audit import Verb
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import NotFound
from portal.crypto import keyring
from portal.crypto.errors import KeyErased, Unsealable
from portal.vault import keys, services, storage
from portal.vault.models import ErasedEpoch, Picture, PictureState, Rendition
from portal.vault.services.sweeping import ORPHAN_AFTER, sweep
from tests.photos import encoded, entries_of, fresh, photo, staged, stored

pytestmark = pytest.mark.django_db
SYSTEM = Context.system("test")


def path_of(row: Picture | Rendition) -> Path:
    return Path(settings.VAULT_DIR) / row.storage_name


def checked() -> Picture:
    picture = stored()
    fingerprint_picture(SYSTEM, picture_id=picture.id)
    return fresh(picture.id)


def test_keys_then_bytes_of_the_picture_and_its_renditions(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    picture = checked()
    preview = services.preview_of(picture)
    assert preview is not None
    assert path_of(preview).exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.shred(SYSTEM, picture_id=picture.id, reason="decided")
        assert path_of(picture).exists()  # bytes go only after the commit
    picture, preview = fresh(picture.id), Rendition.objects.get(pk=preview.pk)
    assert (picture.state, picture.shred_reason) == (PictureState.SHREDDED, "decided")
    assert picture.wrapped_key is None
    assert preview.wrapped_key is None
    assert picture.bytes_gone_at is not None
    assert preview.bytes_gone_at is not None
    assert not path_of(picture).exists()
    assert not path_of(preview).exists()
    assert services.preview_of(picture) is None
    entry = Entry.objects.get(verb="picture.shredded")
    assert entry.payload == {"reason": "decided", "epoch": picture.epoch.isoformat()}


def test_twice_changes_nothing() -> None:
    picture = checked()
    first = services.shred(SYSTEM, picture_id=picture.id, reason="decided")
    second = services.shred(SYSTEM, picture_id=picture.id, reason="withdrawn")
    assert (first.shredded_at, first.shred_reason) == (second.shredded_at, second.shred_reason)
    assert entries_of(picture.id).count("picture.shredded") == 1


def test_a_copy_of_the_bytes_opens_no_more() -> None:
    picture = checked()
    copy = path_of(picture).read_bytes()
    services.shred(SYSTEM, picture_id=picture.id, reason="decided")
    sweep(SYSTEM)
    storage.write(picture.storage_name, copy)
    with pytest.raises(KeyErased):
        list(keys.original(fresh(picture.id)))


def test_with_the_day_erased_even_the_old_row_opens_no_more() -> None:
    """A backup of the database still holds the wrapped key: the epoch key outside it is what is gone."""
    picture = checked()
    with time_machine.travel(clock.now() + timedelta(days=4)):
        copy, row = path_of(picture).read_bytes(), fresh(picture.id)
        services.shred(Context.system("test"), picture_id=picture.id, reason="decided")
        sweep(Context.system("test"))
        assert ErasedEpoch.objects.filter(day=picture.epoch).exists()
        storage.write(row.storage_name, copy)
        assert row.wrapped_key is not None
        with pytest.raises(KeyErased):
            list(keys.original(row))
    assert Entry.objects.filter(verb="key.erased", subject_id=picture.epoch.isoformat()).count() == 1


@pytest.fixture(autouse=True)
def _keyring_of_its_own(tmp_path: Path, settings: Settings) -> None:
    """Erasing a day's key must not reach the other tests."""
    folder = tmp_path / "keyring"
    keyring.create(folder)
    settings.KEYRING_DIR = folder


def test_a_day_with_something_alive_keeps_its_key() -> None:
    gone, kept = checked(), checked()
    with time_machine.travel(clock.now() + timedelta(days=4)):
        services.shred(Context.system("test"), picture_id=gone.id, reason="decided")
        sweep(Context.system("test"))
        assert not ErasedEpoch.objects.exists()
        assert b"".join(keys.original(kept)) == encoded(photo())


def test_when_it_is_due_the_sweep_shreds() -> None:
    due, later = checked(), checked()
    services.schedule_shred(SYSTEM, picture_id=due.id, due_at=clock.now() - timedelta(seconds=1))
    services.schedule_shred(SYSTEM, picture_id=later.id, due_at=clock.now() + timedelta(days=1))
    sweep(SYSTEM)
    assert fresh(due.id).shred_reason == "retention"
    assert not path_of(due).exists()
    assert fresh(later.id).state == PictureState.CHECKED


def test_a_lifted_date_is_no_date() -> None:
    picture = checked()
    services.schedule_shred(SYSTEM, picture_id=picture.id, due_at=clock.now() - timedelta(seconds=1))
    services.schedule_shred(SYSTEM, picture_id=picture.id, due_at=None)
    payloads = Entry.objects.filter(verb=Verb.PICTURE_SHRED_SCHEDULED).values_list("payload", flat=True)
    assert sorted(map(len, payloads)) == [0, 1]
    sweep(SYSTEM)
    assert fresh(picture.id).state == PictureState.CHECKED


def test_bytes_that_a_crash_left_are_swept() -> None:
    """In this test nothing commits, so shred's own removal never ran."""
    picture = checked()
    services.shred(SYSTEM, picture_id=picture.id, reason="decided")
    assert path_of(picture).exists()
    sweep(SYSTEM)
    assert not path_of(picture).exists()
    assert fresh(picture.id).bytes_gone_at is not None


def test_orphans_are_swept_and_pictures_are_not() -> None:
    orphan, picture = staged(encoded(photo())), stored()
    path = Path(settings.VAULT_DIR) / orphan.storage_name
    sweep(SYSTEM)
    assert path.exists()
    with time_machine.travel(clock.now() + ORPHAN_AFTER + timedelta(minutes=1)):
        sweep(Context.system("test"))
    assert not path.exists()
    assert path_of(picture).exists()


def test_altered_bytes_do_not_open() -> None:
    picture = stored()
    altered = bytearray(path_of(picture).read_bytes())
    altered[200] ^= 1
    path_of(picture).write_bytes(altered)
    with pytest.raises(Unsealable):
        list(keys.original(picture))


def test_another_pictures_key_and_bytes_do_not_open() -> None:
    one, other = stored(), stored()
    one.storage_name = other.storage_name
    with pytest.raises(Unsealable):
        list(keys.original(one))


def test_an_unknown_picture_is_not_found() -> None:
    with pytest.raises(NotFound):
        services.shred(SYSTEM, picture_id=SYSTEM.action_id, reason="decided")
