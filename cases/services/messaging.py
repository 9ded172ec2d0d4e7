"""Messages between the person and the agency, sealed to the case: its own key opens them, on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, CaseMessage, Sender
from cases.services import objecting, sealed, updates
from cases.services.desk_keys import open_case_key
from cases.services.loading import locked, locked_own
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

LONGEST = 4000
MOST = 500  # in one case
TABLE = "cases_casemessage"


@dataclass(frozen=True)
class Read:
    """One opened message; `new` while `seen_at` is open."""

    sender: Sender
    body: str
    sent_at: datetime
    new: bool


@transaction.atomic
def write(ctx: Context, *, case_id: UUID, body: str) -> CaseMessage:
    """The person writes to the agency. Raises Invalid (code message_length), Conflict once it is deleted."""
    case = locked_own(ctx, case_id)
    message = _write(ctx, case, Sender.PERSON, body)
    objecting.answered(ctx, case)
    return message


@transaction.atomic
def answer(ctx: Context, *, case_id: UUID, body: str) -> CaseMessage:
    """The agency writes to the person, who hears of the first one that they have not seen. Perm case.work."""
    case = locked(ctx, case_id, Perm.CASE_WORK)
    told = case.messages.filter(sender=Sender.AGENCY, seen_at=None).exists()
    message = _write(ctx, case, Sender.AGENCY, body)
    case.messages.filter(sender=Sender.PERSON, seen_at=None).update(seen_at=ctx.at)
    if not told:
        updates.tell(ctx, case)
    return message


@unrecorded("people read their own messages; case.followed tells that they came")
def own(case: Case, private: bytes) -> list[Read]:
    """All messages of the person's case, oldest first, with the key that their code opened."""
    return _opened(case, private)


@unrecorded("that the person has opened their messages; case.followed tells that they came")
@transaction.atomic
def seen(ctx: Context, *, case_id: UUID) -> None:
    """The person opens their messages: the next one is news again."""
    case = locked_own(ctx, case_id)
    case.messages.filter(sender=Sender.AGENCY, seen_at=None).update(seen_at=ctx.at)


@transaction.atomic
def settle(ctx: Context, *, case_id: UUID) -> None:
    """What the person wrote needs no answer. Perm case.work."""
    case = locked(ctx, case_id, Perm.CASE_WORK)
    number = case.messages.filter(sender=Sender.PERSON, seen_at=None).update(seen_at=ctx.at)
    record(ctx, Verb.CASE_MESSAGES_SETTLED, Subject("case", case.id), messages=number)


@transaction.atomic
def read(ctx: Context, *, case_id: UUID) -> list[Read]:
    """All messages of a case for the desk, oldest first. Perm case.read; audited, and shown to the person."""
    case = locked(ctx, case_id, Perm.CASE_READ)
    found = _opened(case, open_case_key(case))
    record(ctx, Verb.CASE_MESSAGES_READ, Subject("case", case.id), messages=len(found))
    return found


def _write(ctx: Context, case: Case, sender: Sender, body: str) -> CaseMessage:
    text = body.strip()
    if not 0 < len(text) <= LONGEST:
        raise Invalid(_("Write at least one word, and at most 4,000 letters."), code="message_length")
    if case.private_for_desk is None:
        raise Conflict(_("Everything in this request is deleted, or is about to be."), code="data_destroyed")
    if case.messages.count() >= MOST:
        raise Conflict(_("There are too many messages in this request."), code="too_many_messages")
    staff = UUID(ctx.actor.id) if sender is Sender.AGENCY else None
    message = CaseMessage(case=case, sender=sender, staff_id=staff, sent_at=ctx.at)
    public = bytes(case.public_key)
    message.body_sealed = sealed.seal(public, text, table=TABLE, row=message.id, field="body") or b""
    message.save(force_insert=True)
    case.changed_at = ctx.at
    case.save(update_fields=["changed_at"])
    record(ctx, Verb.CASE_MESSAGE_WRITTEN, Subject("case", case.id), message=message.id)
    return message


@unrecorded("opens messages for the service that shows them, which records")
def _opened(case: Case, private: bytes) -> list[Read]:
    return [
        Read(
            Sender(row.sender),
            sealed.unseal(private, row.body_sealed, table=TABLE, row=row.id, field="body"),
            row.sent_at,
            row.seen_at is None,
        )
        for row in case.messages.order_by("sent_at", "pk")
    ]
