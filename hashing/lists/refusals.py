"""Refusals to partners that the audit log knows the reason of; the partner is told less."""

from __future__ import annotations

from django.db import transaction

from hashing.lists.states import Wire
from portal.audit import Subject, Verb, record
from portal.core.context import Actor, ActorKind, Context
from portal.core.errors import DomainError, NotAllowed, NotFound

UNKNOWN = "unknown"


class Refusal(DomainError):
    """`audit` is for whoever answers it, once what it broke off is rolled back: see hashing.api.problems."""

    partner_id: str
    wire: Wire
    reason: str

    def because(self, *, partner_id: object, wire: Wire, reason: str) -> Refusal:
        self.partner_id, self.wire, self.reason = str(partner_id or UNKNOWN), wire, reason
        return self

    def audit(self) -> None:
        """One entry, and the same work whether there is such a partner or not."""
        with transaction.atomic():
            ctx = Context(Actor(ActorKind.PARTNER, self.partner_id))
            subject = Subject("partner", self.partner_id)
            record(ctx, Verb.PARTNER_REFUSED, subject, wire=str(self.wire), reason=self.reason)


class KeyRefused(Refusal):
    """The same answer whatever was wrong with the key."""

    status = 401
    auth_header = 'Bearer realm="partners"'


class NotEntitled(Refusal, NotFound):
    """There is no such thing, or not for this partner: the answer is the same."""


class NotForYou(Refusal, NotAllowed):
    """The partner knows of it, and may not have it."""
