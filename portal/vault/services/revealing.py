"""A reveal: asked for with a reason, rendered by a worker, looked at for a minute, then shredded."""

from __future__ import annotations

from uuid import UUID

from portal.core.context import Context
from portal.vault.models import Reveal


def request_reveal(ctx: Context, *, picture_id: UUID, reason: str, team: UUID) -> Reveal:
    """Ask for a watermarked view of a picture of `team`; the reason has at least 10 characters."""
    raise NotImplementedError


def open_reveal(ctx: Context, *, reveal_id: UUID) -> bytes:
    """The reveal's JPEG bytes, for the person who asked, within 60 seconds of the first opening; audited."""
    raise NotImplementedError
