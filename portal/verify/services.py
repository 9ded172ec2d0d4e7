"""Start and confirm one-time codes.

Locks are always taken in one order: the contact's day, then the challenge.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit import Subject, Verb, record, unrecorded
from portal.core.context import Context
from portal.core.errors import TooMany
from portal.crypto import blind_index
from portal.notify import services as notify
from portal.notify.models import Template
from portal.verify.contacts import Contact
from portal.verify.models import Challenge, ChallengeState, ContactDay

LIFETIME = timedelta(minutes=10)
BETWEEN_SENDS = timedelta(seconds=60)
TRIES_PER_CODE = 5
SENDS_PER_DAY = 5
WRONG_PER_DAY = 15
DIGITS = 6


class Outcome(StrEnum):
    CONFIRMED = "confirmed"
    WRONG = "wrong"
    SPENT = "spent"  # expired, used, replaced, out of tries, or never made: ask for a new code


@transaction.atomic
def start(ctx: Context, *, contact: Contact, binding: str) -> Challenge:
    """Send a new 6-digit code; earlier ones of this binding stop working.

    The answer is the same for every contact: one that has had its codes for the day gets a challenge that
    nothing confirms. Raises TooMany within 60 seconds of this binding's last code.
    """
    day = _locked_day(ctx, contact_key(contact))
    _replace_earlier(ctx, binding_key(binding))
    challenge = Challenge(
        contact_key=contact_key(contact),
        binding_key=binding_key(binding),
        created_at=ctx.at,
        expires_at=ctx.at + LIFETIME,
    )
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    challenge.code_hash = _code_hash(challenge.id, code)
    if _may_send(ctx, day):
        day.sends += 1
        day.last_sent_at = ctx.at
        day.save(update_fields=["sends", "last_sent_at"])
        challenge.message = notify.send(
            ctx, channel=contact.channel, to=contact.value, template=Template.CODE, code=code
        )
    challenge.save(force_insert=True)
    subject = Subject("challenge", challenge.id)
    if challenge.message is None:
        record(ctx, Verb.CODE_REFUSED, subject, reason="day_limit")
    else:
        record(ctx, Verb.CODE_SENT, subject, channel=contact.channel.value)
    return challenge


@transaction.atomic
def confirm(ctx: Context, *, challenge_id: UUID, binding: str, code: str) -> Outcome:
    """Try a code, once per call: at most 5 tries per code and 15 wrong ones per contact and day."""
    known = Challenge.objects.filter(pk=challenge_id, binding_key=binding_key(binding)).first()
    if known is None:
        return Outcome.SPENT
    day = _locked_day(ctx, bytes(known.contact_key))
    challenge = Challenge.objects.select_for_update().get(pk=known.pk)
    outcome = _try(ctx, challenge, day, code)
    challenge.save(update_fields=["state", "tries", "confirmed_at"])
    day.save(update_fields=["wrong"])
    subject = Subject("challenge", challenge.id)
    if outcome is Outcome.CONFIRMED:
        record(ctx, Verb.CODE_CONFIRMED, subject, attempts=challenge.tries)
    else:
        record(ctx, Verb.CODE_REFUSED, subject, reason=outcome.value, attempts=challenge.tries)
    return outcome


def is_confirmed(*, challenge_id: UUID, binding: str, contact: Contact) -> bool:
    """Whether this very contact was confirmed under this binding."""
    return Challenge.objects.filter(
        pk=challenge_id,
        binding_key=binding_key(binding),
        contact_key=contact_key(contact),
        state=ChallengeState.CONFIRMED,
    ).exists()


@unrecorded("counters and codes that are over; the codes themselves are recorded")
def forget(ctx: Context) -> int:
    """Delete challenges and counters that no longer limit anything; how many challenges went."""
    keep_from = ctx.at - timedelta(days=2)
    ContactDay.objects.filter(day__lt=keep_from.date()).delete()
    return Challenge.objects.filter(expires_at__lt=keep_from).delete()[0]


def contact_key(contact: Contact) -> bytes:
    return blind_index.keyed("verify.contact", f"{contact.channel.value}:{contact.value}")


def binding_key(binding: str) -> bytes:
    return blind_index.keyed("verify.binding", binding)


def _code_hash(challenge_id: UUID, code: str) -> bytes:
    return blind_index.keyed("verify.code", f"{challenge_id}:{code}")


def _locked_day(ctx: Context, key: bytes) -> ContactDay:
    """Today's counters, locked; ON CONFLICT DO NOTHING, so that two first visitors don't collide."""
    today = ctx.at.date()
    ContactDay.objects.bulk_create([ContactDay(contact_key=key, day=today)], ignore_conflicts=True)
    return ContactDay.objects.select_for_update().get(contact_key=key, day=today)


def _replace_earlier(ctx: Context, key: bytes) -> None:
    earlier = Challenge.objects.select_for_update().filter(binding_key=key).order_by("-created_at")
    last = earlier.first()
    if last is None:
        return
    wait = last.created_at + BETWEEN_SENDS - ctx.at
    if wait > timedelta(0):
        seconds = int(wait.total_seconds()) + 1
        message = _("Wait a minute before you ask for another code.")
        raise TooMany(message, code="code_too_soon", retry_after=seconds)
    earlier.filter(state=ChallengeState.OPEN).update(state=ChallengeState.REPLACED)


def _may_send(ctx: Context, day: ContactDay) -> bool:
    if day.sends >= SENDS_PER_DAY or day.wrong >= WRONG_PER_DAY:
        return False
    return day.last_sent_at is None or ctx.at - day.last_sent_at >= BETWEEN_SENDS


def _try(ctx: Context, challenge: Challenge, day: ContactDay, code: str) -> Outcome:
    """Count the try first, then compare in constant time."""
    over = ctx.at >= challenge.expires_at or challenge.tries >= TRIES_PER_CODE
    if challenge.state != ChallengeState.OPEN or over or day.wrong >= WRONG_PER_DAY:
        return Outcome.SPENT
    challenge.tries += 1
    typed = "".join(code.split()).replace("-", "")
    right = compare_digest(_code_hash(challenge.id, typed), bytes(challenge.code_hash))
    if right and challenge.message_id is not None:
        challenge.state = ChallengeState.CONFIRMED
        challenge.confirmed_at = ctx.at
        return Outcome.CONFIRMED
    day.wrong += 1
    if challenge.tries >= TRIES_PER_CODE:
        challenge.state = ChallengeState.SPENT
    return Outcome.WRONG
