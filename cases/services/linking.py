"""Somebody says that two cases belong together, or that they don't; and may take it back.

Perm case.work on both. What the two have in common is worked out here and kept with the decision, whatever
a page said.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cases import links
from cases.models import Case, CaseLink, LinkDecision, LinkKind
from cases.services.loading import locked, no_such_case, refuse_if_child
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid


@transaction.atomic
def decide(ctx: Context, *, case_id: UUID, other_id: UUID, decision: LinkDecision) -> CaseLink:
    """Keep what somebody says of a pair. NotFound when either is another team's; Conflict once decided."""
    if case_id == other_id:
        raise Invalid(_("Choose another case."), code="same_case")
    pair = {pk: locked(ctx, pk, Perm.CASE_WORK) for pk in sorted((case_id, other_id))}
    for case in pair.values():
        refuse_if_child(case)
    first, second = pair.values()
    if CaseLink.objects.filter(first=first, second=second, ended_at=None).exists():
        raise Conflict(_("Somebody has decided that already. Reload the page."), code="link_decided")
    kinds = links.in_common(ctx.actor, pair[case_id], pair[other_id]) or [LinkKind.KNOWN]
    link = CaseLink(first=first, second=second, decision=decision, by_id=UUID(ctx.actor.id), at=ctx.at)
    link.kinds = [kind.value for kind in kinds]
    link.save(force_insert=True)
    verb = Verb.CASE_LINKED if decision is LinkDecision.LINKED else Verb.CASE_KEPT_APART
    for case, other in ((first, second), (second, first)):
        record(ctx, verb, Subject("case", case.pk), link=link.pk, other=other.pk, kinds=".".join(link.kinds))
    return link


@transaction.atomic
def undo(ctx: Context, *, link_id: UUID) -> CaseLink:
    """The decision is as if it had not been made: the two are suggested to each other again."""
    ids = CaseLink.objects.filter(pk=link_id).values_list("first", "second").first()
    if ids is None:
        raise no_such_case()
    first, second = (locked(ctx, pk, Perm.CASE_WORK) for pk in ids)
    link = CaseLink.objects.select_for_update().get(pk=link_id)
    if link.ended_at is not None:
        raise Conflict(_("Somebody has undone that already."), code="link_undone")
    link.ended_at = ctx.at
    link.save(update_fields=["ended_at"])
    for case, other in ((first, second), (second, first)):
        record(ctx, Verb.CASE_LINK_UNDONE, Subject("case", case.pk), link=link.pk, other=other.pk)
    return link


def forget(case: Case) -> None:
    """What was decided about a case goes with what was written in it; in the caller's transaction."""
    CaseLink.objects.filter(Q(first=case) | Q(second=case)).delete()
