"""A second person approves exactly what they saw; then it goes out, and every form of it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cases import states
from cases.models import Case, Notice, NoticeCopy
from cases.notices import genuine, letter, regimes, rendering
from cases.notices import notice as written
from cases.notices.rendering import Form
from cases.services import clocks, notice_records
from cases.services.loading import refuse_if_child
from cases.services.location_rows import set_location
from cases.services.notice_drafting import load
from cases.states import LocationState, NoticeState
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.audit import Subject, Verb, commitment, record
from portal.core.context import Context
from portal.core.errors import Conflict, NotAllowed
from portal.crypto import aad, sealing
from portal.notify import services as notify
from portal.notify.wording import Parcel


@transaction.atomic
def approve(ctx: Context, *, notice_id: UUID, digest: str) -> Notice:
    """The second person agrees; `digest` is of what was shown to them. Perm notice.approve.

    Raises NotAllowed (code own_notice) for who wrote it, Conflict (code changed) when the text is another.
    """
    case, row = load(ctx, notice_id, Perm.NOTICE_APPROVE)
    refuse_if_child(case)
    states.check(states.NOTICE, now=NoticeState(row.state), to=NoticeState.APPROVED)
    if str(row.drafted_by_id) == ctx.actor.id:
        raise NotAllowed(_("You wrote this, so somebody else must decide."), code="own_notice")
    if digest != row.digest:
        raise Conflict(_("This was changed since you opened it. Read it again."), code="changed")
    row.state = NoticeState.APPROVED
    row.approved_by_id, row.approved_at, row.approved_digest = UUID(ctx.actor.id), ctx.at, row.digest
    row.save(update_fields=["state", "approved_by", "approved_at", "approved_digest"])
    for location in row.locations.select_for_update():
        if row.formal:
            set_location(ctx, location, LocationState.NOTICE_APPROVED)
    text = commitment(row.digest, bytes(row.salt or b""))
    record(ctx, Verb.NOTICE_APPROVED, Subject("notice", row.pk), case=case.pk, text=text)
    return row


@transaction.atomic
def send(ctx: Context, *, notice_id: UUID) -> Notice:
    """Send it now: by mail where it has an address, else by hand on the service's form. Perm case.work.

    The clock runs from here. Raises Conflict (code not_approved) for a formal one that nobody approved.
    """
    case, row = load(ctx, notice_id, Perm.CASE_WORK)
    refuse_if_child(case)
    if row.formal and row.state == NoticeState.DRAFTED:
        raise Conflict(_("Somebody else must approve it first."), code="not_approved")
    states.check(states.NOTICE, now=NoticeState(row.state), to=NoticeState.SENT)
    at = ctx.at.replace(microsecond=0)
    check_url = f"{settings.BASE_URL}/letters/{genuine.token(row.pk)}"
    text = replace(notice_records.unseal(case, row), sent_at=at.isoformat(), check_url=check_url)
    forms = rendering.every(text)
    hashes = _keep(case, row, forms)
    if row.email:
        row.message = notify.send_notice(ctx, parcel=_parcel(row, text, forms))
    row.state, row.sent_by_id = NoticeState.SENT, UUID(ctx.actor.id)
    row.sent_at, row.due_at = at, at + timedelta(hours=row.hours)
    row.save(update_fields=["state", "sent_by", "sent_at", "due_at", "message"])
    _tell(ctx, row, hashes)
    return row


def _tell(ctx: Context, row: Notice, hashes: Mapping[str, str]) -> None:
    law = regimes.BY_CODE[row.regime].jurisdiction
    to = LocationState.SENT if row.formal else LocationState.INFORMAL_REQUEST
    for location in row.locations.select_for_update():
        set_location(ctx, location, to)
        clocks.notice_sent(ctx, location, due_at=row.due_at or ctx.at, jurisdiction=law)
    record(
        ctx,
        Verb.NOTICE_SENT,
        Subject("notice", row.pk),
        case=row.case_id,
        regime=row.regime,
        mailed=row.message_id is not None,
        text=commitment(listing(hashes), bytes(row.salt or b"")),
    )


def _keep(case: Case, row: Notice, forms: Mapping[Form, bytes]) -> dict[str, str]:
    """Keep each form, sealed; their SHA-256 by form."""
    hashes = {}
    for form, content in forms.items():
        hashes[form.value] = hashlib.sha256(content).hexdigest()
        copy = NoticeCopy(notice=row, form=form.value, sha256=hashes[form.value])
        place = aad.bind("cases_noticecopy", copy.pk, "content")
        copy.content_sealed = sealing.seal(bytes(case.public_key), content, place)
        copy.save(force_insert=True)
    return hashes


def listing(hashes: Mapping[str, str]) -> str:
    """What the log commits to: every form with the digest of its bytes."""
    return "\n".join(f"{form} {hashes[form]}" for form in sorted(hashes))


def _parcel(row: Notice, text: written.Notice, forms: Mapping[Form, bytes]) -> Parcel:
    own = agency.current()
    return Parcel(
        to=row.email,
        subject=f"{letter.SUBJECT} [{text.reference}]",
        body=forms[Form.TEXT].decode(),
        sender=own.name,
        reply_to=own.notices_email,
    )
