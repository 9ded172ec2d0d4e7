"""Once a day, each member of staff hears how many things are due: numbers, and nothing of any case."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import ngettext

from cases import deadlines
from cases.models import Digest
from portal.accounts import policy
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.audit import unrecorded
from portal.core.context import Context
from portal.notify import services as notify
from portal.notify.models import Channel, Template

EVERY = timedelta(hours=23)
AHEAD = timedelta(hours=24)


def send(ctx: Context) -> int:
    """Owe everybody who works on cases and has something due their mail, once a day; how many."""
    told = Digest.objects.filter(sent_at__gt=ctx.at - EVERY).values("staff")
    people = Staff.objects.filter(is_active=True, joined_at__isnull=False).exclude(pk__in=told)
    return sum(_send(ctx, person) for person in people.order_by("pk"))


@unrecorded("numbers for a member of staff; message.sent tells of the mail")
@transaction.atomic
def _send(ctx: Context, person: Staff) -> bool:
    if not policy.holds(person.actor, Perm.CASE_WORK):
        return False
    Digest.objects.get_or_create(staff=person, defaults={"sent_at": ctx.at - EVERY})
    row = Digest.objects.select_for_update().get(staff=person)
    rows = deadlines.of_teams(person.actor, mine=True)
    over, soon = rows.filter(due_at__lt=ctx.at).count(), _soon(ctx, person)
    if row.sent_at > ctx.at - EVERY or not (over or soon):
        return False
    row.sent_at = ctx.at
    row.save(update_fields=["sent_at"])
    notify.send(ctx, channel=Channel.EMAIL, to=person.email, template=Template.DIGEST, about=text(over, soon))
    return True


def _soon(ctx: Context, person: Staff) -> int:
    rows = deadlines.of_teams(person.actor, mine=True)
    return rows.filter(due_at__gte=ctx.at, due_at__lt=ctx.at + AHEAD).count()


def text(over: int, soon: int) -> str:
    """Two short lines that say nothing of what is due."""
    lines = []
    if over:
        lines.append(ngettext("%(n)d is overdue.", "%(n)d are overdue.", over) % {"n": over})
    if soon:
        lines.append(
            ngettext("%(n)d is due within a day.", "%(n)d are due within a day.", soon) % {"n": soon}
        )
    return "\n".join(lines)
