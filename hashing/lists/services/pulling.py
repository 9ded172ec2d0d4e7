"""What a pull leaves behind: the partner's position and an audit entry, in the transaction that read it."""

from __future__ import annotations

from hashing.lists.models import Entitlement, List, Partner, PartnerKey, PartnerPosition
from hashing.lists.refusals import NotEntitled, Refusal
from hashing.lists.states import Wire
from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context


def entitled_list(partner: Partner, slug: str) -> List:
    """The list, if the partner may pull it. Raises NotEntitled, the same for one that doesn't exist."""
    return entitlement(partner, slug).list


def served_list(key: PartnerKey) -> List:
    """The one list that a wire's key serves. Raises NotEntitled when its partner may no longer pull it."""
    entitled = Entitlement.objects.filter(partner=key.partner_id, list=key.list_id)
    if key.list is None or not entitled.exists():
        raise _not_entitled(key.partner, Wire(key.wire))
    return key.list


def entitlement(partner: Partner, slug: str) -> Entitlement:
    """What the partner is entitled to of a list. Raises NotEntitled."""
    found = Entitlement.objects.select_related("list").filter(
        partner=partner, list__slug=slug.replace("\0", "?")
    )
    given = found.first()
    if given is None:
        raise _not_entitled(partner, Wire.NATIVE)
    return given


def _not_entitled(partner: Partner, wire: Wire) -> Refusal:
    refusal = NotEntitled("There is no list of that name that you are entitled to.", code="no_such_list")
    return refusal.because(partner_id=partner.pk, wire=wire, reason="entitlement")


@unrecorded("locks the partner's place; list.pulled tells what was handed out")
def begin(ctx: Context, *, partner: Partner, wire: Wire, hash_list: List) -> PartnerPosition:
    """The partner's position, locked: its pulls of a list come one after the other.

    So a tombstone can't be left out of one pull while another is still handing the value out.
    """
    place = {"partner": partner, "wire": wire, "list": hash_list}
    rows = PartnerPosition.objects.select_for_update().filter(**place)
    position = rows.first()
    if position is None:
        fresh = PartnerPosition(**place, epoch=hash_list.epoch, pulled_at=ctx.at)
        PartnerPosition.objects.bulk_create([fresh], ignore_conflicts=True)
        position = rows.get()
    if position.epoch != hash_list.epoch:
        position.epoch, position.position, position.proven = hash_list.epoch, 0, 0
    return position


def finish(
    ctx: Context,
    position: PartnerPosition,
    *,
    after: int,
    handed: int,
    entries: int,
    proven: int | None = None,
) -> None:
    """Record that what follows `after` up to `handed` was given out.

    `proven` is how far the request shows that the partner has stored; `after` unless told otherwise. A
    request can be made up: nobody has stored what was never handed out, and who starts beyond that and gets
    nothing has still not been handed what lies before.
    """
    before = position.position
    if entries or after <= before:
        position.position = max(before, handed)
    position.proven = max(position.proven, min(before, after if proven is None else proven))
    position.pulled_at = ctx.at
    position.save(update_fields=["epoch", "position", "proven", "pulled_at"])
    record(
        ctx,
        Verb.LIST_PULLED,
        Subject("list", position.list_id),
        wire=str(position.wire),
        after=after,
        position=handed,
        entries=entries,
    )
