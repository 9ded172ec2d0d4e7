"""Approving translations that a machine made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.agency import selectors
from portal.agency.catalogues import Wording
from portal.agency.models import ApprovedWording
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict

BATCH = 50


def next_batch(language: str) -> list[Wording]:
    """The next strings to read: as many as one page shows."""
    return selectors.unapproved(language)[:BATCH]


def seal_of(shown: Sequence[Wording]) -> str:
    """Names exactly what a page showed."""
    return hashlib.sha256("".join(one.digest for one in shown).encode()).hexdigest()


@transaction.atomic
def approve_wording(ctx: Context, *, language: str, shown: str) -> int:
    """Approve the batch that was shown, whole; how many strings. Perm agency.manage.

    Raises Conflict (code wording_changed) when it isn't the next batch any more.
    """
    policy.require(ctx, Perm.AGENCY_MANAGE)
    batch = next_batch(language)
    if not batch or seal_of(batch) != shown:
        message = _("Somebody approved these, or they have changed. Read what is shown now.")
        raise Conflict(message, code="wording_changed")
    rows = [
        ApprovedWording(language=language, digest=one.digest, approved_by=ctx.actor.id, approved_at=ctx.at)
        for one in batch
    ]
    made = ApprovedWording.objects.bulk_create(rows, ignore_conflicts=True)
    subject = Subject("language", language)
    record(ctx, Verb.AGENCY_WORDING_APPROVED, subject, language=language, strings=len(made))
    return len(made)
