"""Consents: given one by one, withdrawn one by one, never edited."""

from __future__ import annotations

from cases.models import Case, Consent, ConsentKind, Recipient
from hashing.lists.bases import Basis
from portal.audit import Subject, Verb, record
from portal.core.context import Context


def in_force(case: Case, recipient: Recipient, kind: ConsentKind) -> bool:
    return Consent.objects.filter(
        case=case, recipient=recipient, kind=kind, withdrawn_at__isnull=True
    ).exists()


def basis(case: Case) -> Basis:
    """What a caseworker's proposal of one of the case's pictures rests on; read in its transaction."""
    return Basis(
        consented=in_force(case, Recipient.PARTNERS, ConsentKind.FINGERPRINTS),
        contact_verified=case.contact_verified_at is not None,
        caseworker_decided=True,
        regional=in_force(case, Recipient.PARTNERS, ConsentKind.REGIONAL),
    )


def give(ctx: Context, case: Case, recipient: str, kind: str, wording_version: str) -> Consent:
    """Note a consent that is not in force yet, in the words that the person saw. The case is locked."""
    consent = Consent.objects.create(
        case=case, recipient=recipient, kind=kind, wording_version=wording_version, given_at=ctx.at
    )
    record(
        ctx,
        Verb.CASE_CONSENTED,
        Subject("case", case.id),
        recipient=str(recipient),
        kind=str(kind),
        wording=wording_version,
    )
    return consent


def withdraw_all(
    ctx: Context, case: Case, *, recipient: Recipient | None = None, kind: ConsentKind | None = None
) -> int:
    """Withdraw what is in force, for one recipient and kind or all; how many. The case is locked."""
    wanted = Consent.objects.select_for_update().filter(case=case, withdrawn_at__isnull=True)
    if recipient is not None:
        wanted = wanted.filter(recipient=recipient)
    if kind is not None:
        wanted = wanted.filter(kind=kind)
    rows = list(wanted)
    for consent in rows:
        consent.withdrawn_at = max(ctx.at, consent.given_at)
        consent.save(update_fields=["withdrawn_at"])
        record(
            ctx,
            Verb.CASE_CONSENT_WITHDRAWN,
            Subject("case", case.id),
            recipient=consent.recipient,
            kind=consent.kind,
        )
    return len(rows)
