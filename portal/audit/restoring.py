"""After a backup was restored on purpose: the log is shorter than what was signed, and says so itself."""

from __future__ import annotations

from django.db import transaction

from portal.audit import memory
from portal.audit.models import Checkpoint
from portal.audit.notes import BadNote
from portal.audit.recording import record
from portal.audit.subjects import Subject
from portal.audit.verbs import Verb
from portal.core.context import Context

LOG = Subject("log", "audit")


@transaction.atomic
def restored(ctx: Context) -> int:
    """Put on record that the log goes on from an older copy, and let this machine seal it. Returns how many
    sealed entries the copy has."""
    newest = Checkpoint.objects.order_by("-size").first()
    size = newest.size if newest else 0
    try:
        kept = memory.recall()
    except BadNote:
        kept = None
    record(ctx, Verb.AUDIT_RESTORED, LOG, size=size, before=kept.head.size if kept else 0)
    transaction.on_commit(memory.forget)
    return size
