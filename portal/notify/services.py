"""Put a message into the outbox, in the caller's transaction."""

from __future__ import annotations

import json
from dataclasses import asdict
from uuid import UUID

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.audit import unrecorded
from portal.core.context import Context
from portal.crypto import aad, keyring, sealing
from portal.notify import wording
from portal.notify.models import Channel, Message, Template
from portal.notify.wording import Parcel

TABLE = "notify_message"


@unrecorded("a message is only owed here; message.sent tells how its sending ended")
@transaction.atomic
def send(
    ctx: Context,
    *,
    channel: Channel,
    to: str,
    template: Template,
    code: str | None = None,
    about: str | None = None,
) -> Message:
    """Owe one message to `to` (an email address or an E.164 number), in the active language.

    The task is queued when the caller's transaction commits. `code` is for Template.CODE only,
    `about` for Template.SILENCE (a partner's name), Template.PROOF (the note) and Template.DIGEST (its
    lines).
    """
    return _owe(ctx, channel, template, wording.write(template, to=to, code=code, about=about))


@unrecorded("a message is only owed here; message.sent tells how its sending ended")
@transaction.atomic
def send_notice(ctx: Context, *, parcel: Parcel) -> Message:
    """Owe a removal notice to a platform, as it was written: `parcel` names the agency as its sender."""
    return _owe(ctx, Channel.EMAIL, Template.NOTICE, parcel)


def _owe(ctx: Context, channel: Channel, template: Template, written: Parcel) -> Message:
    message = Message(channel=channel, template=template, created_at=ctx.at, due_at=ctx.at)
    parcel = json.dumps(asdict(written)).encode()
    public = keyring.current().worker_public()
    message.payload = sealing.seal(public, parcel, aad.bind(TABLE, message.id, "payload"))
    message.save(force_insert=True)
    transaction.on_commit(lambda: queue(message.id))
    return message


def queue(message_id: UUID) -> None:
    """Ask a worker to deliver; with no broker, the beat task finds the row."""
    try:
        current_app.send_task("notify.deliver", [str(message_id)], retry=False)
    except (OperationalError, RedisError, OSError):
        return
