"""On what a proposal rests, and what issuing a key hands back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Basis:
    """Why a picture may be listed. `consented`: consent on record for partners and for fingerprints;
    `regional`: and, apart from that, for its regional codes."""

    consented: bool
    contact_verified: bool
    caseworker_decided: bool
    regional: bool = False

    @property
    def name(self) -> str:
        """What the audit log calls it."""
        return "caseworker_decided" if self.caseworker_decided else "contact_verified"


@dataclass(frozen=True)
class IssuedKey:
    """A fresh credential; the secret is shown once and never stored.

    native: `Authorization: Bearer prefix.secret`; StopNCII: subscription key = prefix, function key = secret;
    NCMEC: user name = prefix, password = secret.
    """

    prefix: str
    secret: str

    @property
    def bearer(self) -> str:
        return f"{self.prefix}.{self.secret}"
