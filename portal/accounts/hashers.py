"""Passwords of staff: Django's Argon2id, within the slots that bound the machine's memory."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

from portal.crypto import slots


class BoundedArgon2(Argon2PasswordHasher):
    """The same hashes as Django's own: only how many run at once is bounded."""

    def encode(self, password: str, salt: str) -> str:
        with slots.one():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with slots.one():
            return super().verify(password, encoded)
