"""The sample agency's settings, teams and staff."""

from __future__ import annotations

import secrets
from typing import Any

from portal.accounts import services
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Agency, Team
from portal.core.context import Context

# RFC 2606: no mail can ever reach it, and `check --deploy` knows a sample account by it.
DOMAIN = "sample.example"
HELPLINES = [
    {"name": "Sample Helpline", "phone": "1800 000 000", "url": "", "hours": "All day, every day"},
    {"name": "Sample Chat", "phone": "", "url": "https://chat.sample.example/", "hours": "9 am to 9 pm"},
]
STAFF = (
    ("caseworker", "Casey Worker", Role.CASEWORKER),
    ("supervisor", "Sam Visor", Role.SUPERVISOR),
    ("supervisor2", "Sunny Visor", Role.SUPERVISOR),
    ("auditor", "Audrey Tor", Role.AUDITOR),
    ("administrator", "Addison Min", Role.ADMINISTRATOR),
)
FOR_CHILDREN = "supervisor2"  # in the restricted team too: somebody must see what is given to it
TEAM_ROLES = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


def make_agency(ctx: Context) -> Team:
    """The agency and its teams; returns the team that new cases go to."""
    agency = Agency.objects.select_related("intake_team").first()
    if agency is None:
        agency = services.set_up_agency(
            ctx,
            name="Sample Agency",
            neutral_name="Updates",
            jurisdiction="AU",
            helplines=HELPLINES,
            emergency_phone="000",
            reply_days=2,
            minor_referral_name="Sample Child Protection Service",
            minor_referral_url="https://children.sample.example/",
            reference_contact="1800 000 001",
            alerts_email=f"desk@{DOMAIN}",
        )
        services.add_team(ctx, name="Response")
        services.change_agency(ctx, restricted_team=services.add_team(ctx, name="Protected", restricted=True))
    return agency.intake_team


def make_staff(ctx: Context, team: Team, known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One of each role, and a second supervisor; returns their logins."""
    held = {login["email"]: login for login in known}
    made = []
    for account, name, role in STAFF:
        email = f"{account}@{DOMAIN}"
        staff = Staff.objects.filter(email=email).first()
        if staff is None:
            teams = [team] if role in TEAM_ROLES else []
            if account == FOR_CHILDREN:
                teams += Team.objects.filter(restricted=True)
            staff = services.create_staff(
                ctx, email=email, name=name, role=role, teams=teams, password=secrets.token_urlsafe(20)
            )
            held.pop(email, None)
        made.append(held.get(email) or _new_login(ctx, staff))
    return made


def _new_login(ctx: Context, staff: Staff) -> dict[str, Any]:
    password = secrets.token_urlsafe(15)
    staff.set_password(password)
    staff.save(update_fields=["password"])
    return {
        "email": staff.email,
        "password": password,
        "totp_secret": services.enrol_totp(ctx, staff=staff),
        "role": str(staff.role),
    }
