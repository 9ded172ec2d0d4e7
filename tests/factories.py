"""Rows that tests start from. Each function makes what it needs and no more."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from portal.accounts.models import Staff, TotpDevice
from portal.accounts.roles import Role
from portal.agency.models import Agency, Team
from portal.core import clock
from portal.core.context import Context

_numbers = count(1)


def make_team(name: str | None = None, *, restricted: bool = False) -> Team:
    return Team.objects.create(name=name or f"Team {next(_numbers)}", restricted=restricted)


def make_agency(**changes: object) -> Agency:
    """The one agency, with its intake team; `changes` are its fields."""
    values: dict[str, object] = {"name": "Sample Agency", "neutral_name": "Updates", "jurisdiction": "AU"}
    values |= changes
    if "intake_team" not in values:
        values["intake_team"] = make_team("Intake")
    return Agency.objects.create(**values)


def make_staff(
    role: Role | str = Role.CASEWORKER,
    teams: Iterable[Team] = (),
    *,
    password: str | None = None,
    **fields: object,
) -> Staff:
    """Somebody who has joined, with a confirmed authenticator app.

    Without `password` they have none: making one costs an Argon2id computation.
    """
    number = next(_numbers)
    values: dict[str, object] = {
        "email": f"{role}{number}@agency.example",
        "name": f"{Role(role).name.title()} {number}",
        "joined_at": clock.now(),
    }
    staff = Staff(role=role, **(values | fields))
    staff.set_password(password)
    staff.save()
    staff.teams.set(teams)
    TotpDevice.objects.create(user=staff, name="Authenticator app", confirmed=True)
    return staff


def ctx_of(staff: Staff) -> Context:
    """A fresh action by this person."""
    return Context(staff.actor)
