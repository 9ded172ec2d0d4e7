"""What somebody is told whose one-time code was not taken."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.verify.services import Outcome


def refusal(outcome: Outcome) -> str:
    if outcome is Outcome.WRONG:
        return _("That is not the code that we sent. Check it, and enter it again.")
    return _("This code does not work any more. Ask for a new one.")
