"""The permission matrix as a page to read: docs/permissions.md is this, and a test compares them."""

from __future__ import annotations

from portal.accounts.roles import MATRIX, TEAM_SCOPED, Perm, Role

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


def _cell(role: Role, perm: Perm) -> str:
    if perm not in MATRIX[role]:
        return ""
    return "own teams" if perm in TEAM_SCOPED else "yes"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
