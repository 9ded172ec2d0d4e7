"""Exports that somebody asks for at the desk: made by a worker, fetched within a week, then gone.

Who may ask is the caller's rule. An export holds nothing but the log: no personal data.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from portal.audit import exporting
from portal.audit.commitments import commitment
from portal.audit.models import Export, ExportState
from portal.audit.recording import record
from portal.audit.subjects import Subject
from portal.audit.verbs import Verb
from portal.core.context import Context
from portal.core.errors import DomainError, Invalid, NotFound

KEPT = timedelta(days=7)
SHORTEST_REASON = 10
_FOLDER = "exports"


@transaction.atomic
def ask(ctx: Context, *, since: int, reason: str) -> Export:
    """Owe an export of everything from place `since` on. Raises Invalid for a reason under 10 characters."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid("Give a reason of at least 10 characters.", code="reason_too_short")
    salt = os.urandom(16)
    export = Export.objects.create(
        staff_id=UUID(ctx.actor.id), since=since, reason=reason, reason_salt=salt, asked_at=ctx.at
    )
    subject = Subject("export", export.id)
    record(ctx, Verb.AUDIT_EXPORT_ASKED, subject, since=since, reason=commitment(reason, salt))
    return export


@transaction.atomic
def make_next(ctx: Context) -> Export | None:
    """Make the oldest export that is owed. A worker killed meanwhile leaves it owed."""
    owed = Export.objects.select_for_update(skip_locked=True).filter(state=ExportState.ASKED)
    export = owed.order_by("asked_at").first()
    if export is None:
        return None
    try:
        export.storage_name, export.size = _store(export)
        export.state, export.ready_at = ExportState.READY, ctx.at
    except DomainError:
        export.state = ExportState.FAILED
    export.save(update_fields=["storage_name", "size", "state", "ready_at"])
    size = {} if export.size is None else {"size": export.size}
    record(ctx, Verb.AUDIT_EXPORTED, Subject("export", export.id), since=export.since, **size)
    return export


def _store(export: Export) -> tuple[str, int]:
    """(name in the storage, the tree's size)."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            size = exporting.export(archive.writestr, since=export.since)
        file.seek(0)
        return default_storage.save(f"{_FOLDER}/{export.id}.zip", File(file)), size


@transaction.atomic
def take(ctx: Context, *, export_id: UUID) -> File[Any]:
    """The file, for the person who asked. Raises NotFound for anybody else, and when it is not there."""
    export = Export.objects.filter(pk=export_id, staff_id=ctx.actor.id, state=ExportState.READY).first()
    if export is None:
        raise NotFound("There is no such export, or it is gone.", code="no_such_export")
    record(ctx, Verb.AUDIT_EXPORT_TAKEN, Subject("export", export.id))
    return default_storage.open(export.storage_name)


@transaction.atomic
def end_old(ctx: Context) -> int:
    """Delete the files that are a week old; how many. What was asked for, and why, stays on record."""
    old = Export.objects.select_for_update(skip_locked=True).filter(
        state=ExportState.READY, ready_at__lte=ctx.at - KEPT
    )
    ended = list(old)
    for export in ended:
        default_storage.delete(export.storage_name)
        export.state, export.storage_name = ExportState.GONE, ""
        export.save(update_fields=["state", "storage_name"])
        record(ctx, Verb.AUDIT_EXPORT_ENDED, Subject("export", export.id), outcome="expired")
    return len(ended)
