"""What a page may say about a code that is under way."""

from __future__ import annotations

from portal.notify.models import MessageState
from portal.verify.models import Challenge


def has_trouble(challenge_id: str) -> bool:
    """Whether the code's message failed, or nobody knows if it went: the person should ask for a new one."""
    if not challenge_id:
        return False
    states = [MessageState.UNSURE, MessageState.FAILED]
    return Challenge.objects.filter(pk=challenge_id, message__state__in=states).exists()
