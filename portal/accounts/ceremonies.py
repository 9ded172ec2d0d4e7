"""What a browser is asked when a passkey is made or used."""

from __future__ import annotations

from typing import Any

from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential

from portal.accounts.models import Staff
from portal.agency import selectors

Options = dict[str, Any]


class Ceremonies(WebAuthnHelper):  # type: ignore[misc] # not typed
    """The library's, under the agency's neutral name. A passkey's make is never asked for, so not kept."""

    def __init__(self) -> None:
        super().__init__(request=None)

    def get_relying_party_name(self) -> str:
        return selectors.current().neutral_name

    def create_attestation(self, *_: object) -> None:
        """Nothing: there is no statement in it to check later."""


def to_make(staff: Staff) -> tuple[Options, Options]:
    """(what the browser is told, what the session keeps) for a new passkey."""
    options, state = Ceremonies().register_begin(staff)
    return options, state


def to_use(staff: Staff) -> tuple[Options, Options] | None:
    """The same for using one; None when the person has none."""
    if not WebAuthnCredential.objects.filter(user=staff).exists():
        return None
    options, state = Ceremonies().authenticate_begin(staff, require_user_verification=False)
    return options, state
