"""Everything that changes an account, or records what was done with one."""

from __future__ import annotations

from portal.accounts.services.inviting import Invitation, create_staff, invite, invite_again
from portal.accounts.services.joining import join
from portal.accounts.services.logging_in import check_password, log_out
from portal.accounts.services.managing import change_role, deactivate
from portal.accounts.services.second_factor import confirm_totp, enrol_totp, log_in, step_up
from portal.accounts.services.settings import add_team, change_agency, set_up_agency
from portal.accounts.services.wording import approve_wording

__all__ = [
    "Invitation",
    "add_team",
    "approve_wording",
    "change_agency",
    "change_role",
    "check_password",
    "confirm_totp",
    "create_staff",
    "deactivate",
    "enrol_totp",
    "invite",
    "invite_again",
    "join",
    "log_in",
    "log_out",
    "set_up_agency",
    "step_up",
]
