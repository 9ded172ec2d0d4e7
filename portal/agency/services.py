"""Changes to the agency's settings and teams: each is audited with the names of the fields, never values.

This app stands below the accounts, so it can't ask who may do this: accounts.services does, and is what
pages call.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.agency import selectors
from portal.agency.errors import NotSetUp
from portal.agency.models import Agency, Team
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

CHANGEABLE = frozenset(
    {
        "name",
        "neutral_name",
        "helplines",
        "exit_url",
        "jurisdiction",
        "minor_route",
        "minor_referral_name",
        "minor_referral_url",
        "emergency_phone",
        "reply_days",
        "retention_days",
        "retention_by_outcome",
        "disposal_review_days",
        "backup_days",
        "looks_a_day",
        "looks_then_rest",
        "reference_contact",
        "alerts_email",
        "notices_email",
        "notices_phone",
        "child_files",
        "intake_team",
        "restricted_team",
    }
)


@transaction.atomic
def set_up(ctx: Context, *, name: str, neutral_name: str, jurisdiction: str, **more: Any) -> Agency:
    """Make the agency, with a team "Intake" unless `intake_team` is given; Conflict if there is one."""
    if Agency.objects.exists():
        raise Conflict(_("The agency is set up already."), code="agency_exists")
    team = more.pop("intake_team", None) or add_team(ctx, name="Intake")
    agency = Agency(name=name, neutral_name=neutral_name, jurisdiction=jurisdiction, intake_team=team)
    fields = {"name", "neutral_name", "jurisdiction", "intake_team"}
    return _save(ctx, agency, _assign(agency, more) | fields)


@transaction.atomic
def change(ctx: Context, **changes: Any) -> Agency:
    """Set the given fields; writes one entry for each that really changed."""
    agency = Agency.objects.select_for_update().first()
    if agency is None:
        raise NotSetUp
    return _save(ctx, agency, _assign(agency, changes))


@transaction.atomic
def add_team(ctx: Context, *, name: str, restricted: bool = False) -> Team:
    """Make a team; Conflict if the name is taken."""
    team = Team(name=name.strip(), restricted=restricted)
    if Team.objects.filter(name__iexact=team.name).exists():
        raise Conflict(_("There is a team of that name already."), code="team_exists")
    _check(team)
    team.save()
    record(ctx, Verb.AGENCY_CHANGED, Subject("team", team.pk), field="restricted" if restricted else "name")
    return team


def _assign(agency: Agency, values: dict[str, Any]) -> set[str]:
    """Set the values; returns the names of those that differ."""
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not settings of an agency: {', '.join(sorted(unknown))}")
    changed = {name for name, value in values.items() if getattr(agency, name) != value}
    for name in changed:
        setattr(agency, name, values[name])
    return changed


def _save(ctx: Context, agency: Agency, changed: set[str]) -> Agency:
    if agency.restricted_team is not None and not agency.restricted_team.restricted:
        raise Invalid(_("Choose a team that is restricted."), code="team_not_restricted")
    _check(agency)
    agency.save()
    for name in sorted(changed):
        record(ctx, Verb.AGENCY_CHANGED, Subject("agency", str(agency.pk)), field=name)
    selectors.forget()
    transaction.on_commit(selectors.forget)
    return agency


def _check(row: Agency | Team) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid("; ".join(error.messages), code="agency_invalid") from error
