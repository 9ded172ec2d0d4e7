"""The audit log's published checkpoint by mail, once a day: what lies in others' mailboxes can't be taken
back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from portal.audit import Subject, Verb, exporting, publishing, record
from portal.audit.models import Entry
from portal.core.context import Context
from portal.notify.models import Channel, Template
from portal.notify.services import send

EVERY = timedelta(days=1)
_LOCK = int.from_bytes(b"audit-ml", "big") >> 1


@transaction.atomic
def mail(ctx: Context) -> int:
    """Owe each of CHECKPOINT_MAIL_TO the newest published checkpoint, if the last mail is a day old; how
    many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    published = publishing.newest()
    mailed = Entry.objects.filter(verb=Verb.CHECKPOINT_MAILED, at__gt=ctx.at - EVERY)
    if published is None or not settings.CHECKPOINT_MAIL_TO or mailed.exists():
        return 0
    note = exporting.with_cosignatures(published.checkpoint)
    for address in settings.CHECKPOINT_MAIL_TO:
        send(ctx, channel=Channel.EMAIL, to=address, template=Template.PROOF, about=note)
    count = len(settings.CHECKPOINT_MAIL_TO)
    record(ctx, Verb.CHECKPOINT_MAILED, Subject("checkpoint", str(published.pk)), recipients=count)
    return count
