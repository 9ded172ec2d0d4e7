"""The permission matrix as a page to read: docs/permissions.md is this, and a test compares them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import MATRIX, TEAM_SCOPED, Perm, Role

WORDS: dict[Perm, Promise] = {
    Perm.CASE_READ: _("See cases"),
    Perm.CASE_WORK: _("Work on cases: move them, write to people, keep addresses and notices"),
    Perm.CASE_ASSIGN: _("Give cases to somebody else"),
    Perm.CASE_WITHDRAW: _("Take a case or a file back for the person"),
    Perm.CASE_DISPOSE: _("Dispose of cases whose time is over, together with somebody else"),
    Perm.CONTACT_READ: _("See how to reach the person"),
    Perm.PICTURE_PREVIEW: _("See blurred grey previews"),
    Perm.PICTURE_REVEAL: _("Look at a file for 60 seconds"),
    Perm.PICTURE_FIND: _("Look up a file among those that are held or listed"),
    Perm.MATCH_ELSEWHERE: _("Learn that another team has the same file"),
    Perm.ENTRY_PROPOSE: _("Propose a file for a list"),
    Perm.ENTRY_APPROVE: _("Approve what somebody else proposed for a list"),
    Perm.ENTRY_WITHDRAW: _("Take an entry off a list"),
    Perm.NOTICE_APPROVE: _("Approve a removal notice that somebody else wrote"),
    Perm.HOLD_PLACE: _("Propose, agree to and end a legal hold"),
    Perm.REFUSAL_REVIEW: _("Review a refusal that somebody else wrote"),
    Perm.CHILD_SUSPECT: _("Lock a case because a child is suspected"),
    Perm.AUDIT_READ: _("Read the log"),
    Perm.STAFF_MANAGE: _("Manage accounts"),
    Perm.AGENCY_MANAGE: _("Manage the agency's settings and languages"),
    Perm.PARTNER_READ: _("See partners"),
    Perm.PARTNER_MANAGE: _("Manage partners"),
}

_INTRODUCTION = """\
# Who may do what

This page is what `manage.py permissions` prints from `portal/accounts/roles.py`; a test fails when they
differ.

*own teams* means: for the cases of the teams that the person belongs to, and no others. A restricted team's
cases are open to its members only. Administrators manage accounts, not cases; auditors read the log, not
what it is about. Nobody holds a permission that is not in this table.
"""


def render() -> str:
    """The page as Markdown, with a line for every permission and a column for every role."""
    head = ["permission", *(role.value for role in Role)]
    lines = [_row(head), _row(["---"] * len(head))]
    lines += [_row([f"`{perm}`", *(_cell(role, perm) for role in Role)]) for perm in Perm]
    return _INTRODUCTION + "\n" + "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Line:
    """What a permission lets one do, and for each role "" (no), "own" (own teams' cases) or "all"."""

    perm: Perm
    words: str
    roles: list[tuple[Role, str]]


def table() -> list[Line]:
    """The matrix for the page at the desk: a line for every permission."""
    return [
        Line(perm, str(WORDS.get(perm, perm.value)), [(role, _extent(role, perm)) for role in Role])
        for perm in Perm
    ]


def _extent(role: Role, perm: Perm) -> str:
    if perm not in MATRIX[role]:
        return ""
    return "own" if perm in TEAM_SCOPED else "all"


def _cell(role: Role, perm: Perm) -> str:
    return {"": "", "own": "own teams", "all": "yes"}[_extent(role, perm)]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
