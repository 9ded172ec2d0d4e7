"""Addresses join a case: from the desk, or from the person it belongs to."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cases import addresses
from cases.models import Case, Location
from cases.services import triaging
from cases.services.loading import locked, no_such_case
from cases.services.location_rows import new_location
from cases.states import CLOSED_STATES
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, Invalid

MOST = 300  # in one case


@transaction.atomic
def add(ctx: Context, *, case_id: UUID, typed: str) -> list[Location]:
    """Add the addresses (one per line) that the case doesn't have yet. Perm case.work, or the own case.

    Raises Invalid as cases.addresses.normalise does, Conflict once the case is closed or deleted.
    """
    case = _locked(ctx, case_id)
    if case.destroyed_at is not None or case.state in CLOSED_STATES:
        raise Conflict(_("This request is closed. Open it again first."), code="case_closed")
    known = set(case.locations.values_list("url_index", flat=True))
    new = {addresses.index(each): each for each in reversed(addresses.normalise(typed))}
    wanted = [address for index, address in reversed(new.items()) if index not in known]
    if len(known) + len(wanted) > MOST:
        raise Invalid(_("There are too many addresses in this case."), code="too_many_links")
    last = case.locations.aggregate(last=Max("position"))["last"] or 0
    added = [_add(ctx, case, address, last + number) for number, address in enumerate(wanted, start=1)]
    triaging.assess(ctx, case)
    return added


def _add(ctx: Context, case: Case, address: str, position: int) -> Location:
    row = new_location(ctx, case, address, position)
    row.save(force_insert=True)
    known = {"platform": row.platform} if row.platform else {}
    record(ctx, Verb.LOCATION_ADDED, Subject("location", row.id), case=case.pk, **known)
    return row


def _locked(ctx: Context, case_id: UUID) -> Case:
    if ctx.actor.kind is not ActorKind.PERSON:
        return locked(ctx, case_id, Perm.CASE_WORK)
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None or ctx.actor.id != str(case_id):
        raise no_such_case()
    return case
