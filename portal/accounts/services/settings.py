"""Changes to the agency's settings, by those who may make them."""

from __future__ import annotations

from typing import Any

from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.agency import services
from portal.agency.models import Agency, Team
from portal.core.context import Context


def set_up_agency(ctx: Context, *, name: str, neutral_name: str, jurisdiction: str, **more: Any) -> Agency:
    """Make the agency: see agency.services.set_up."""
    policy.require(ctx, Perm.AGENCY_MANAGE)
    return services.set_up(ctx, name=name, neutral_name=neutral_name, jurisdiction=jurisdiction, **more)


def change_agency(ctx: Context, **changes: Any) -> Agency:
    """Set the given fields of the agency: see agency.services.change."""
    policy.require(ctx, Perm.AGENCY_MANAGE)
    return services.change(ctx, **changes)


def add_team(ctx: Context, *, name: str, restricted: bool = False) -> Team:
    policy.require(ctx, Perm.AGENCY_MANAGE)
    return services.add_team(ctx, name=name, restricted=restricted)
