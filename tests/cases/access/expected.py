"""What each address of the desk answers to whom, by rule: a new address has no expectation and fails.

Whoever lacks the permission is refused before anything else is looked at (403); a method that the page
doesn't have is 405; another team's case is not there (404). What is left is the own team, where the page's
own answer to an empty request is written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver

from portal.accounts.roles import MATRIX, Perm, Role
from tests.cases.desk.test_access import PAGES as DESK
from tests.cases.desk.test_access import TEAMLESS

METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Address:
    """`perm`: None lets every role in. `teamless`: what it shows is not a team's, or nothing when it is."""

    path: str
    methods: str
    perm: Perm | None
    teamless: bool = True


def _manage(path: str, methods: str) -> Address:
    return Address(f"/desk/staff/{path}", methods, Perm.STAFF_MANAGE)


def _log(path: str, methods: str = "GET") -> Address:
    return Address(f"/desk/log/{path}", methods, Perm.AUDIT_READ)


# {s}: a member of staff.
OTHERS: dict[str, Address] = {
    "accounts:logout": Address("/desk/logout", "POST", None),
    "accounts:own": Address("/desk/you/", "GET", None),
    "accounts:recovery_codes": Address("/desk/you/codes", "POST", None),
    "accounts:new_passkey": Address("/desk/you/passkeys/new", "POST", None),
    "accounts:add_passkey": Address("/desk/you/passkeys/add", "POST", None),
    "accounts:remove_passkey": Address("/desk/you/passkeys/1/remove", "POST", None),
    "accounts:end_session": Address("/desk/you/sessions/{v}/end", "POST", None),
    "accounts:end_other_sessions": Address("/desk/you/sessions/end-others", "POST", None),
    "accounts:roles": Address("/desk/roles/", "GET", None),
    "accounts:languages": Address("/desk/languages/", "GET", Perm.AGENCY_MANAGE),
    "accounts:language": Address("/desk/languages/ar/", "GET POST", Perm.AGENCY_MANAGE),
    "accounts:everyone": _manage("", "GET"),
    "accounts:invite": _manage("invite", "GET POST"),
    "accounts:member": _manage("{s}/", "GET"),
    "accounts:change_role": _manage("{s}/role", "GET POST"),
    "accounts:invite_again": _manage("{s}/invite", "POST"),
    "accounts:end_sessions": _manage("{s}/sessions", "POST"),
    "accounts:close": _manage("{s}/close", "GET POST"),
    "auditing:search": _log(""),
    "auditing:case": _log("cases/{r}/"),
    "auditing:day": _log("staff/{s}/2026-03-02/"),
    "auditing:unusual": _log("unusual/"),
    "auditing:exports": _log("exports/", "GET POST"),
    "auditing:export_file": _log("exports/{v}/file"),
}
# Before anybody is logged in. What they answer is their own tests' matter.
DOORS = {f"accounts:{name}" for name in ("login", "code", "authenticator", "square_code", "join")}
ADDRESSES: dict[str, Address] = OTHERS | {
    f"desk:{name}": Address(path, methods, perm, teamless=name in TEAMLESS)
    for name, (path, methods, perm) in DESK.items()
}

# With nothing chosen these lead back to where they were pressed.
NO_CASE_NAMED = {"desk:next", "desk:many"}
# The desk's first page has no permission of its own: it leads each role to its own first page.
FIRST_PAGE = {Role.AUDITOR: 302, Role.ADMINISTRATOR: 302}


def refused(name: str, method: str, role: Role, *, own: bool) -> int | None:
    """The status that turns this role away, or None when the page itself answers."""
    one = ADDRESSES[name]
    if name == "desk:queue" and method == "GET" and role in FIRST_PAGE:
        return FIRST_PAGE[role]
    if name != "desk:queue" and one.perm is not None and one.perm not in MATRIX[role]:
        return 403
    if method not in one.methods.split():
        return 405
    if "{v}" in one.path:
        return 404
    if not own and not one.teamless:
        return 302 if name in NO_CASE_NAMED else 404
    return None


def names(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name with its namespace, address) of everything under these patterns."""
    for one in patterns:
        front = str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from ((name, front + rest) for name, rest in names(one.url_patterns, inner))
        elif isinstance(one, URLPattern):
            yield f"{namespace}{one.name}", front
