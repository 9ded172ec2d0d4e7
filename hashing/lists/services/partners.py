"""Lists, partners and what they may pull: what an administrator manages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hashing.lists.models import Agreement, Entitlement, List, Partner, PartnerKey
from hashing.lists.models.lists import new_epoch
from hashing.lists.quality import MOST_BITS
from hashing.lists.services import webhooks
from hashing.lists.states import GIVEN_TO_ALL, Rule
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

# The agency's own member number on the NCMEC wire.
AGENCY_NUMBER = 1
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def create_list(
    ctx: Context,
    *,
    slug: str,
    name: str,
    rule: Rule,
    regions: Sequence[str] = (),
    distances: Mapping[str, int] | None = None,
) -> List:
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        if List.objects.filter(slug=slug).exists():
            raise Conflict(_("There is a list of that name already."), code="list_exists")
        made = List.objects.create(
            slug=slug,
            name=name,
            rule=rule,
            regions=_regions(regions),
            distances=_distances(distances or {"pdq": 31}),
            epoch=new_epoch(),
        )
        record(ctx, Verb.LIST_CREATED, Subject("list", made.pk), list=slug, rule=str(rule))
        return made


def change_list(
    ctx: Context,
    *,
    hash_list: List,
    name: str | None = None,
    regions: Sequence[str] | None = None,
    distances: Mapping[str, int] | None = None,
) -> List:
    """Change what is given. Its rule never changes: entries were decided by it."""
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        locked = List.objects.select_for_update(no_key=True).get(pk=hash_list.pk)
        given = {
            "name": name,
            "regions": None if regions is None else _regions(regions),
            "distances": None if distances is None else _distances(distances),
        }
        for field, value in given.items():
            if value is not None and getattr(locked, field) != value:
                setattr(locked, field, value)
                locked.save(update_fields=[field])
                record(ctx, Verb.LIST_CHANGED, Subject("list", locked.pk), list=locked.slug, field=field)
        return locked


def _regions(wanted: Sequence[str]) -> list[str]:
    if not all(_REGION.fullmatch(each) for each in wanted):
        raise Invalid(_("Name regions by their ISO 3166 codes, as in AU or AU-NSW."), code="bad_region")
    return list(wanted)


def _distances(wanted: Mapping[str, int]) -> dict[str, int]:
    if not all(0 <= bits <= MOST_BITS.get(kind, -1) for kind, bits in wanted.items()):
        message = _("Recommend for PDQ up to 31 differing bits, for pHash up to 12, for no other kind.")
        raise Invalid(message, code="bad_distance")
    return dict(wanted)


def add_partner(ctx: Context, *, name: str, contact: str = "") -> Partner:
    """A new partner, entitled to nothing before it has agreed (`agree`). Raises Conflict for a name in use.

    `contact` is a role's address: where it is asked to delete everything when it leaves.
    """
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        highest = Partner.objects.aggregate(highest=Max("number"))["highest"] or AGENCY_NUMBER
        try:
            with transaction.atomic():
                partner = Partner.objects.create(
                    name=name, number=highest + 1, added_at=ctx.at, contact=contact
                )
        except IntegrityError as error:
            message = _("There is a partner of that name already, or another was being added. Try again.")
            raise Conflict(message, code="partner_exists") from error
        record(ctx, Verb.PARTNER_ADDED, Subject("partner", partner.pk), lists=0)
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
    Raises Conflict without an agreement in force.
    """
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        if hash_list.rule not in GIVEN_TO_ALL and not asked_for:
            message = _("This list isn't reviewed by two people: a partner gets it only by asking for it.")
            raise Invalid(message, code="not_asked_for")
        extent = {"asked_for": asked_for, "regional": regional, "looks": looks}
        values = {"rule": hash_list.rule, "agreement": _in_force(partner), "given_at": ctx.at, **extent}
        made, _created = Entitlement.objects.update_or_create(
            partner=partner, list=hash_list, defaults=values
        )
        subject = Subject("partner", partner.pk)
        record(ctx, Verb.PARTNER_ENTITLED, subject, list=hash_list.slug, **extent)
        return made


def _in_force(partner: Partner) -> Agreement:
    found = Agreement.objects.select_for_update().filter(partner=partner, ended_at=None).first()
    if found is None:
        raise Conflict(_("Put the partner's agreement on record first."), code="no_agreement")
    return found


def withdraw_entitlement(ctx: Context, *, partner: Partner, hash_list: List) -> None:
    """End a partner's entitlement to a list, and the keys that serve nothing else."""
    with transaction.atomic():
        policy.require(ctx, Perm.PARTNER_MANAGE)
        Entitlement.objects.filter(partner=partner, list=hash_list).delete()
        webhooks.drop_owed(ctx, partner, hash_list)
        keys = PartnerKey.objects.filter(partner=partner, list=hash_list, revoked_at=None)
        record(
            ctx,
            Verb.PARTNER_DISENTITLED,
            Subject("partner", partner.pk),
            list=hash_list.slug,
            keys=keys.update(revoked_at=ctx.at),
        )
