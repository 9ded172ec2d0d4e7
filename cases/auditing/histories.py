"""A case's whole history, and a day of a member of staff."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import selectors
from cases.models import Case
from portal.accounts import policy
from portal.accounts.models import Staff
from portal.accounts.roles import Perm
from portal.audit.models import Entry
from portal.core import paging, references
from portal.core.context import Actor, ActorKind
from portal.core.errors import NotFound
from portal.core.paging import Page

PAGE = 100


def case_of(actor: Actor, reference: str) -> Case:
    """Any team's case, by its reference: auditors read the log, not what it is about. Perm audit.read."""
    policy.require(actor, Perm.AUDIT_READ)
    case = Case.objects.filter(reference=references.normalise(reference)).first()
    if case is None:
        raise NotFound(_("There is no such case."), code="no_such_case")
    return case


def of_case(actor: Actor, case: Case, *, cursor: str = "") -> Page[Entry]:
    """What was done with a case, its pictures and their entries, reads included, newest first."""
    policy.require(actor, Perm.AUDIT_READ)
    rows = Entry.objects.filter(selectors.about(case))
    return paging.page(rows, time_field="at", cursor=cursor, size=PAGE, newest_first=True)


def member(actor: Actor, staff_id: UUID) -> Staff:
    policy.require(actor, Perm.AUDIT_READ)
    found = Staff.objects.filter(pk=staff_id).first()
    if found is None:
        raise NotFound(_("There is no such member of staff."), code="no_such_staff")
    return found


def of_day(actor: Actor, staff: Staff, day: date, *, cursor: str = "") -> Page[Entry]:
    """What somebody did, or had done to their account, on a day of the desk's time zone, oldest first."""
    policy.require(actor, Perm.AUDIT_READ)
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    own = Q(actor_kind=ActorKind.STAFF, actor_id=str(staff.pk))
    about = Q(subject_type="staff", subject_id=str(staff.pk))
    rows = Entry.objects.filter(own | about, at__gte=start, at__lt=start + timedelta(days=1))
    return paging.page(rows, time_field="at", cursor=cursor, size=PAGE)
