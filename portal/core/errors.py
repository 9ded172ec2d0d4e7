"""What a service raises when it can't do as asked; one place turns it into a page or a JSON answer."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal with a sentence for the reader (translated) and a stable code for programs."""

    status = 400

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Invalid(DomainError):
    """The input can't be used; the message says what to do."""

    status = 422


class NotAllowed(DomainError):
    """The actor may see the thing but may not do this with it."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or the actor may not see it: the answer is the same."""

    status = 404


class Conflict(DomainError):
    """The thing has moved on: somebody else acted first, or its state forbids this."""

    status = 409


class TooMany(DomainError):
    """A limit is reached. `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, *, code: str, retry_after: int) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A part that this needs is down; nothing is lost. `retry_after` is in seconds."""

    status = 503

    def __init__(self, message: str, *, code: str, retry_after: int) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
