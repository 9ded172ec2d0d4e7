"""Words on a case, to find it by. They stand in clear and on no log: only that there are more or fewer."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models.finding import TAG, CaseTag
from cases.services.loading import locked
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

MOST = 20  # on one case


@transaction.atomic
def add(ctx: Context, *, case_id: UUID, name: str) -> None:
    """Put a tag on a case; one that it has stays. Perm case.work. Raises Invalid (code tag_format)."""
    case = locked(ctx, case_id, Perm.CASE_WORK)
    word = canonical(name)
    if case.destroyed_at is not None or case.tags.count() >= MOST:
        raise Conflict(_("This case can have no more tags."), code="too_many_tags")
    _tag, new = CaseTag.objects.get_or_create(case=case, name=word)
    if new:
        record(ctx, Verb.CASE_TAGGED, Subject("case", case.pk), tags=case.tags.count())


@transaction.atomic
def remove(ctx: Context, *, case_id: UUID, name: str) -> None:
    """Take a tag off a case, if it is there. Perm case.work."""
    case = locked(ctx, case_id, Perm.CASE_WORK)
    gone, _rows = case.tags.filter(name=canonical(name)).delete()
    if gone:
        record(ctx, Verb.CASE_TAGGED, Subject("case", case.pk), tags=case.tags.count())


def canonical(name: str) -> str:
    """In lower case, without # in front. Raises Invalid (code tag_format)."""
    word = name.strip().removeprefix("#").casefold()
    if not re.fullmatch(TAG, word):
        raise Invalid(_("A tag is one word of 2 to 30 letters, such as school."), code="tag_format")
    return word
