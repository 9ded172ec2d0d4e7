"""What the person changes on their own pages: how to reach them, what they allow, in which language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cases import holds
from cases.models import Case, CasePicture, ConsentKind, ContactKind, Recipient
from cases.services import consents, own, sealed, self_reporting, updates, withdrawal
from cases.services.loading import locked_own
from cases.services.opening import Confirmation, contact_index
from cases.services.safety import Safety
from cases.services.withdrawal import Scope
from cases.states import Decision
from hashing.lists import services as lists
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid
from portal.vault import services as vault
from portal.verify import services as verify
from portal.verify.contacts import Contact


@dataclass(frozen=True)
class Choice:
    """One thing that can be allowed, in the words of `wording_version`."""

    recipient: Recipient
    kind: ConsentKind
    wording_version: str


@transaction.atomic
def change_contact(
    ctx: Context, *, case_id: UUID, private: bytes, contact: Contact | None, confirmation: Confirmation | None
) -> Case:
    """Another contact, confirmed by its own code, or None for none. The old one gets a last neutral message,
    if it was confirmed and the person had said that messages there are safe. What is safe there says nothing
    of the new one: nothing is left at it before the person says that it may.

    Raises Conflict (code not_confirmed) when the challenge wasn't for this very contact.
    """
    case = _alive(ctx, case_id)
    if contact is not None and not _is_confirmed(contact, confirmation):
        raise Conflict(_("The contact is not confirmed yet."), code="not_confirmed")
    before = case.contact_kind
    if own.contact(case, private) != contact:
        updates.tell_with(ctx, case, private)
        case.safety_sealed = None
    _set_contact(ctx, case, contact)
    case.save()
    self_reporting.share(ctx, case)
    kind = case.contact_kind
    record(ctx, Verb.CASE_CONTACT_CHANGED, Subject("case", case.pk), kind=kind, before=before)
    return case


@transaction.atomic
def change_safety(ctx: Context, *, case_id: UUID, safety: Safety) -> Case:
    """Whether messages may be left at the contact, and when is a good time."""
    case = _alive(ctx, case_id)
    public = bytes(case.public_key)
    case.safety_sealed = sealed.seal(public, safety.write(), table=sealed.CASE, row=case.id, field="safety")
    case.save(update_fields=["safety_sealed"])
    record(
        ctx,
        Verb.CASE_CONTACT_CHANGED,
        Subject("case", case.pk),
        kind=case.contact_kind,
        before=case.contact_kind,
    )
    return case


@transaction.atomic
def change_language(ctx: Context, *, case_id: UUID, language: str) -> Case:
    """The language in which messages are sent. Raises Invalid for one that the portal doesn't speak."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid(_("Choose a language."), code="no_such_language")
    case = locked_own(ctx, case_id)
    if case.language != language:
        case.language = language
        case.save(update_fields=["language"])
        record(ctx, Verb.CASE_LANGUAGE_CHANGED, Subject("case", case.pk), language=language.lower())
    return case


@transaction.atomic
def change_consents(
    ctx: Context, *, case_id: UUID, offered: Iterable[Choice], chosen: Iterable[Choice]
) -> Case:
    """Give what is ticked and was not in force, withdraw what is in force and not ticked any more."""
    case = _alive(ctx, case_id)
    wanted = set(chosen)
    for choice in offered:
        in_force = consents.in_force(case, choice.recipient, choice.kind)
        if choice in wanted and not in_force:
            _give(ctx, case, choice)
        elif choice not in wanted and in_force:
            _withdraw(ctx, case, choice)
    self_reporting.share(ctx, case)
    return case


def _alive(ctx: Context, case_id: UUID) -> Case:
    case = locked_own(ctx, case_id)
    if case.private_for_desk is None:
        raise Conflict(_("Everything in this request is deleted, or is about to be."), code="data_destroyed")
    return case


def _is_confirmed(contact: Contact, confirmation: Confirmation | None) -> bool:
    return confirmation is not None and verify.is_confirmed(
        challenge_id=confirmation.challenge_id, binding=confirmation.binding, contact=contact
    )


def _set_contact(ctx: Context, case: Case, contact: Contact | None) -> None:
    if contact is None:
        case.contact_kind, case.contact_sealed, case.contact_index = ContactKind.NONE, None, None
        case.contact_verified_at, case.may_regain = None, False
    else:
        public = bytes(case.public_key)
        case.contact_kind = ContactKind(contact.channel.value)
        case.contact_sealed = sealed.seal(
            public, contact.value, table=sealed.CASE, row=case.id, field="contact"
        )
        case.contact_index, case.contact_verified_at = contact_index(contact), ctx.at
    case.changed_at = ctx.at


def _give(ctx: Context, case: Case, choice: Choice) -> None:
    consents.give(ctx, case, choice.recipient.value, choice.kind.value, choice.wording_version)
    if choice.kind is ConsentKind.EVIDENCE:
        case.pictures.filter(picture__shredded_at=None).update(keep_as_evidence=True)
    if (choice.recipient, choice.kind) == (Recipient.PARTNERS, ConsentKind.FINGERPRINTS):
        case.pictures.update(sharing_stopped_at=None)
    if (choice.recipient, choice.kind) == (Recipient.PARTNERS, ConsentKind.REGIONAL):
        for picture_id in case.pictures.values_list("picture_id", flat=True):
            lists.allow_regional(ctx, picture_id=picture_id)


def _withdraw(ctx: Context, case: Case, choice: Choice) -> None:
    """With the consent ends what rested on it."""
    shared = {ConsentKind.FINGERPRINTS: Scope.SHARING, ConsentKind.REGIONAL: Scope.DETAILS}
    if choice.recipient is Recipient.PARTNERS and choice.kind in shared:
        withdrawal.withdraw(ctx, case_id=case.pk, scope=shared[choice.kind])
    consents.withdraw_all(ctx, case, recipient=choice.recipient, kind=choice.kind)
    if choice.kind is ConsentKind.EVIDENCE:
        _end_evidence(ctx, case)


def _end_evidence(ctx: Context, case: Case) -> None:
    """What was kept only as evidence goes at once: its review is decided."""
    decided = {Decision.LISTED, Decision.NOT_LISTED}
    for row in CasePicture.objects.select_for_update().filter(case=case, keep_as_evidence=True):
        row.keep_as_evidence = False
        row.save(update_fields=["keep_as_evidence"])
        if row.decision in decided and not holds.is_held(case):
            vault.shred(ctx, picture_id=row.picture_id, reason="decided")
