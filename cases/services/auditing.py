"""What auditors do: their own reading is on record too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction

from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, exports, record
from portal.audit.models import Export
from portal.core.context import Context

LOG = Subject("log", "audit")
SHOWN = 20


@transaction.atomic
def note_reading(ctx: Context, *, part: str, about: Subject = LOG) -> None:
    """Record that a part of the log was read: search, case, day, unusual, exports."""
    policy.require(ctx, Perm.AUDIT_READ)
    record(ctx, Verb.AUDIT_READ, about, part=part)


@dataclass(frozen=True)
class OwnExport:
    export: Export
    reason: str


@transaction.atomic
def own_exports(ctx: Context) -> list[OwnExport]:
    """The last ones that oneself asked for, newest first, each with its reason. Perm audit.read."""
    note_reading(ctx, part="exports")
    rows = Export.objects.filter(staff_id=ctx.actor.id).order_by("-asked_at")[:SHOWN]
    return [OwnExport(row, row.reason) for row in rows]


@transaction.atomic
def ask_export(ctx: Context, *, since: int, reason: str) -> Export:
    """Ask for a part of the log as files. Perm audit.read."""
    policy.require(ctx, Perm.AUDIT_READ)
    return exports.ask(ctx, since=since, reason=reason)


@transaction.atomic
def take_export(ctx: Context, *, export_id: UUID) -> File[Any]:
    """The file that oneself asked for. Perm audit.read."""
    policy.require(ctx, Perm.AUDIT_READ)
    return exports.take(ctx, export_id=export_id)
