"""Checking and fingerprinting a picture: owed until done, done once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connections

from hashing import services
from hashing.fingerprints.models import Fingerprint
from hashing.services import fingerprint_picture
from portal.core import clock
from portal.core.context import Context
from portal.vault import cage
from portal.vault.models import Picture, PictureState, Rendition
from portal.vault.services import checking, preview_of, shred
from tests.photos import entries_of, fresh, stored

DONE = ["fingerprint.computed", "picture.checked", "picture.stored"]
LATER = timedelta(seconds=11)


def system() -> Context:
    return Context.system("test")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """What would have been queued."""
    queued: list[UUID] = []
    monkeypatch.setattr(services, "enqueue", queued.append)
    return queued


@pytest.mark.django_db
def test_a_stored_picture_becomes_checked() -> None:
    picture = stored()
    assert fingerprint_picture(system(), picture_id=picture.id)
    picture = fresh(picture.id)
    assert (picture.state, picture.width, picture.height) == (PictureState.CHECKED, 600, 400)
    assert picture.lease_until is None
    assert preview_of(picture) is not None
    assert entries_of(picture.id) == DONE
    rows = Fingerprint.objects.filter(picture=picture)
    assert sorted(set(rows.values_list("kind", "algorithm"))) == [
        ("md5", "bytes-v1"),
        ("pdq", "pdq-512-v1"),
        ("phash", "imagehash-phash-8-v1"),
        ("sha256", "bytes-v1"),
    ]
    assert rows.count() == 11
    assert set(rows.exclude(kind="pdq").values_list("variant", "quality")) == {("", None)}


@pytest.mark.django_db
def test_a_second_delivery_changes_nothing() -> None:
    picture = stored()
    fingerprint_picture(system(), picture_id=picture.id)
    before = Fingerprint.objects.values().order_by("id")
    assert not fingerprint_picture(system(), picture_id=picture.id)
    assert list(Fingerprint.objects.values().order_by("id")) == list(before)
    assert entries_of(picture.id) == DONE


@pytest.mark.django_db
def test_an_unknown_or_shredded_picture_is_no_error() -> None:
    picture = stored()
    shred(system(), picture_id=picture.id, reason="withdrawn")
    assert not fingerprint_picture(system(), picture_id=picture.id)
    assert not fingerprint_picture(system(), picture_id=uuid4())
    assert not Fingerprint.objects.exists()


@pytest.mark.django_db
def test_while_somebody_is_at_it_nobody_else_is() -> None:
    picture = stored()
    lease = checking.claim(system(), picture_id=picture.id)
    assert lease is not None
    assert checking.claim(system(), picture_id=picture.id) is None
    with time_machine.travel(clock.now() + checking.LEASE + timedelta(seconds=1)):
        assert checking.claim(system(), picture_id=picture.id) is not None
        assert checking.held(lease) is None
        assert not checking.refuse(system(), lease, code="damaged")
    assert fresh(picture.id).state == PictureState.STORED


@pytest.mark.django_db
def test_three_failed_attempts_end_in_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = stored()
    monkeypatch.setattr(cage, "run", Mock(side_effect=cage.CageError("timeout")))
    now = clock.now()
    for attempt in range(4):
        with time_machine.travel(now + attempt * LATER):
            assert not fingerprint_picture(system(), picture_id=picture.id)
    picture = fresh(picture.id)
    assert (picture.state, picture.refusal, picture.attempts) == (PictureState.REFUSED, "unfinished", 3)
    assert picture.wrapped_key is None
    assert entries_of(picture.id) == ["picture.refused", "picture.shredded", "picture.stored"]


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [b"", b"{}", b"[]\n", b'{"refusal": "<b>"}', b'{"width": 1}\nGIF89a'])
def test_a_child_that_lies_is_a_failed_attempt(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    picture = stored()
    monkeypatch.setattr(cage, "run", Mock(return_value=answer))
    assert not fingerprint_picture(system(), picture_id=picture.id)
    assert fresh(picture.id).state == PictureState.STORED
    assert not Fingerprint.objects.exists()
    assert not Rendition.objects.exists()


@pytest.mark.django_db
def test_requeue_finds_what_is_owed_and_nothing_else(sent: list[UUID]) -> None:
    lost, done, leased, failed = stored(), stored(), stored(), stored()
    fingerprint_picture(system(), picture_id=done.id)
    for picture in (leased, failed):
        lease = checking.claim(system(), picture_id=picture.id)
        assert lease is not None
        if picture is failed:
            checking.release(lease)
    assert services.requeue() == 0  # all of it is seconds old
    now = clock.now()
    with time_machine.travel(now + LATER):
        services.requeue()
        assert sorted(sent) == sorted([lost.id, failed.id])
        sent.clear()
        services.requeue()
        assert sent == []  # queued just now: a slow queue isn't filled with copies
    with time_machine.travel(now + checking.LEASE + LATER):
        services.requeue()
        assert sorted(sent) == sorted([lost.id, failed.id, leased.id])


def test_without_a_broker_an_upload_is_kept_and_its_check_stays_owed(
    committed_db: None, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    from celery import current_app  # noqa: PLC0415 (the application that this test breaks)

    monkeypatch.setattr(current_app, "send_task", Mock(side_effect=ConnectionRefusedError))
    picture = stored()
    services.enqueue(picture.id)
    with time_machine.travel(clock.now() + LATER):
        assert services.requeue() == 1
    assert fresh(picture.id).state == PictureState.STORED


def test_two_workers_at_once_write_one_set(committed_db: None) -> None:
    picture = stored()

    def work() -> bool:
        try:
            return fingerprint_picture(system(), picture_id=picture.id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        results = [future.result() for future in [pool.submit(work) for _ in range(4)]]
    assert sorted(results) == [False, False, False, True]
    assert Fingerprint.objects.filter(picture=picture).count() == 11
    assert Rendition.objects.filter(picture=picture).count() == 1
    assert entries_of(picture.id) == DONE


_KILLED = """
import os, signal, sys, uuid, django
django.setup()
from hashing import services
from portal.core.context import Context
from portal.vault.services import checking
def die(*args, **kwargs): os.kill(os.getpid(), signal.SIGKILL)
place = sys.argv[2]
if place == "claimed": services._answer = die
if place == "decoded": services._complete = die
if place == "encrypted": services._rows = die
if place == "written": checking.finish = die
services.fingerprint_picture(Context.system("test"), picture_id=uuid.UUID(sys.argv[1]))
"""


@pytest.mark.parametrize("place", ["claimed", "decoded", "encrypted", "written"])
def test_killed_anywhere_it_is_done_once_by_the_next(committed_db: None, place: str) -> None:
    picture = stored()
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(picture.id), place], check=False)
    assert killed.returncode == -9
    assert fresh(picture.id).state == PictureState.STORED
    assert entries_of(picture.id) == ["picture.stored"]
    assert not fingerprint_picture(system(), picture_id=picture.id)  # the dead one's lease still runs
    with time_machine.travel(clock.now() + checking.LEASE + LATER):
        assert services.requeue() == 1
        assert fingerprint_picture(system(), picture_id=picture.id)
    assert Fingerprint.objects.filter(picture=picture).count() == 11
    assert entries_of(picture.id) == DONE
    assert Picture.objects.count() == 1
