"""Full fingerprints: owed from the check on, made in the cage, written once, also when a worker is killed."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from unittest.mock import Mock
from uuid import UUID

import pytest
import time_machine
from django.db import connections
from PIL import Image

from hashing.enrolment import leases, services
from hashing.enrolment.models import Enrolment, State, Trim
from hashing.enrolment.services import enrol_picture
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.fingerprints.pdq_order import ORDER
from hashing.fingerprints.regional import enrol, serial
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.vault import cage, queue
from portal.vault.services import lock, shred
from tests.hashing.enrolment.made import CTX, answer, checked, enrolled, enrolment_of, owed
from tests.photos import encoded, entries_of, photo

LATER = timedelta(seconds=11)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """A cage that answers at once."""
    run = Mock(return_value=answer())
    monkeypatch.setattr(cage, "run", run)
    return run


@pytest.mark.django_db
def test_an_animation_that_begins_in_black_is_enrolled_by_its_picture() -> None:
    black = Image.new("RGB", (600, 400))
    picture = checked(encoded(black, "PNG", save_all=True, append_images=[black, photo()]))
    own = Fingerprint.objects.get(picture=picture, kind="pdq", variant="original")
    assert own.quality == 100
    assert enrol_picture(CTX, picture_id=picture.pk)
    row = RegionalFingerprint.objects.get(picture=picture)
    assert row.codes == serial.dump(enrol.enrol(photo()))
    assert Fingerprint.objects.get(picture=picture, kind="pdq", variant="original").value == own.value


@pytest.mark.django_db
def test_a_photograph_gets_its_pdq_set_and_regional_codes() -> None:
    picture = checked()
    assert enrolment_of(picture).state == State.OWED
    assert enrol_picture(CTX, picture_id=picture.pk)
    row = RegionalFingerprint.objects.get(picture=picture)
    assert (row.version, row.box, row.count) == (1, "full", serial.MOST_REGIONS)
    # The same bytes as another process makes of the same pixels.
    shown = Image.open(BytesIO(encoded(photo()))).convert("RGB")
    assert row.codes == serial.dump(enrol.enrol(shown))
    assert len(row.codes) == 4 + 36 * serial.MOST_REGIONS
    assert (row.left, row.top, row.right, row.bottom) == (0, 0, 600, 400)
    pdq = Fingerprint.objects.filter(picture=picture, kind="pdq").order_by("pk")
    names = [one.variant for one in pdq]
    assert names == [name for name in ORDER if name in names]
    assert 60 <= len(names) <= 64
    assert {one.algorithm for one in pdq[:8]} == {"pdq-512-v1"}
    assert {one.algorithm for one in pdq[8:]} == {"pdq-variants-v1"}
    assert len({one.value for one in pdq}) == len(names)
    enrolment = enrolment_of(picture)
    assert (enrolment.state, enrolment.trim, enrolment.regions) == (State.DONE, Trim.NONE, 120)
    assert enrolment.ready
    logged = AuditEntry.objects.get(verb="fingerprint.enrolled")
    assert logged.payload == {
        "version": 1,
        "regions": 120,
        "strength": enrolment.strength,
        "variants": len(names),
        "trim": "none",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "image",
    [photo().resize((1, 1)), photo().resize((8, 5)), photo().crop((0, 0, 1, 1)).resize((900, 700))],
    ids=["one pixel", "tiny", "one colour"],
)
def test_what_is_too_plain_gets_a_clear_answer_and_no_codes(image: object) -> None:
    picture = enrolled(encoded(image, "PNG"))  # type: ignore[arg-type]  # a parameter
    enrolment = enrolment_of(picture)
    assert (enrolment.state, enrolment.looked) == (State.DONE, True)
    assert enrolment.regions is not None
    assert enrolment.regions < serial.FEWEST_REGIONS
    assert not RegionalFingerprint.objects.exists()


@pytest.mark.django_db
def test_a_second_delivery_changes_nothing(quick: Mock) -> None:
    picture = owed()
    assert enrol_picture(CTX, picture_id=picture.pk)
    before = list(Fingerprint.objects.values().order_by("id"))
    assert not enrol_picture(CTX, picture_id=picture.pk)
    assert list(Fingerprint.objects.values().order_by("id")) == before
    assert entries_of(picture.pk).count("fingerprint.enrolled") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("end", [shred, lock])
def test_what_was_destroyed_or_locked_meanwhile_is_not_fingerprinted(
    quick: Mock, monkeypatch: pytest.MonkeyPatch, end: object
) -> None:
    for moment in ("before", "in between"):
        picture = owed()

        def stop(picture_id: object = picture.pk) -> None:
            reason = {"reason": "withdrawn"} if end is shred else {}
            end(CTX, picture_id=picture_id, **reason)  # type: ignore[operator]  # one of two services

        if moment == "before":
            stop()
        quick.side_effect = lambda *_args, stop=stop, moment=moment, **_kwargs: (
            stop() if moment == "in between" else None,
            answer(),
        )[1]
        assert not enrol_picture(CTX, picture_id=picture.pk)
        assert enrolment_of(picture).state == State.GONE
        assert not RegionalFingerprint.objects.filter(picture=picture).exists()
        assert "fingerprint.enrolled" not in entries_of(picture.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lie",
    [
        b"",
        b"{}",
        b'{"refusal": "damaged"}',
        answer(box=[0, 0, 601, 400]),
        answer(box=[10, 10, 20, 20]),
        answer(box=[0, 0, 300]),
        answer(regional="00"),
        answer(pdq_set=[{"variant": "<b>", "value": "f8" * 32, "quality": 1}]),
        answer(phash="f"),
    ],
)
def test_a_child_that_lies_is_a_failed_attempt_and_three_end_it(quick: Mock, lie: bytes) -> None:
    picture = owed()
    quick.return_value = lie
    now = clock.now()
    for attempt in range(4):
        with time_machine.travel(now + attempt * LATER):
            assert not enrol_picture(CTX, picture_id=picture.pk)
    enrolment = enrolment_of(picture)
    assert (enrolment.state, enrolment.attempts, enrolment.looked) == (State.FAILED, 3, False)
    assert not enrolment.ready
    assert Fingerprint.objects.filter(picture=picture).count() == 4
    assert not RegionalFingerprint.objects.exists()
    assert AuditEntry.objects.get(verb="fingerprint.failed").payload == {"attempts": 3}


@pytest.mark.django_db
def test_requeue_finds_what_is_owed_and_nothing_else(quick: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, UUID]] = []
    lost, done, leased = (owed() for _ in range(3))
    monkeypatch.setattr(queue, "send", lambda task, pk: sent.append((task, pk)))
    enrol_picture(CTX, picture_id=done.pk)
    assert leases.claim(CTX, picture_id=leased.pk)
    assert services.requeue() == 0  # all of it is seconds old
    now = clock.now()
    with time_machine.travel(now + LATER):
        assert services.requeue() == 1
        assert services.requeue() == 0  # queued just now: a slow queue isn't filled with copies
    assert sent == [("hashing.enrol", lost.pk)]
    with time_machine.travel(now + leases.LEASE + 2 * LATER):
        assert services.requeue() == 2
    assert sorted(sent[1:]) == sorted([("hashing.enrol", lost.pk), ("hashing.enrol", leased.pk)])


def test_two_workers_at_once_write_one_set(committed_db: None, quick: Mock) -> None:
    picture = owed()

    def work() -> bool:
        try:
            return enrol_picture(CTX, picture_id=picture.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        results = [future.result() for future in [pool.submit(work) for _ in range(4)]]
    assert sorted(results) == [False, False, False, True]
    assert RegionalFingerprint.objects.filter(picture=picture).count() == 1
    assert entries_of(picture.pk).count("fingerprint.enrolled") == 1


_KILLED = """
import os, signal, sys, uuid, django
django.setup()
from hashing.enrolment import leases, services
from portal.core.context import Context
def die(*args, **kwargs): os.kill(os.getpid(), signal.SIGKILL)
place = sys.argv[2]
services.cage.run = lambda *args, **kwargs: bytes.fromhex(sys.argv[3])
if place == "claimed": services.keys.original = die
if place == "answered": services._complete = die
if place == "written": services.add_regional = die
if place == "ended": leases.end = die
services.enrol_picture(Context.system("test"), picture_id=uuid.UUID(sys.argv[1]))
"""


@pytest.mark.parametrize("place", ["claimed", "answered", "written", "ended"])
def test_killed_anywhere_it_is_done_once_by_the_next(committed_db: None, quick: Mock, place: str) -> None:
    picture = owed()
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(picture.pk), place, answer().hex()], check=False
    )
    assert killed.returncode == -9
    assert enrolment_of(picture).state == State.OWED
    assert Fingerprint.objects.filter(picture=picture).count() == 4
    assert not enrol_picture(CTX, picture_id=picture.pk)  # the dead one's lease still runs
    with time_machine.travel(clock.now() + leases.LEASE + LATER):
        assert services.requeue() == 1
        assert enrol_picture(CTX, picture_id=picture.pk)
    assert RegionalFingerprint.objects.filter(picture=picture).count() == 1
    assert entries_of(picture.pk).count("fingerprint.enrolled") == 1
    assert Enrolment.objects.count() == 1
