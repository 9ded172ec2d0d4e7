"""Somebody with a letter's link looked whether it is ours."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from portal.audit import Subject, Verb, record
from portal.core.context import Context


@transaction.atomic
def checked(ctx: Context, *, notice_id: UUID) -> None:
    """Audited, so that the desk sees that the letter arrived."""
    record(ctx, Verb.NOTICE_CHECKED, Subject("notice", notice_id))
