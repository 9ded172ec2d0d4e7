"""What the person reads and confirms of their own case, with the private key that their code opened."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, ContactKind
from cases.services import sealed, self_reporting
from cases.services.opening import Confirmation
from cases.services.safety import Safety
from cases.services.state_changes import set_state
from cases.states import CaseState
from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from portal.notify.models import Channel
from portal.verify import services as verify
from portal.verify.contacts import Contact


@unrecorded("people read what they wrote themselves; case.followed tells that they came")
def contact(case: Case, private: bytes) -> Contact | None:
    """The sealed contact, or None when there is none (any more)."""
    if case.contact_sealed is None or case.contact_kind == ContactKind.NONE:
        return None
    value = sealed.unseal(private, case.contact_sealed, table=sealed.CASE, row=case.id, field="contact")
    return Contact(Channel(case.contact_kind), value)


@transaction.atomic
def confirm_contact(ctx: Context, *, case_id: UUID, private: bytes, confirmation: Confirmation) -> Case:
    """Note that the sealed contact was confirmed with a code; a new case is then VERIFIED.

    Raises Conflict (code not_confirmed) when the challenge wasn't for this very contact.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None or ctx.actor.id != str(case_id):
        raise NotFound(_("There is no such request."), code="no_such_case")
    details = contact(case, private)
    if details is None or not verify.is_confirmed(
        challenge_id=confirmation.challenge_id, binding=confirmation.binding, contact=details
    ):
        raise Conflict(_("The contact is not confirmed yet."), code="not_confirmed")
    if case.contact_verified_at is not None:
        return case
    case.contact_verified_at = ctx.at
    case.changed_at = ctx.at
    case.save(update_fields=["contact_verified_at", "changed_at"])
    record(ctx, Verb.CASE_CONTACT_VERIFIED, Subject("case", case.id), kind=case.contact_kind)
    if case.state == CaseState.NEW:
        set_state(ctx, case, CaseState.VERIFIED)
    self_reporting.share(ctx, case)
    return case


@unrecorded("people read what they wrote themselves; case.followed tells that they came")
def safety(case: Case, private: bytes) -> Safety:
    """Whether messages may be left at the contact, and when."""
    text = sealed.unseal(private, case.safety_sealed, table=sealed.CASE, row=case.id, field="safety")
    return Safety.read(text)
