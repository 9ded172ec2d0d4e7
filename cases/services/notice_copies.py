"""What was sent, read again: each form as it was, or a plain word that it was changed since."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Notice, NoticeCopy
from cases.notices import notice as written
from cases.notices.rendering import Form
from cases.services import notice_records
from cases.services.desk_keys import open_case_key
from cases.services.notice_drafting import load
from cases.services.notice_sending import listing
from cases.states import NoticeState
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, commitment, record, unrecorded
from portal.audit.models import Entry
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from portal.crypto import aad, sealing
from portal.crypto.errors import Unsealable

NO_SALT = bytes(16)


@transaction.atomic
def read_record(ctx: Context, *, notice_id: UUID) -> written.Notice:
    """The record of a notice, with its time once it is sent. Perm case.read; audited as notice.read."""
    case, row = load(ctx, notice_id, Perm.CASE_READ)
    text = notice_records.unseal(case, row)
    record(ctx, Verb.NOTICE_READ, Subject("notice", row.pk), case=case.pk, form="record")
    return text


@transaction.atomic
def read_copy(ctx: Context, *, notice_id: UUID, form: Form) -> bytes:
    """One form exactly as it was sent. Perm case.read; audited. Conflict (code altered) if it was changed."""
    case, row = load(ctx, notice_id, Perm.CASE_READ)
    copy = row.copies.filter(form=form.value).first()
    if copy is None:
        raise NotFound(_("There is nothing here."), code="no_such_copy")
    content = _opened(open_case_key(case), copy)
    record(ctx, Verb.NOTICE_READ, Subject("notice", row.pk), case=case.pk, form=form.value)
    if content is None:
        message = _("The kept copy is not what was sent any more. Tell your administrator.")
        raise Conflict(message, code="altered")
    return content


@unrecorded("opens what was sent to compare it with the log, and tells only whether it is the same")
def is_unaltered(case: Case, row: Notice) -> bool:
    """Whether every kept form is what was sent: by its digest, and by the log's commitment to all of them."""
    if row.state != NoticeState.SENT or case.destroyed_at is not None:
        return True
    copies = list(row.copies.all())
    if {copy.form for copy in copies} != {form.value for form in Form}:
        return False
    private = open_case_key(case)
    if any(_opened(private, copy) is None for copy in copies):
        return False
    sent = Entry.objects.filter(verb=Verb.NOTICE_SENT, subject_type="notice", subject_id=str(row.pk)).first()
    hashes = listing({copy.form: copy.sha256 for copy in copies})
    return sent is not None and sent.payload["text"] == commitment(hashes, bytes(row.salt or NO_SALT))


def _opened(private: bytes, copy: NoticeCopy) -> bytes | None:
    """The bytes, or None when they are not those that the digest is of."""
    place = aad.bind("cases_noticecopy", copy.pk, "content")
    try:
        content = sealing.open_sealed(private, bytes(copy.content_sealed), place)
    except Unsealable:
        return None
    return content if hashlib.sha256(content).hexdigest() == copy.sha256 else None
