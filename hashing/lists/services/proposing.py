"""Propose a picture's fingerprints for a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hashing.enrolment import readiness as enrolment
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.fingerprints.regional.serial import FEWEST_REGIONS
from hashing.lists import guarding, linking, unseen
from hashing.lists.bases import Basis
from hashing.lists.digests import digest
from hashing.lists.entries import record_entry
from hashing.lists.models import Entry, EntryFingerprint, List, Submission, SubmissionFingerprint
from hashing.lists.models.submissions import SubmissionState
from hashing.lists.quality import PERCEPTUAL, usable
from hashing.lists.services.submitting import locked_submission
from hashing.lists.states import NEEDS_TWO, Category, MediaType, Rule, State
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Verb
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound


def propose(
    ctx: Context,
    *,
    picture_id: UUID,
    list_slug: str,
    basis: Basis,
    team: UUID | None,
    category: Category = Category.NCII,
    wait: timedelta = timedelta(),
) -> Entry:
    """Put a picture forward for a list; on a list that needs no second person that is already the decision.

    `basis` is what the case has on record, read in this transaction. Raises Invalid when it or the hashes
    don't suffice, Conflict if it is there already. `wait`: an hour at least for what came from a device.
    """
    with transaction.atomic():
        hash_list = _list(list_slug)
        proposer = _proposer(ctx, hash_list, team)
        _check_basis(basis, hash_list)
        is_unseen = _ready(hash_list, picture_id, basis)
        rows = _listable(ctx, hash_list, picture_id, basis, is_unseen=is_unseen)
        entry = _entry(ctx, hash_list, picture_id, proposer, category)
        wait = max(wait, unseen.WAIT) if is_unseen else wait
        entry.regional, entry.wait_until = basis.regional, ctx.at + wait if wait else None
        return _proposed(ctx, entry, rows, basis)


def propose_submission(
    ctx: Context, *, submission_id: UUID, list_slug: str, basis: Basis, team: UUID, category: Category
) -> Entry:
    """Put a partner's submission forward, as a copy of the picture that it is linked to; always for two.

    Raises Conflict when it isn't linked or was decided already, otherwise as `propose`.
    """
    with transaction.atomic():
        hash_list = _list(list_slug)
        found = locked_submission(submission_id)
        if hash_list.rule not in NEEDS_TWO:
            raise Invalid(_("Two people must decide on what a partner sent."), code="needs_two")
        if found.picture_id is None:
            raise Conflict(_("Link it to a file of a case first."), code="not_linked")
        proposer = _proposer(ctx, hash_list, team)
        _check_basis(basis, hash_list)
        entry = _entry(ctx, hash_list, found.picture_id, proposer, category)
        entry.submission, entry.media_type = found, found.media_type
        rows = _of_submission(found)
        found.state = SubmissionState.PROPOSED
        found.save(update_fields=["state"])
        return _proposed(ctx, entry, rows, basis)


def _of_submission(found: Submission) -> list[SubmissionFingerprint]:
    """What of it may be listed. Raises Invalid when nothing may."""
    sent = list(found.fingerprints.order_by("kind", "variant", "algorithm"))
    rows = guarding.submitted(linking.worth_listing(found, sent))
    if not rows:
        raise Invalid(_("None of its fingerprints can be listed."), code="no_usable_fingerprint")
    if found.media_type == MediaType.IMAGE:  # a video's own bytes are all that there is of it
        _require_perceptual(rows)
    return rows


def _list(slug: str) -> List:
    found = List.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(_("There is no such list."), code="no_such_list")
    return found


def _proposer(ctx: Context, hash_list: List, team: UUID | None) -> UUID | None:
    """The id of the member of staff who proposes; None for a person reporting on their own device, and for
    what an administrator or a command puts into the sandbox."""
    if hash_list.rule == Rule.SELF_REPORTED and ctx.actor.kind is ActorKind.PERSON:
        return None
    if hash_list.rule == Rule.SANDBOX:
        policy.require(ctx, Perm.PARTNER_MANAGE)
        return None
    policy.require(ctx, Perm.ENTRY_PROPOSE, team=team)
    if ctx.actor.kind is not ActorKind.STAFF:
        raise NotAllowed(_("Only staff propose for this list."), code="staff_only")
    return UUID(ctx.actor.id)


def _ready(hash_list: List, picture_id: UUID, basis: Basis) -> bool:
    """Whether only a device has seen the picture. Raises Conflict or Invalid where it can't be listed yet."""
    is_unseen = unseen.is_unseen(picture_id)
    if is_unseen:
        unseen.require(hash_list.rule, basis)
    if is_unseen or hash_list.rule in NEEDS_TWO:
        enrolment.require_ready(picture_id)
    return is_unseen


def _proposed(
    ctx: Context, entry: Entry, rows: Sequence[Fingerprint | SubmissionFingerprint], basis: Basis
) -> Entry:
    """Write the entry; on a list that needs no second person the proposal is the decision."""
    _store(entry, rows)
    record_entry(ctx, Verb.ENTRY_PROPOSED, entry, basis=basis.name, fingerprints=len(rows))
    if entry.rule not in NEEDS_TWO:
        entry.state, entry.decided_at = State.APPROVED, ctx.at
        entry.save(update_fields=["state", "decided_at"])
        record_entry(ctx, Verb.ENTRY_APPROVED, entry)
    return entry


def _listable(
    ctx: Context, hash_list: List, picture_id: UUID, basis: Basis, *, is_unseen: bool
) -> list[Fingerprint]:
    """What of the picture's fingerprints goes on the list. Raises Invalid when that would be of no use, or
    would match something harmless (which the sandbox is for)."""
    rows = usable(Fingerprint.objects.filter(picture_id=picture_id))
    if hash_list.rule != Rule.SANDBOX:
        rows = guarding.listable(guarding.examine(ctx, picture_id=picture_id), rows)
    if is_unseen:
        rows = unseen.listable(rows)
    _require_recognisable(picture_id, rows, basis)
    return rows


def _require_recognisable(picture_id: UUID, rows: Sequence[Fingerprint], basis: Basis) -> None:
    """Raises Invalid when no copy would be recognised by what may be listed: the exact kinds of a picture too
    plain for every other kind would stop no copy, and might be of something harmless."""
    regional = RegionalFingerprint.objects.filter(picture=picture_id, count__gte=FEWEST_REGIONS)
    if not (basis.regional and regional.exists()):
        _require_perceptual(rows)


def _require_perceptual(rows: Sequence[Fingerprint | SubmissionFingerprint]) -> None:
    if not any(row.kind in PERCEPTUAL for row in rows):
        message = _("None of its fingerprints is good enough to list: it has too little detail.")
        raise Invalid(message, code="no_usable_fingerprint")


def _check_basis(basis: Basis, hash_list: List) -> None:
    if hash_list.rule == Rule.SANDBOX:
        return  # pictures that are nobody's
    if not basis.consented:
        raise Invalid(_("There is no consent on record for sharing this."), code="no_consent")
    if not (basis.contact_verified or basis.caseworker_decided):
        message = _("Confirm the person's contact, or record a caseworker's decision, first.")
        raise Invalid(message, code="unverified")


def _entry(
    ctx: Context, hash_list: List, picture_id: UUID, proposer: UUID | None, category: Category
) -> Entry:
    """A new entry, not saved yet. What is in the sandbox is harmless and nothing else is; what may be of a
    child is on restricted lists only."""
    sandbox = hash_list.rule == Rule.SANDBOX
    misplaced = category == Category.CHILD and hash_list.rule != Rule.RESTRICTED
    if misplaced or (category == Category.SANDBOX and not sandbox):
        raise Invalid(_("Choose what was done."), code="no_such_category")
    return Entry(
        list=hash_list,
        rule=hash_list.rule,
        picture_id=picture_id,
        media_type=MediaType.IMAGE,
        category=Category.SANDBOX if sandbox else category,
        proposed_by_id=proposer,
        proposed_at=ctx.at,
        guarded_at=ctx.at,
    )


def _store(entry: Entry, rows: Sequence[Fingerprint | SubmissionFingerprint]) -> None:
    """Save the entry with its own copies of these fingerprints, and the digest over all of it."""
    entry.variants = [row.variant for row in rows if row.kind == "pdq"]
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
