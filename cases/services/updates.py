"""Tell the person that something has changed: only where they said that a message is safe."""

from __future__ import annotations

from django.utils import translation

from cases.models import Case
from cases.services import own, sealed
from cases.services.desk_keys import open_case_key
from cases.services.safety import Safety
from portal.audit import unrecorded
from portal.core.context import Context
from portal.crypto.errors import KeyNotHeld
from portal.notify import services as notify
from portal.notify.models import Template


@unrecorded("opens the contact for one neutral message; message.sent tells of it")
def tell(ctx: Context, case: Case) -> bool:
    """Owe the person of a locked case one neutral notice, in their language; whether it is owed.

    Not without a confirmed contact, nor where they didn't say that a message is safe, nor from a process
    that doesn't hold the desk's key.
    """
    if case.contact_verified_at is None or case.private_for_desk is None:
        return False
    try:
        private = open_case_key(case)
    except KeyNotHeld:
        return False
    return tell_with(ctx, case, private)


@unrecorded("opens the contact for one neutral message; message.sent tells of it")
def tell_with(ctx: Context, case: Case, private: bytes) -> bool:
    """The same from a page that the person's own code has opened: about a confirmed contact."""
    if case.contact_verified_at is None:
        return False
    safety = sealed.unseal(private, case.safety_sealed, table=sealed.CASE, row=case.id, field="safety")
    contact = own.contact(case, private)
    if contact is None or not Safety.read(safety).may_write:
        return False
    with translation.override(case.language):
        notify.send(ctx, channel=contact.channel, to=contact.value, template=Template.UPDATE)
    return True
