"""The proof that a case's files and texts were destroyed, for the person, checkable without us.

JSON with the entries of the log that tell of it, each with its proof against a signed checkpoint, and the
log's signature over all of it (deploy/kit/audit_verifier.py certificate FILE). What is still to come is named
with its day. The first can be had from the deletion on; the final one is made once, when every partner has
pulled past the withdrawal, or 45 days after it, and says who had not.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cases.models import Case, CasePicture
from cases.services import proof_facts
from cases.services.proof_facts import Holder
from hashing.lists.models import Entry
from hashing.lists.records import dropped_on
from hashing.lists.states import OPEN, FeedState
from portal.audit import Subject, Verb, keys, notes, proofs, record
from portal.audit.models import Checkpoint
from portal.audit.models import Entry as AuditEntry
from portal.core.context import ActorKind, Context
from portal.core.errors import Conflict, NotFound
from portal.core.references import grouped
from portal.vault.models import Picture

FORMAT = "portal-deletion-certificate/v2"
DELETION, FINAL = "deletion", "final"
_BATCH = 50
_TOLD = (
    Verb.PICTURE_SHREDDED,
    Verb.PICTURE_REASONS_SHREDDED,
    Verb.ENTRY_WITHDRAWN,
    Verb.CASE_WITHDRAWN,
    Verb.KEY_ERASED,
)


@transaction.atomic
def certify(ctx: Context, *, case_id: UUID) -> bytes:
    """The newest certificate of the person's own case, as JSON: the final one once there is one.

    Raises NotFound for anybody else's, Conflict (not_deleted) while it is not deleted, (not_sealed) for
    the two seconds until the log has sealed what it says.
    """
    case = Case.objects.filter(pk=case_id, destroyed_at__isnull=False).first()
    if ctx.actor.kind is not ActorKind.PERSON or ctx.actor.id != str(case_id):
        raise NotFound(_("There is no such request."), code="no_such_case")
    if case is None:
        raise Conflict(_("Nothing was deleted yet."), code="not_deleted")
    signed = bytes(case.final_proof) if case.final_proof else _signed(ctx, case, DELETION)
    found = json.loads(signed)["certificate"]["entries"]
    size = found[0]["size"] if found else 0
    record(ctx, Verb.CASE_CERTIFIED, Subject("case", case.pk), entries=len(found), size=size)
    return signed


def settle(ctx: Context) -> int:
    """Make the final certificates that can be made now; how many. What isn't sealed yet is left to the next
    run."""
    shared = CasePicture.objects.filter(
        case=OuterRef("pk"), picture_id__in=Entry.objects.filter(state__in=OPEN).values("picture_id")
    )
    waiting = Case.objects.filter(~Exists(shared), destroyed_at__isnull=False, final_proof=None)
    waiting = waiting.filter(private_for_code__isnull=False).order_by("destroyed_at")
    ids = list(waiting.values_list("pk", flat=True)[:_BATCH])
    return sum(_settle(ctx, pk) for pk in ids)


@transaction.atomic
def _settle(ctx: Context, case_id: UUID) -> bool:
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True)
    case = rows.filter(pk=case_id, destroyed_at__isnull=False, final_proof=None).first()
    if case is None or not _is_over(ctx, case):
        return False
    try:
        signed = _signed(ctx, case, FINAL)
    except Conflict:
        return False
    case.final_proof, case.final_proof_at = signed, ctx.at
    case.save(update_fields=["final_proof", "final_proof_at"])
    body = json.loads(signed)["certificate"]
    past = sum(bool(one["pulled_past_at"]) for one in body["partners"])
    record(
        ctx,
        Verb.CASE_PROOF_FINAL,
        Subject("case", case.pk),
        entries=len(body["entries"]),
        size=body["entries"][0]["size"] if body["entries"] else 0,
        partners=len(body["partners"]),
        past=past,
    )
    return True


def _is_over(ctx: Context, case: Case) -> bool:
    """Nothing of it is shared, and every partner has pulled past the withdrawal or has had its 45 days."""
    pictures = proof_facts.files(case)
    found = proof_facts.entries(pictures)
    if any(not _has_ended(entry) for entry in found):
        return False
    last = proof_facts.last_withdrawn(pictures)
    waited = last is not None and ctx.at >= dropped_on(last)
    return waited or all(holder.pull for holder in proof_facts.holders(case, found))


def _has_ended(entry: Entry) -> bool:
    """Off every list, and if it ever was in a feed, its tombstone is too."""
    return entry.state not in OPEN and entry.published in {"", FeedState.WITHDRAWN}


def _signed(ctx: Context, case: Case, kind: str) -> bytes:
    body = _body(ctx, case, kind)
    return json.dumps(
        {"certificate": body, "signature": _sign(ctx, body)}, ensure_ascii=False, indent=1
    ).encode()


def _body(ctx: Context, case: Case, kind: str) -> dict[str, Any]:
    pictures = proof_facts.files(case)
    found = proof_facts.entries(pictures)
    checkpoint = Checkpoint.objects.order_by("-size").first()
    return {
        "format": FORMAT,
        "kind": kind,
        "reference": grouped(case.reference),
        "made_at": ctx.at.isoformat(),
        "deleted_at": case.destroyed_at.isoformat() if case.destroyed_at else "",
        "counts": proof_facts.counts(case, pictures),
        "files": [str(picture.pk) for picture in pictures],
        "entries": [_proven(entry, checkpoint) for entry in _told(case, pictures, found)],
        "partners": [_partner(holder, checkpoint) for holder in proof_facts.holders(case, found)],
        "still_to_come": proof_facts.still_to_come(pictures),
        "backups": proof_facts.backups(case),
        "kept_by_law": proof_facts.kept_by_law(case),
    }


def _told(case: Case, pictures: list[Picture], found: list[Entry]) -> list[AuditEntry]:
    about = (
        Q(subject_type="case", subject_id=str(case.pk))
        | Q(subject_type="picture", subject_id__in=[str(picture.pk) for picture in pictures])
        | Q(subject_type="entry", subject_id__in=[str(entry.pk) for entry in found])
        | Q(subject_type="epoch", subject_id__in={picture.epoch.isoformat() for picture in pictures})
    )
    return list(AuditEntry.objects.filter(about, verb__in=[str(verb) for verb in _TOLD]).order_by("at", "id"))


def _proven(entry: AuditEntry, checkpoint: Checkpoint | None) -> dict[str, Any]:
    try:
        proof = proofs.of_entry(entry.pk, checkpoint=checkpoint)
    except NotFound as error:
        message = _("This is not ready yet. Try again in a few seconds.")
        raise Conflict(message, code="not_sealed") from error
    size = checkpoint.size if checkpoint else 0
    return {"verb": entry.verb, "subject": f"{entry.subject_type}:{entry.subject_id}", "size": size, **proof}


def _partner(holder: Holder, checkpoint: Checkpoint | None) -> dict[str, Any]:
    """A pull whose proof isn't there yet counts as none yet: the next certificate has it."""
    pull = None
    if holder.pull is not None:
        with suppress(NotFound):
            pull = proofs.of_entry(holder.pull.pk, checkpoint=checkpoint)
    return {
        "partner": holder.partner,
        "partner_id": holder.partner_id,
        "wire": holder.wire,
        "entry": str(holder.entry.pk),
        "pulled_past_at": holder.pull.at.isoformat() if holder.pull and pull else "",
        "pull": pull,
    }


def _sign(ctx: Context, body: dict[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return notes.sign(f"{FORMAT}\nsha256 {hashlib.sha256(canonical).hexdigest()}\n", keys.signers(), ctx.at)
