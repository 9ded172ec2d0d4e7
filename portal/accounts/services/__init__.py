"""Everything that changes an account, or records what was done with one."""

from __future__ import annotations

from portal.accounts.services.desk_sessions import (
    end_all_sessions,
    end_other_sessions,
    end_session,
    note_session,
)
from portal.accounts.services.inviting import Invitation, create_staff, invite, invite_again
from portal.accounts.services.joining import join
from portal.accounts.services.logging_in import check_password, log_out
from portal.accounts.services.managing import change_role, deactivate
from portal.accounts.services.passkeys import (
    add_passkey,
    log_in_with_passkey,
    remove_passkey,
    step_up_with_passkey,
)
from portal.accounts.services.recovery import make_recovery_codes
from portal.accounts.services.second_factor import confirm_totp, enrol_totp, log_in, step_up
from portal.accounts.services.settings import add_team, change_agency, set_up_agency
from portal.accounts.services.wording import approve_wording

__all__ = [
    "Invitation",
    "add_passkey",
    "add_team",
    "approve_wording",
    "change_agency",
    "change_role",
    "check_password",
    "confirm_totp",
    "create_staff",
    "deactivate",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "enrol_totp",
    "invite",
    "invite_again",
    "join",
    "log_in",
    "log_in_with_passkey",
    "log_out",
    "make_recovery_codes",
    "note_session",
    "remove_passkey",
    "set_up_agency",
    "step_up",
    "step_up_with_passkey",
]
