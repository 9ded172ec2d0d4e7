"""A lost code, regained by whoever proves control of the contact, if the person wanted that and a caseworker
agrees.

The person is given the new code when they ask, and it opens nothing yet. Only what it derives is kept, sealed
to the desk, which wraps the case's key with it when it agrees: nobody at the agency ever sees a code, and
none is sent. A request that fits no case leaves the same rows and costs the same work.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Purpose, Regain, RegainState, Visit
from cases.services import updates
from cases.services.desk_keys import open_case_key
from cases.services.loading import locked, locked_own
from cases.services.opening import Confirmation, contact_index
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record, unrecorded
from portal.core import references
from portal.core.context import Actor, ActorKind, Context
from portal.core.errors import Conflict, NotFound
from portal.crypto import aad, case_keys, keyring, passwords, sealing
from portal.verify import services as verify
from portal.verify.contacts import Contact

TABLE = "cases_regain"
STAYS = timedelta(days=14)


@transaction.atomic
def ask(ctx: Context, *, reference: str, contact: Contact, confirmation: Confirmation) -> str:
    """A new access code, good for nothing until a caseworker agrees; the same whether anything fits.

    Raises Conflict (code not_confirmed) when the challenge wasn't for this very contact.
    """
    if not verify.is_confirmed(
        challenge_id=confirmation.challenge_id, binding=confirmation.binding, contact=contact
    ):
        raise Conflict(_("The contact is not confirmed yet."), code="not_confirmed")
    code, salt, regain = references.new_access_code(), passwords.new_salt(), Regain(asked_at=ctx.at)
    derived = case_keys.derive_for_code(code, salt)
    case = _fitting(reference, contact)
    regain.case, regain.salt = case, salt
    regain.key_sealed = sealing.seal(keyring.current().desk_public(), derived, _place(regain.id))
    _replace(ctx, case.pk if case else uuid4())
    regain.save(force_insert=True)
    actor = Actor(ActorKind.PERSON, str(case.pk) if case else ctx.actor.id)
    subject = Subject("case", case.pk) if case else Subject("regain", regain.id)
    record(Context(actor, ctx.action_id, ctx.at), Verb.CASE_REGAIN_ASKED, subject, regain=regain.id)
    return code


@transaction.atomic
def decide(ctx: Context, *, case_id: UUID, agree: bool) -> Regain:
    """A caseworker agrees or not. Perm case.work; the page asks for the second factor again.

    Agreed: the new code opens the case, the old one and every page that it had opened do so no more. Either
    way the person hears that there is an update.
    """
    case = locked(ctx, case_id, Perm.CASE_WORK)
    regain = _asked(case)
    if agree:
        _wrap_anew(case, regain)
        Visit.objects.filter(case=case, purpose=Purpose.FOLLOW).delete()
    _end(ctx, regain, RegainState.GRANTED if agree else RegainState.REFUSED)
    updates.tell(ctx, case)
    return regain


@transaction.atomic
def stop(ctx: Context, *, case_id: UUID) -> Regain:
    """The person, who still has their code, says that they did not ask."""
    regain = _asked(locked_own(ctx, case_id))
    _end(ctx, regain, RegainState.REFUSED)
    return regain


@transaction.atomic
def allow(ctx: Context, *, case_id: UUID, allowed: bool) -> Case:
    """The person chooses whether a lost code may be regained; without a contact it can't be."""
    case = locked_own(ctx, case_id)
    if allowed and case.contact_sealed is None:
        raise Conflict(_("Give us a contact first."), code="no_contact")
    if case.may_regain != allowed:
        case.may_regain = allowed
        case.save(update_fields=["may_regain"])
        record(ctx, Verb.CASE_REGAIN_ALLOWED, Subject("case", case.pk), allowed=allowed)
    return case


def forget(ctx: Context) -> int:
    """End what nobody decided on for 14 days, and delete decoys; how many."""
    old = Regain.objects.filter(state=RegainState.ASKED, asked_at__lte=ctx.at - STAYS)
    return sum(_forget(ctx, pk) for pk in list(old.values_list("pk", flat=True)[:100]))


@transaction.atomic
def _forget(ctx: Context, regain_id: UUID) -> bool:
    rows = Regain.objects.select_for_update(of=("self",), skip_locked=True)
    regain = rows.filter(pk=regain_id, state=RegainState.ASKED).first()
    if regain is None:
        return False
    _end(ctx, regain, RegainState.REFUSED)
    if regain.case_id is None:
        regain.delete()
    return True


def _fitting(reference: str, contact: Contact) -> Case | None:
    """The case of that reference, if this is its confirmed contact and the person wanted to be able to."""
    rows = Case.objects.select_for_update(of=("self",))
    return rows.filter(
        reference=references.normalise(reference),
        may_regain=True,
        contact_kind=contact.channel.value,
        contact_index=contact_index(contact),
        contact_verified_at__isnull=False,
        private_for_desk__isnull=False,
    ).first()


def _asked(case: Case) -> Regain:
    regain = Regain.objects.select_for_update().filter(case=case, state=RegainState.ASKED).first()
    if regain is None:
        raise NotFound(_("Nobody asks for a new code."), code="no_such_regain")
    return regain


def _replace(ctx: Context, case_id: UUID) -> None:
    """An earlier request of the same case that nobody has decided on gives way."""
    earlier = Regain.objects.filter(case_id=case_id, state=RegainState.ASKED)
    earlier.update(state=RegainState.REPLACED, key_sealed=None, decided_at=ctx.at)


@unrecorded("wraps a case's key anew for its person; that the new code was given is recorded")
def _wrap_anew(case: Case, regain: Regain) -> None:
    key_sealed = bytes(regain.key_sealed or b"")
    desk = keyring.current().desk_private(sealing.id_of(key_sealed))
    derived = sealing.open_sealed(desk, key_sealed, _place(regain.id))
    pair = sealing.KeyPair(public=bytes(case.public_key), private=open_case_key(case))
    case.private_for_code, case.code_salt = case_keys.wrap_with_derived(pair, derived), bytes(regain.salt)
    case.save(update_fields=["private_for_code", "code_salt"])


def _end(ctx: Context, regain: Regain, to: RegainState) -> None:
    regain.state, regain.key_sealed, regain.decided_at = to, None, ctx.at
    regain.decided_by_id = UUID(ctx.actor.id) if ctx.actor.kind is ActorKind.STAFF else None
    regain.save(update_fields=["state", "key_sealed", "decided_at", "decided_by"])
    subject = Subject("case", regain.case_id) if regain.case_id else Subject("regain", regain.id)
    record(ctx, Verb.CASE_REGAIN_DECIDED, subject, regain=regain.id, outcome=to.value)


def _place(regain_id: UUID) -> bytes:
    return aad.bind(TABLE, regain_id, "key")
