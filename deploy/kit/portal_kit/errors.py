"""What can go wrong, with a sentence that says what to do."""

from __future__ import annotations


class KitError(Exception):
    """Something that the caller can act on. `code` is stable; str() is the sentence."""

    def __init__(self, message: str, code: str = "failed") -> None:
        super().__init__(message)
        self.code = code


class Refused(KitError):
    """The portal refused the request: `code` and the sentence are the portal's own, `status` is HTTP's."""

    def __init__(self, message: str, code: str, status: int) -> None:
        super().__init__(message, code)
        self.status = status


class Restarted(Refused):
    """The agency started the list again: the local copy has to go."""


class NotVerified(KitError):
    """What arrived isn't what the agency signed."""
