"""The proof that a case's files and texts were destroyed, for the person, checkable without us.

JSON with the entries of the log that tell of it, each with its proof against a signed checkpoint, and the
log's signature over all of it (deploy/kit/audit_verifier.py certificate FILE). What is still to come is named
with its day.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from cases.models import Case
from hashing.lists.models import Entry
from hashing.lists.records import dropped_on
from portal.audit import Subject, Verb, keys, notes, proofs, record
from portal.audit.models import Checkpoint
from portal.audit.models import Entry as AuditEntry
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, NotFound
from portal.vault.models import Picture, PictureState
from portal.vault.services.sweeping import EPOCH_AFTER

FORMAT = "portal-deletion-certificate/v1"
_TOLD = (
    Verb.PICTURE_SHREDDED,
    Verb.PICTURE_REASONS_SHREDDED,
    Verb.ENTRY_WITHDRAWN,
    Verb.CASE_WITHDRAWN,
    Verb.KEY_ERASED,
)


@transaction.atomic
def certify(ctx: Context, *, case_id: UUID) -> bytes:
    """The certificate of the person's own case, as JSON.

    Raises NotFound for anybody else's, Conflict (not_deleted) while it is not deleted, (not_sealed) for
    the two seconds until the log has sealed what it says.
    """
    case = Case.objects.filter(pk=case_id, destroyed_at__isnull=False).first()
    if ctx.actor.kind is not ActorKind.PERSON or ctx.actor.id != str(case_id):
        raise NotFound(_("There is no such request."), code="no_such_case")
    if case is None:
        raise Conflict(_("Nothing was deleted yet."), code="not_deleted")
    body = _body(ctx, case)
    size = body["entries"][0]["size"] if body["entries"] else 0
    record(ctx, Verb.CASE_CERTIFIED, Subject("case", case.pk), entries=len(body["entries"]), size=size)
    return json.dumps(
        {"certificate": body, "signature": _sign(ctx, body)}, ensure_ascii=False, indent=1
    ).encode()


def _body(ctx: Context, case: Case) -> dict[str, Any]:
    ids = list(case.pictures.order_by("position").values_list("picture_id", flat=True))
    found = Picture.objects.in_bulk(ids)
    # What could not be used was destroyed at once, and is no file of the case.
    pictures = [found[pk] for pk in ids if found[pk].state == PictureState.SHREDDED]
    return {
        "format": FORMAT,
        "made_at": ctx.at.isoformat(),
        "deleted_at": case.destroyed_at.isoformat() if case.destroyed_at else "",
        "files": [str(picture.pk) for picture in pictures],
        "entries": [_proven(entry) for entry in _entries(case, pictures)],
        "still_to_come": _still_to_come(pictures),
    }


def _entries(case: Case, pictures: list[Picture]) -> list[AuditEntry]:
    ids = [picture.pk for picture in pictures]
    listed = Entry.objects.filter(picture_id__in=ids).values_list("pk", flat=True)
    about = (
        Q(subject_type="case", subject_id=str(case.pk))
        | Q(subject_type="picture", subject_id__in=[str(picture.pk) for picture in pictures])
        | Q(subject_type="entry", subject_id__in=[str(pk) for pk in listed])
        | Q(subject_type="epoch", subject_id__in={picture.epoch.isoformat() for picture in pictures})
    )
    return list(AuditEntry.objects.filter(about, verb__in=[str(verb) for verb in _TOLD]).order_by("at", "id"))


def _proven(entry: AuditEntry) -> dict[str, Any]:
    checkpoint = Checkpoint.objects.order_by("-size").first()
    try:
        proof = proofs.of_entry(entry.pk, checkpoint=checkpoint)
    except NotFound as error:
        message = _("This is not ready yet. Try again in a few seconds.")
        raise Conflict(message, code="not_sealed") from error
    size = checkpoint.size if checkpoint else 0
    return {"verb": entry.verb, "subject": f"{entry.subject_type}:{entry.subject_id}", "size": size, **proof}


def _still_to_come(pictures: list[Picture]) -> list[dict[str, str]]:
    """What the agency owes after today, with the day by which it is done."""
    erased = set(
        AuditEntry.objects.filter(verb=Verb.KEY_ERASED, subject_type="epoch").values_list(
            "subject_id", flat=True
        )
    )
    days = {picture.epoch for picture in pictures} - {date.fromisoformat(day) for day in erased}
    owed = [
        (day + EPOCH_AFTER + timedelta(days=1), f"the key of backups of {day} is erased")
        for day in sorted(days)
    ]
    if last := _last_withdrawn(pictures):
        owed.append((dropped_on(last).date(), "partners are told no more which values to drop"))
    return [{"by": day.isoformat(), "what": what} for day, what in owed]


def _last_withdrawn(pictures: list[Picture]) -> datetime | None:
    found = Entry.objects.filter(picture_id__in=[picture.pk for picture in pictures])
    last: datetime | None = found.aggregate(last=Max("withdrawn_at"))["last"]
    return last


def _sign(ctx: Context, body: dict[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return notes.sign(f"{FORMAT}\nsha256 {hashlib.sha256(canonical).hexdigest()}\n", keys.signers(), ctx.at)
