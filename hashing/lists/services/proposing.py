"""Propose a picture's fingerprints for a list."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hashing.fingerprints.models import Fingerprint
from hashing.lists.bases import Basis
from hashing.lists.digests import digest
from hashing.lists.entries import record_entry
from hashing.lists.models import Entry, EntryFingerprint, List
from hashing.lists.quality import usable
from hashing.lists.states import Rule, State
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Verb
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound


def propose(ctx: Context, *, picture_id: UUID, list_slug: str, basis: Basis, team: UUID | None) -> Entry:
    """Put a picture forward for a list; on a self-reported list that is already the decision.

    `basis` is what the case has on record, checked by the caller in the same transaction. Raises Invalid
    when it or the fingerprints don't suffice, Conflict when the picture is on the list or about to be.
    """
    with transaction.atomic():
        hash_list = List.objects.filter(slug=list_slug).first()
        if hash_list is None:
            raise NotFound(_("There is no such list."), code="no_such_list")
        proposer = _proposer(ctx, hash_list, team)
        _check_basis(basis)
        rows = usable(Fingerprint.objects.filter(picture_id=picture_id))
        if not rows:
            message = _("None of its fingerprints is good enough to list: it has too little detail.")
            raise Invalid(message, code="no_usable_fingerprint")
        entry = _create(ctx, hash_list, picture_id, proposer, rows)
        record_entry(ctx, Verb.ENTRY_PROPOSED, entry, basis=basis.name, fingerprints=len(rows))
        if hash_list.rule == Rule.SELF_REPORTED:
            entry.state, entry.decided_at = State.APPROVED, ctx.at
            entry.save(update_fields=["state", "decided_at"])
            record_entry(ctx, Verb.ENTRY_APPROVED, entry)
        return entry


def _proposer(ctx: Context, hash_list: List, team: UUID | None) -> UUID | None:
    """The id of the member of staff who proposes; None for a person reporting on their own device."""
    if hash_list.rule == Rule.SELF_REPORTED and ctx.actor.kind is ActorKind.PERSON:
        return None
    policy.require(ctx, Perm.ENTRY_PROPOSE, team=team)
    if ctx.actor.kind is not ActorKind.STAFF:
        raise NotAllowed(_("Only staff propose for this list."), code="staff_only")
    return UUID(ctx.actor.id)


def _check_basis(basis: Basis) -> None:
    if not basis.consented:
        raise Invalid(_("There is no consent on record for sharing this."), code="no_consent")
    if not (basis.contact_verified or basis.caseworker_decided):
        message = _("Confirm the person's contact, or record a caseworker's decision, first.")
        raise Invalid(message, code="unverified")


def _create(
    ctx: Context, hash_list: List, picture_id: UUID, proposer: UUID | None, rows: Sequence[Fingerprint]
) -> Entry:
    entry = Entry(
        list=hash_list,
        rule=hash_list.rule,
        picture_id=picture_id,
        proposed_by_id=proposer,
        proposed_at=ctx.at,
        variants=[row.variant for row in rows if row.kind == "pdq"],
    )
    fingerprints = [
        EntryFingerprint(
            entry=entry,
            kind=row.kind,
            variant=row.variant,
            value=row.value,
            quality=row.quality,
            algorithm=row.algorithm,
        )
        for row in rows
    ]
    entry.digest = digest(entry, fingerprints)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("It is on this list, or proposed for it, already."), code="already_there") from error
    EntryFingerprint.objects.bulk_create(fingerprints)
    return entry
