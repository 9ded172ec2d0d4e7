"""Put a message into the outbox, in the caller's transaction."""

from __future__ import annotations

from portal.core.context import Context
from portal.notify.models import Channel, Message, Template


def send(ctx: Context, *, channel: Channel, to: str, template: Template, code: str | None = None) -> Message:
    """Owe one message to `to` (an email address or an E.164 number), in the active language.

    Must run inside a transaction; the task is queued on commit. `code` is for Template.CODE only.
    """
    raise NotImplementedError
