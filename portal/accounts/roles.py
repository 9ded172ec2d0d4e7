"""Who may do what: the whole permission matrix. `manage.py permissions` prints it as docs/permissions.md."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CASEWORKER = "caseworker", _("Caseworker")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Perm(StrEnum):
    CASE_READ = "case.read"
    CASE_WORK = "case.work"
    CASE_ASSIGN = "case.assign"
    CASE_WITHDRAW = "case.withdraw"
    CASE_DISPOSE = "case.dispose"
    CONTACT_READ = "contact.read"
    PICTURE_PREVIEW = "picture.preview"
    PICTURE_REVEAL = "picture.reveal"
    PICTURE_FIND = "picture.find"
    MATCH_ELSEWHERE = "match.elsewhere"
    ENTRY_PROPOSE = "entry.propose"
    ENTRY_APPROVE = "entry.approve"
    ENTRY_WITHDRAW = "entry.withdraw"
    NOTICE_APPROVE = "notice.approve"
    HOLD_PLACE = "hold.place"
    REFUSAL_REVIEW = "refusal.review"
    CHILD_SUSPECT = "child.suspect"
    AUDIT_READ = "audit.read"
    STAFF_MANAGE = "staff.manage"
    AGENCY_MANAGE = "agency.manage"
    PARTNER_READ = "partner.read"
    PARTNER_MANAGE = "partner.manage"


_CASEWORK = frozenset(
    {
        Perm.CASE_READ,
        Perm.CASE_WORK,
        Perm.CASE_WITHDRAW,
        Perm.CONTACT_READ,
        Perm.PICTURE_PREVIEW,
        Perm.PICTURE_REVEAL,
        Perm.PICTURE_FIND,
        Perm.ENTRY_PROPOSE,
        Perm.ENTRY_WITHDRAW,
        Perm.CHILD_SUSPECT,
    }
)

MATRIX: dict[Role, frozenset[Perm]] = {
    Role.CASEWORKER: _CASEWORK,
    Role.SUPERVISOR: _CASEWORK
    | {
        Perm.CASE_ASSIGN,
        Perm.CASE_DISPOSE,
        Perm.ENTRY_APPROVE,
        Perm.NOTICE_APPROVE,
        Perm.HOLD_PLACE,
        Perm.REFUSAL_REVIEW,
        Perm.MATCH_ELSEWHERE,
        Perm.PARTNER_READ,
    },
    Role.AUDITOR: frozenset({Perm.AUDIT_READ}),
    Role.ADMINISTRATOR: frozenset(
        {Perm.STAFF_MANAGE, Perm.AGENCY_MANAGE, Perm.PARTNER_READ, Perm.PARTNER_MANAGE}
    ),
}

# Held for the cases of one's own teams only. `entry.withdraw` is not among them: taking an entry off a list
# must never wait for the right team.
TEAM_SCOPED: frozenset[Perm] = frozenset(
    {
        Perm.CASE_READ,
        Perm.CASE_WORK,
        Perm.CASE_ASSIGN,
        Perm.CASE_WITHDRAW,
        Perm.CASE_DISPOSE,
        Perm.CONTACT_READ,
        Perm.PICTURE_PREVIEW,
        Perm.PICTURE_REVEAL,
        Perm.ENTRY_PROPOSE,
        Perm.ENTRY_APPROVE,
        Perm.NOTICE_APPROVE,
        Perm.HOLD_PLACE,
        Perm.REFUSAL_REVIEW,
        Perm.CHILD_SUSPECT,
    }
)
