"""Take one message from the outbox to a sender: notices at least once, codes at most once."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context
from portal.crypto import aad, keyring, sealing
from portal.notify.models import OPEN_STATES, Channel, Message, MessageState, Template
from portal.notify.senders import NotSent, Unsure, sender_for
from portal.notify.services import TABLE
from portal.notify.wording import Parcel

LEASE = timedelta(minutes=2)  # longer than any sender's time-out
TRIES = dict.fromkeys(Template, 8) | {Template.CODE: 3}
FIRST_WAIT = timedelta(seconds=10)


def deliver(ctx: Context, *, message_id: UUID) -> MessageState | None:
    """Deliver one owed message; None when nothing was owed or another worker has it."""
    message = _claim(ctx, message_id)
    if message is None or message.state != MessageState.SENDING:
        return MessageState(message.state) if message else None
    try:
        sender_for(Channel(message.channel))(message.id, _open(message))
    except NotSent as error:
        return _settle(ctx, message, _after_refusal(message, error))
    except Unsure:
        return _settle(ctx, message, _after_doubt(message))
    return _settle(ctx, message, MessageState.SENT)


@unrecorded("opens it to send it, as often as that takes; message.sent tells how it ended")
def _open(message: Message) -> Parcel:
    payload = bytes(message.payload or b"")
    private = keyring.current().worker_private(sealing.id_of(payload))
    opened = sealing.open_sealed(private, payload, aad.bind(TABLE, message.id, "payload"))
    return Parcel(**json.loads(opened))


@transaction.atomic
def _claim(ctx: Context, message_id: UUID) -> Message | None:
    """Take the lease. A lease that ran out means a worker died while sending: nobody knows how far it got."""
    owed = Message.objects.select_for_update(skip_locked=True)
    message = owed.filter(pk=message_id, state__in=OPEN_STATES, due_at__lte=ctx.at).first()
    if message is None:
        return None
    if message.state == MessageState.SENDING:
        after = _after_doubt(message)
        if after is not MessageState.OWED:
            _end(ctx, message, after)
            return message
    message.state = MessageState.SENDING
    message.attempts += 1
    message.due_at = ctx.at + LEASE
    message.save(update_fields=["state", "attempts", "due_at"])
    return message


@transaction.atomic
def _settle(ctx: Context, claimed: Message, after: MessageState) -> MessageState | None:
    """Write the outcome, unless the lease ran out meanwhile and another worker has claimed the message."""
    message = (
        Message.objects.select_for_update()
        .filter(pk=claimed.pk, state=MessageState.SENDING, attempts=claimed.attempts)
        .first()
    )
    if message is None:
        return None
    if after is MessageState.OWED:
        message.state = after
        message.due_at = ctx.at + FIRST_WAIT * 2 ** (message.attempts - 1)
        message.save(update_fields=["state", "due_at"])
    else:
        _end(ctx, message, after)
    return after


def _end(ctx: Context, message: Message, after: MessageState) -> None:
    message.state = after
    message.payload = None
    message.ended_at = ctx.at
    message.save(update_fields=["state", "payload", "ended_at"])
    record(
        ctx,
        Verb.MESSAGE_SENT,
        Subject("message", message.id),
        channel=message.channel,
        template=message.template,
        attempts=message.attempts,
        outcome=after.value,
    )


def _after_refusal(message: Message, error: NotSent) -> MessageState:
    if error.final or message.attempts >= TRIES[Template(message.template)]:
        return MessageState.FAILED
    return MessageState.OWED


def _after_doubt(message: Message) -> MessageState:
    """A code is never sent twice: the person asks for a new one. A notice may arrive twice."""
    if message.template == Template.CODE:
        return MessageState.UNSURE
    return MessageState.FAILED if message.attempts >= TRIES[Template.UPDATE] else MessageState.OWED
