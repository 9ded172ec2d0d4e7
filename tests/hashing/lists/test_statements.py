"""Signed statements of what the lists held: made once a day, and what an entry slipped in does to them."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from hashing.lists import locking, services, signing, statements
from hashing.lists.models import List, Publication, Statement
from hashing.lists.statements import KIND, active_root, end_of, sums
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from tests.hashing.listing import Desk, reviewed

pytestmark = pytest.mark.django_db
CTX = Context.system("tests")


def today() -> date:
    return clock.now().astimezone(UTC).date()


def state(ahead: int = 1) -> int:
    """What beat makes when it is so many days later."""
    later = locking.database_now() + timedelta(days=ahead)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locking, "database_now", lambda: later)
        return services.state_days(CTX)


def leaf(data: str) -> bytes:
    return hashlib.sha256(b"\x00" + data.encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def told(*words: str) -> str:
    out = StringIO()
    call_command("statements", *words, stdout=out)
    return out.getvalue()


def test_the_roots_are_those_of_rfc_6962() -> None:
    desk = Desk.make()
    first, second = desk.listed(), desk.listed()
    desk.withdraw(first)
    services.publish_pending()
    (found,) = sums(reviewed(), [today()])
    lines = [
        leaf(f"{row.position} {row.entry_id} {row.state} {row.at.astimezone(UTC).isoformat()}")
        for row in Publication.objects.order_by("position")
    ]
    assert (found.publications, found.active) == (3, 1)
    assert found.publications_root == node(node(lines[0], lines[1]), lines[2])
    assert found.active_root == leaf(str(second.pk))
    one, other = sorted([str(first.pk), str(second.pk)])
    assert active_root([second.pk, first.pk]) == node(leaf(one), leaf(other))


def test_a_day_ends_with_its_last_moment() -> None:
    Desk.make().listed()
    yesterday = today() - timedelta(days=1)
    before, after = sums(reviewed(), [yesterday, today()])
    assert (before.publications, after.publications) == (0, 1)
    assert before.publications_root == hashlib.sha256(b"").digest()
    assert end_of(yesterday) == datetime.combine(today(), datetime.min.time(), UTC)


def test_quarantine_and_a_new_epoch_are_followed() -> None:
    desk = Desk.make()
    held, kept = desk.listed(), desk.listed()
    desk.quarantined(held)
    assert next(sums(reviewed(), [today()])).active_root == active_root([kept.pk])
    services.restart_list(CTX, hash_list=reviewed())
    services.publish_pending()
    found = next(sums(reviewed(), [today()]))
    assert (found.publications, found.active_root) == (4, active_root([kept.pk]))


def test_one_is_made_for_each_list_and_day_once() -> None:
    Desk.make().listed()
    lists = List.objects.count()
    assert [state() for _ in range(2)] == [lists, 0]
    row = Statement.objects.get(list=reviewed())
    assert (row.day, row.publications, row.active) == (today(), 1, 1)
    said = signing.opened(KIND, row.signed)
    assert said == next(sums(reviewed(), [today()])).statement("reviewed")
    logged = AuditEntry.objects.get(verb="list.stated", subject_id=str(row.list_id))
    assert logged.payload == {
        "list": "reviewed",
        "day": today().isoformat(),
        "publications": 1,
        "active": 1,
    }
    assert "hold" in told("verify")


def test_days_without_a_beat_are_made_up_for() -> None:
    state()
    state(4)
    days = list(Statement.objects.filter(list=reviewed()).order_by("day").values_list("day", flat=True))
    assert days == [today() + timedelta(days=n) for n in range(4)]


def test_a_line_added_to_a_past_day_shows() -> None:
    desk = Desk.make()
    entry = desk.listed()
    state()
    assert services.verify_statements()[1] == []
    at = Publication.objects.get().at
    hash_list = reviewed()
    Publication.objects.create(
        list=hash_list, epoch=hash_list.epoch, position=2, at=at, entry=entry, state="withdrawn"
    )
    (broken,) = services.verify_statements()[1]
    assert (broken.slug, broken.day) == ("reviewed", today())
    assert "slipped in" in broken.why
    with pytest.raises(CommandError, match=f"reviewed, {today()}: a line was slipped in"):
        told("verify")


def test_a_statement_kept_elsewhere_shows_what_a_stolen_key_signed_anew(tmp_path: Path) -> None:
    desk = Desk.make()
    entry = desk.listed()
    state()
    path = tmp_path / "kept.txt"
    path.write_text(Statement.objects.get(list=reviewed()).signed + "\n\n")
    count = Statement.objects.count()
    assert f"{count + 1} statements hold" in told("verify", "--against", str(path))
    at, hash_list = Publication.objects.get().at, reviewed()
    Publication.objects.create(
        list=hash_list, epoch=hash_list.epoch, position=2, at=at, entry=entry, state="withdrawn"
    )
    with pytest.raises(CommandError, match="the kept statement signed"):
        told("verify", "--against", str(path))
    path.write_text("nonsense")
    with pytest.raises(CommandError, match="not a statement"):
        told("verify", "--against", str(path))


def test_a_gap_and_a_wrong_signature_show() -> None:
    state()
    row = Statement.objects.get(list=reviewed())
    later = row.day + timedelta(days=2)
    found = next(sums(reviewed(), [later]))
    values: dict[str, Any] = {
        "list": row.list,
        "publications": found.publications,
        "publications_root": found.publications_root,
        "active": found.active,
        "active_root": found.active_root,
        "made_at": clock.now(),
    }
    made = Statement(day=later, signed=signing.sign(KIND, found.statement("reviewed")), **values)
    made.save()
    (gap,) = services.verify_statements()[1]
    assert gap.why == f"there is no statement of {row.day + timedelta(days=1)}"
    other = List.objects.get(slug="sandbox")
    unsigned = next(statements.sums(other, [row.day + timedelta(days=1)]))
    values["list"] = other
    forged = row.signed.rpartition(".")[0] + "." + signing.unpadded(b"0" * 64)
    Statement.objects.create(day=unsigned.day, signed=forged, **values)
    wrong = services.verify_statements()[1][-1]
    assert (wrong.slug, "signature is wrong" in wrong.why) == ("sandbox", True)


def test_another_kind_and_another_key_are_no_statement() -> None:
    token = signing.sign("snapshot+jws", {"list": "reviewed"})
    with pytest.raises(signing.BadStatement, match="another kind"):
        signing.opened(KIND, token)
    for wrong in ("", "a.b", "a.b.c", "..", signing.sign(KIND, {})[:-4]):
        with pytest.raises(signing.BadStatement):
            signing.opened(KIND, wrong)


def test_the_database_keeps_them() -> None:
    state()
    for write in (lambda: Statement.objects.update(active=9), lambda: Statement.objects.all().delete()):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            write()
