"""What went out is kept as it was sent: a changed byte shows; a deletion takes the words, not the fact."""

from __future__ import annotations

import hashlib
import json

import pytest

from cases.models import Location, Notice, NoticeCopy
from cases.notices import selectors
from cases.notices.rendering import Form
from cases.services import notice_copies
from cases.services.withdrawal import Scope, withdraw
from portal.core.context import Context
from portal.core.errors import Conflict
from portal.crypto import aad, sealing
from tests.cases.services.conftest import Desk
from tests.cases.services.noticing import drafted, log, ready, sent

__all__ = ["ready"]


def test_every_form_is_kept_with_its_digest(ready: Desk) -> None:
    row = sent(ready)
    for copy in row.copies.all():
        content = notice_copies.read_copy(ready.caseworker, notice_id=row.pk, form=Form(copy.form))
        assert hashlib.sha256(content).hexdigest() == copy.sha256
        assert b"host.example" not in bytes(copy.content_sealed)
    assert sorted(row.copies.values_list("form", flat=True)) == ["html", "json", "pdf", "text"]
    read = json.loads(notice_copies.read_copy(ready.caseworker, notice_id=row.pk, form=Form.JSON))
    assert row.due_at is not None
    assert read["due_at"] == row.due_at.isoformat()
    assert sorted(str(one["form"]) for one in log("notice.read")) == ["html", "json", "json", "pdf", "text"]
    assert notice_copies.is_unaltered(ready.case, row)


def forge(row: Notice, content: bytes, *, digest: bool) -> None:
    """What somebody with the database and the case's public key can do to the kept text."""
    copy = row.copies.get(form="text")
    place = aad.bind("cases_noticecopy", copy.pk, "content")
    copy.content_sealed = sealing.seal(bytes(row.case.public_key), content, place)
    if digest:
        copy.sha256 = hashlib.sha256(content).hexdigest()
    copy.save()


@pytest.mark.parametrize("with_digest", [False, True])
def test_a_changed_byte_is_detected(ready: Desk, with_digest: bool) -> None:  # noqa: FBT001 (a case of the test)
    row = sent(ready)
    text = notice_copies.read_copy(ready.caseworker, notice_id=row.pk, form=Form.TEXT)
    forge(row, text.replace(b"24 hours", b"25 hours"), digest=with_digest)
    assert not notice_copies.is_unaltered(ready.case, row)
    if not with_digest:
        with pytest.raises(Conflict) as refused:
            notice_copies.read_copy(ready.caseworker, notice_id=row.pk, form=Form.TEXT)
        assert refused.value.code == "altered"
    forge(row, text, digest=True)
    assert notice_copies.is_unaltered(ready.case, row)


@pytest.mark.parametrize("harm", ["flip", "drop", "salt"])
def test_other_ways_to_change_what_is_kept(ready: Desk, harm: str) -> None:
    row = sent(ready)
    copy = row.copies.get(form="pdf")
    if harm == "flip":
        sealed = bytearray(copy.content_sealed)
        sealed[-1] ^= 1
        NoticeCopy.objects.filter(pk=copy.pk).update(content_sealed=bytes(sealed))
    elif harm == "drop":
        copy.delete()
    else:
        Notice.objects.update(salt=None)
    assert not notice_copies.is_unaltered(ready.case, Notice.objects.get())


def test_after_a_deletion_it_is_known_that_it_was_sent_and_not_what_it_said(ready: Desk) -> None:
    row = sent(ready)
    assert selectors.last_contact(["Host Example"]) == "legal@host.example"
    withdraw(Context.person(ready.case.id), case_id=ready.case.id, scope=Scope.EVERYTHING)
    kept = Notice.objects.get(pk=row.pk)
    assert (kept.state, kept.service, kept.record_sealed, kept.salt) == ("sent", "Host Example", None, None)
    assert (NoticeCopy.objects.count(), Location.objects.count()) == (0, 0)


def test_a_draft_ends_with_a_deletion(ready: Desk) -> None:
    drafted(ready)
    withdraw(Context.person(ready.case.id), case_id=ready.case.id, scope=Scope.EVERYTHING)
    assert Notice.objects.get().state == "taken_back"
    assert len(log("notice.taken_back")) == 1
