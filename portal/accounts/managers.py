"""How staff are found and made."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.contrib.auth.models import BaseUserManager

if TYPE_CHECKING:
    from portal.accounts.models import Staff


class StaffManager(BaseUserManager["Staff"]):
    """Every look-up and every write goes through one normal form of the address."""

    @staticmethod
    def normalise(email: str) -> str:
        """One form per address: NFKC, no space around it, lower case throughout."""
        return unicodedata.normalize("NFKC", email).strip().lower()

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return cls.normalise(email or "")

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(email=self.normalise(username or ""))
