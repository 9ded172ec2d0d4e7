"""Take fingerprints that a partner submits. They list nothing: they wait for the desk's decision."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hashing.fingerprints.models import Kind
from hashing.lists import quality
from hashing.lists.linking import nearest_picture
from hashing.lists.models import Partner, Submission, SubmissionFingerprint
from hashing.lists.models.submissions import SubmissionState
from hashing.lists.states import MediaType, Reason, Wire
from hashing.lists.submitted import Submitted
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotFound, TooMany

# Of one post. A picture with all its PDQ variants and the exact kinds stays below it.
MOST = 100
# Of one partner, waiting at the desk at a time: more is no help to anybody.
WAITING_MOST = 10_000
_DAY = 24 * 3600
_EXACT = (Kind.SHA256, Kind.MD5)


def require_room(partner: Partner, more: int) -> None:
    """Raises TooMany when too many of the partner's would be waiting."""
    waiting = Submission.objects.filter(partner=partner, state=SubmissionState.WAITING)
    if waiting.count() + more > WAITING_MOST:
        message = _("Too much of what you sent is still waiting for the agency. Try again in a day.")
        raise TooMany(message, code="too_many_waiting", retry_after=_DAY)


def submit(
    ctx: Context,
    *,
    partner: Partner,
    wire: Wire,
    fingerprints: Sequence[Submitted],
    media_type: MediaType = MediaType.IMAGE,
) -> Submission:
    """Store the fingerprints of one removed post; the same ones again return the submission that is there.

    Raises Invalid when one is malformed or of insufficient quality: nothing of it is stored then.
    """
    _check(fingerprints)
    with transaction.atomic():
        whole = _digest(media_type, fingerprints)
        made = Submission(partner=partner, wire=wire, received_at=ctx.at, media_type=media_type, digest=whole)
        Submission.objects.bulk_create([made], ignore_conflicts=True)
        found = Submission.objects.select_for_update().get(partner=partner, digest=whole)
        if found.pk != made.pk:
            return found
        SubmissionFingerprint.objects.bulk_create(_row(found, each) for each in fingerprints)
        _link(found, fingerprints)
        record(
            ctx,
            Verb.SUBMISSION_RECEIVED,
            Subject("submission", found.pk),
            wire=str(wire),
            fingerprints=len(fingerprints),
            linked=found.picture_id is not None,
        )
        return found


def link_submission(ctx: Context, *, submission_id: UUID, picture_id: UUID, team: UUID) -> Submission:
    """Say of which picture it is a copy; `cases` has checked that the picture is of a case of `team`."""
    with transaction.atomic():
        policy.require(ctx, Perm.ENTRY_PROPOSE, team=team)
        found = locked_submission(submission_id)
        found.picture_id, found.distance = picture_id, None
        found.save(update_fields=["picture_id", "distance"])
        record(ctx, Verb.SUBMISSION_LINKED, Subject("submission", found.pk), picture=picture_id)
        return found


def refuse_submission(ctx: Context, *, submission_id: UUID, reason: Reason, team: UUID | None) -> Submission:
    """Not for a list: its fingerprints are deleted, and the same ones from the same partner stay refused."""
    with transaction.atomic():
        policy.require(ctx, Perm.ENTRY_PROPOSE, team=team)
        found = locked_submission(submission_id)
        _refuse(ctx, found, reason)
        return found


def drop_submissions(ctx: Context, which: Q, reason: Reason) -> None:
    """What these submissions hold is wanted no more: part of a withdrawal, in its transaction. They stay
    refused, without their fingerprints."""
    held = Submission.objects.filter(which).exclude(state=SubmissionState.REFUSED)
    for found in held.select_for_update().order_by("pk"):
        _refuse(ctx, found, reason)


def _refuse(ctx: Context, found: Submission, reason: Reason) -> None:
    found.state, found.reason, found.closed_at = SubmissionState.REFUSED, reason, ctx.at
    found.save(update_fields=["state", "reason", "closed_at"])
    found.fingerprints.all().delete()
    record(ctx, Verb.SUBMISSION_REFUSED, Subject("submission", found.pk), reason=str(reason))


@unrecorded("part of a rejection, which entry.rejected tells of")
def reopen_submission(submission_id: UUID) -> None:
    """The second person didn't agree: it waits again."""
    proposed = Submission.objects.filter(pk=submission_id, state=SubmissionState.PROPOSED)
    proposed.update(state=SubmissionState.WAITING)


def locked_submission(submission_id: UUID) -> Submission:
    """A waiting submission, locked. Raises NotFound, or Conflict when it was decided already."""
    found = Submission.objects.select_for_update().filter(pk=submission_id).first()
    if found is None:
        raise NotFound(_("There is nothing here."), code="no_such_submission")
    if found.state != SubmissionState.WAITING:
        raise Conflict(_("This has been decided already."), code="submission_decided")
    return found


def _check(fingerprints: Sequence[Submitted]) -> None:
    if not 1 <= len(fingerprints) <= MOST:
        raise Invalid(_("Send between 1 and 100 fingerprints of a post."), code="bad_count")
    exact = [each.kind for each in fingerprints if each.kind in _EXACT]
    if len({each.name for each in fingerprints}) < len(fingerprints) or len(set(exact)) < len(exact):
        raise Invalid(_("Send each kind and variant once."), code="twice")
    for each in fingerprints:
        if not quality.acceptable(each.kind, each.value, each.quality):
            message = _("A fingerprint is malformed or of too low a quality to match by.")
            raise Invalid(message, code="bad_fingerprint")


def _digest(media_type: MediaType, fingerprints: Sequence[Submitted]) -> str:
    lines = sorted([each.kind, each.variant, each.value] for each in fingerprints)
    return hashlib.sha256(json.dumps([media_type, *lines], separators=(",", ":")).encode()).hexdigest()


def _row(found: Submission, each: Submitted) -> SubmissionFingerprint:
    return SubmissionFingerprint(
        submission=found,
        kind=each.kind,
        variant=each.variant,
        value=each.value,
        quality=each.quality,
        algorithm=each.algorithm,
    )


def _link(found: Submission, fingerprints: Sequence[Submitted]) -> None:
    near = nearest_picture(fingerprints)
    if near is not None:
        found.picture_id, found.distance = near
        found.save(update_fields=["picture_id", "distance"])
