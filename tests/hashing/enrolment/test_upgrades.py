"""A newer version for what is held: added beside what a list needs, in place of what none does, once."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from io import StringIO
from unittest.mock import Mock
from uuid import UUID

import pytest
import time_machine
from django.core.management import CommandError, call_command

from hashing.enrolment import leases, upgrades
from hashing.enrolment.models import Enrolment, State, Upgrade
from hashing.enrolment.upgrading import upgrade
from hashing.fingerprints.models import RegionalFingerprint
from hashing.fingerprints.regional.serial import Enrolled
from hashing.lists import guarding
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.vault import cage, queue
from portal.vault.models import Picture
from portal.vault.services import lock, shred
from tests.hashing.enrolment.made import CTX, answer, enrolment_of
from tests.hashing.listing import Desk, make_picture, reviewed
from tests.hashing.regional_rows import codes, make_regional
from tests.photos import entries_of, fresh


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """A cage that answers at once."""
    run = Mock(return_value=answer())
    monkeypatch.setattr(cage, "run", run)
    return run


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, UUID]]:
    found: list[tuple[str, UUID]] = []
    monkeypatch.setattr(queue, "send", lambda task, pk: found.append((task, pk)))
    return found


def old() -> Picture:
    """Held, and fingerprinted by the version before this one."""
    picture = make_picture()
    Picture.objects.filter(pk=picture.pk).update(width=600, height=400)
    Enrolment.objects.filter(pk=picture.pk).update(version=0, regions=64, strength=50)
    make_regional(picture, version=0)
    return fresh(picture.pk)


def versions(picture: Picture) -> list[int]:
    rows = RegionalFingerprint.objects.filter(picture=picture).order_by("version")
    return list(rows.values_list("version", flat=True))


def state_of(picture: Picture) -> str:
    return Upgrade.objects.get(pk=picture.pk).state


@pytest.mark.django_db
def test_only_held_pictures_of_an_older_version_are_owed(sent: list[tuple[str, UUID]]) -> None:
    wanted, destroyed, locked = old(), old(), old()
    make_picture()  # of this version
    shred(CTX, picture_id=destroyed.pk, reason="decided")
    lock(CTX, picture_id=locked.pk)
    assert (upgrades.owe(CTX), upgrades.owe(CTX)) == (1, 0)
    assert upgrades.progress() == upgrades.Progress(total=1, owed=1, failed=0)
    assert (upgrades.requeue(), upgrades.requeue()) == (1, 0)
    assert sent == [("hashing.upgrade", wanted.pk)]


@pytest.mark.django_db
def test_a_list_alone(quick: Mock) -> None:
    desk, listed = Desk.make(), old()
    old()
    desk.listed(listed)
    assert upgrades.owe(CTX, only=reviewed()) == 1
    assert Upgrade.objects.get().picture_id == listed.pk


@pytest.mark.django_db
def test_few_are_queued_at_a_time(sent: list[tuple[str, UUID]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrades, "AT_ONCE", 2)
    for _ in range(3):
        old()
    assert upgrades.owe(CTX) == 3
    assert (upgrades.requeue(), upgrades.requeue()) == (2, 0)
    Upgrade.objects.filter(pk=sent[0][1]).update(state=State.DONE)
    assert upgrades.requeue() == 1
    assert len(set(sent)) == 3


@pytest.mark.django_db
def test_what_is_listed_keeps_its_version_and_gets_the_new_one_beside_it(quick: Mock) -> None:
    desk, listed, free = Desk.make(), old(), old()
    entry = desk.listed(listed)
    before = RegionalFingerprint.objects.get(picture=listed).codes
    upgrades.owe(CTX)
    assert upgrade(CTX, picture_id=listed.pk)
    assert upgrade(CTX, picture_id=free.pk)
    assert (versions(listed), versions(free)) == ([0, 1], [1])
    assert RegionalFingerprint.objects.get(picture=listed, version=0).codes == before
    assert RegionalFingerprint.objects.get(picture=free).codes == codes(0)
    enrolment = enrolment_of(listed)
    assert (enrolment.state, enrolment.version, enrolment.regions) == (State.DONE, 1, 64)
    entry.refresh_from_db()
    assert entry.state == "listed"
    logged = AuditEntry.objects.get(verb="fingerprint.upgraded", subject_id=str(listed.pk))
    assert logged.payload == {"version": 1, "regions": 64, "dropped": 0}
    assert not upgrade(CTX, picture_id=listed.pk)
    assert (upgrades.owe(CTX), upgrades.progress().ended) == (0, 2)


@pytest.mark.django_db
def test_a_proposal_that_waits_is_still_what_was_shown(quick: Mock) -> None:
    desk, picture = Desk.make(), old()
    entry = desk.propose(picture)
    upgrades.owe(CTX)
    assert upgrade(CTX, picture_id=picture.pk)  # CTX is older than the proposal
    assert versions(picture) == [0, 1]
    assert desk.approve(entry).state == "approved"


@pytest.mark.django_db
@pytest.mark.parametrize("left", [0, 30])
def test_it_is_held_against_harmless_pictures_first(
    quick: Mock, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    picture = old()
    upgrades.owe(CTX)

    def thinned(_picture: UUID, made: Enrolled) -> Enrolled | None:
        return replace(made, codes=made.codes[:left], places=made.places[:left]) if left else None

    monkeypatch.setattr(guarding, "thinned", thinned)
    assert upgrade(CTX, picture_id=picture.pk)
    assert versions(picture) == ([1] if left else [0])
    logged = AuditEntry.objects.get(verb="fingerprint.upgraded").payload
    assert logged == {"version": 1, "regions": left, "dropped": 64 - left}
    assert (state_of(picture), upgrades.owe(CTX)) == ("done", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_what_is_destroyed_is_left_alone(quick: Mock, when: str) -> None:
    picture = old()
    upgrades.owe(CTX)

    def destroyed(*_args: object, **_named: object) -> bytes:
        shred(CTX, picture_id=picture.pk, reason="decided")
        return answer()

    if when == "before":
        destroyed()
    quick.side_effect = destroyed
    assert not upgrade(CTX, picture_id=picture.pk)
    assert (state_of(picture), versions(picture)) == ("gone", [0])
    assert not AuditEntry.objects.filter(verb="fingerprint.upgraded").exists()


@pytest.mark.django_db
def test_three_failures_end_it_until_it_is_asked_for_again(quick: Mock) -> None:
    picture = old()
    upgrades.owe(CTX)
    quick.return_value = b"{}"
    now = clock.now()
    for attempt in range(4):
        with time_machine.travel(now + 2 * attempt * leases.PAUSE):
            assert not upgrade(CTX, picture_id=picture.pk)
    assert (state_of(picture), versions(picture)) == ("failed", [0])
    assert entries_of(picture.pk).count("fingerprint.failed") == 1
    quick.return_value = answer()
    assert upgrades.owe(CTX) == 1
    assert upgrade(CTX, picture_id=picture.pk)


_KILLED = """
import os, signal, sys, uuid, django
django.setup()
from hashing.enrolment import upgrading
from portal.core.context import Context
def die(*args, **kwargs): os.kill(os.getpid(), signal.SIGKILL)
upgrading.cage.run = lambda *args, **kwargs: bytes.fromhex(sys.argv[3])
setattr(upgrading, sys.argv[2], die)
upgrading.upgrade(Context.system("test"), picture_id=uuid.UUID(sys.argv[1]))
"""


@pytest.mark.parametrize("place", ["_fingerprinted", "_end"])
def test_killed_anywhere_it_goes_on(committed_db: None, quick: Mock, place: str) -> None:
    picture = old()
    upgrades.owe(CTX)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(picture.pk), place, answer().hex()], check=False
    )
    assert killed.returncode == -9
    assert (state_of(picture), versions(picture)) == ("owed", [0])
    assert not upgrade(CTX, picture_id=picture.pk)  # the dead one's lease still runs
    with time_machine.travel(clock.now() + leases.LEASE + leases.PAUSE):
        assert upgrades.requeue() == 1
        assert upgrade(CTX, picture_id=picture.pk)
    assert (state_of(picture), versions(picture)) == ("done", [1])
    assert entries_of(picture.pk).count("fingerprint.upgraded") == 1


@pytest.mark.django_db
def test_the_command_shows_how_far_it_is(quick: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [old(), old()]
    left = list(pictures)
    monkeypatch.setattr(time, "sleep", lambda _seconds: upgrade(CTX, picture_id=left.pop().pk))
    out, err = StringIO(), StringIO()
    call_command("reenrol", stdout=out, stderr=err)
    assert out.getvalue() == "2 pictures to fingerprint anew.\n"
    half, full = "#" * 20 + "." * 20, "#" * 40
    assert err.getvalue().splitlines() == [f"[{'.' * 40}] 0 of 2", f"[{half}] 1 of 2", f"[{full}] 2 of 2"]
    Upgrade.objects.filter(pk=pictures[0].pk).update(state=State.FAILED)
    Enrolment.objects.filter(pk=pictures[0].pk).update(version=0)
    monkeypatch.setattr(time, "sleep", lambda _seconds: Upgrade.objects.update(state=State.FAILED))
    with pytest.raises(CommandError, match="could not be fingerprinted"):
        call_command("reenrol", list=None, stdout=out, stderr=err)
    with pytest.raises(CommandError, match="no list"):
        call_command("reenrol", list="nothing", stdout=out, stderr=err)
