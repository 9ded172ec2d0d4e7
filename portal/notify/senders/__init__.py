"""The ways out of the house, and how they fail."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.conf import settings

from portal.notify.models import Channel
from portal.notify.wording import Parcel


class NotSent(Exception):
    """Certainly not sent. `final` when trying again would change nothing."""

    def __init__(self, *, final: bool) -> None:
        super().__init__()
        self.final = final


class Unsure(Exception):
    """Nobody can say whether it was sent."""


class Sender(Protocol):
    def __call__(self, message_id: UUID, parcel: Parcel) -> None:
        """Send, or raise NotSent or Unsure."""


def sender_for(channel: Channel) -> Sender:
    """The folder where there is one (the sample agency), else the real thing."""
    from portal.notify.senders import folder, sms, smtp  # noqa: PLC0415 (they import this module's errors)

    if settings.OUTBOX_DIR is not None:
        return folder.send
    return smtp.send if channel is Channel.EMAIL else sms.send
