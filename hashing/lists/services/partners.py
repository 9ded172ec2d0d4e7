"""Lists, partners and what they may pull: what an administrator manages."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hashing.lists.models import Entitlement, List, Partner, PartnerKey
from hashing.lists.models.lists import new_epoch
from hashing.lists.states import Rule
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

# The agency's own member number on the NCMEC wire.
AGENCY_NUMBER = 1


def create_list(ctx: Context, *, slug: str, name: str, rule: Rule, regions: Sequence[str] = ()) -> List:
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        if List.objects.filter(slug=slug).exists():
            raise Conflict(_("There is a list of that name already."), code="list_exists")
        made = List.objects.create(
            slug=slug, name=name, rule=rule, regions=list(regions), distances={"pdq": 31}, epoch=new_epoch()
        )
        record(ctx, Verb.LIST_CREATED, Subject("list", made.pk), list=slug, rule=str(rule))
        return made


def add_partner(ctx: Context, *, name: str) -> Partner:
    """A new partner, entitled to the reviewed lists and no other. Raises Conflict for a name in use."""
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        highest = Partner.objects.aggregate(highest=Max("number"))["highest"] or AGENCY_NUMBER
        try:
            with transaction.atomic():
                partner = Partner.objects.create(name=name, number=highest + 1, added_at=ctx.at)
        except IntegrityError as error:
            message = _("There is a partner of that name already, or another was being added. Try again.")
            raise Conflict(message, code="partner_exists") from error
        reviewed = List.objects.filter(rule=Rule.REVIEWED)
        Entitlement.objects.bulk_create(
            Entitlement(partner=partner, list=each, rule=each.rule, given_at=ctx.at) for each in reviewed
        )
        record(ctx, Verb.PARTNER_ADDED, Subject("partner", partner.pk), lists=len(reviewed))
        return partner


def entitle(
    ctx: Context,
    *,
    partner: Partner,
    hash_list: List,
    asked_for: bool = False,
    regional: bool = False,
    looks: bool = False,
) -> Entitlement:
    """Let a partner pull a list. One that isn't reviewed is given only to a partner that asked for it.

    `regional`: regional codes leave to it, masked for it alone; `looks`: a look-up tells it of "look" too.
    """
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        if hash_list.rule != Rule.REVIEWED and not asked_for:
            message = _("This list isn't reviewed by two people: a partner gets it only by asking for it.")
            raise Invalid(message, code="not_asked_for")
        extent = {"regional": regional, "looks": looks}
        values = {"rule": hash_list.rule, "asked_for": asked_for, "given_at": ctx.at, **extent}
        made, _created = Entitlement.objects.update_or_create(
            partner=partner, list=hash_list, defaults=values
        )
        record(
            ctx,
            Verb.PARTNER_ENTITLED,
            Subject("partner", partner.pk),
            list=hash_list.slug,
            asked_for=asked_for,
            **extent,
        )
        return made


def withdraw_entitlement(ctx: Context, *, partner: Partner, hash_list: List) -> None:
    """End a partner's entitlement to a list, and the keys that serve nothing else."""
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        Entitlement.objects.filter(partner=partner, list=hash_list).delete()
        keys = PartnerKey.objects.filter(partner=partner, list=hash_list, revoked_at=None)
        record(
            ctx,
            Verb.PARTNER_DISENTITLED,
            Subject("partner", partner.pk),
            list=hash_list.slug,
            keys=keys.update(revoked_at=ctx.at),
        )
