"""A native cursor, as it comes back: see hashing.lists.places."""

from __future__ import annotations

import binascii
import struct
from base64 import urlsafe_b64decode
from uuid import UUID

from hashing.api.problems import BadRequest, Gone
from hashing.lists.models import List
from hashing.lists.places import FORM, VERSION, encode

__all__ = ["decode", "encode"]


def decode(hash_list: List, cursor: str) -> int:
    """The position. Raises BadRequest for what isn't a cursor of this list, Gone for an earlier epoch's."""
    try:
        version, list_id, epoch, position = FORM.unpack(urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error, struct.error) as error:
        raise _not_ours("This is no cursor.") from error
    if version != VERSION:
        raise _not_ours("This is no cursor.")
    if UUID(bytes=list_id) != hash_list.pk:
        raise _not_ours("This cursor is for another list.")
    if epoch != hash_list.epoch.encode():
        message = "The list was started again. Discard your copy of it, and pull it without a cursor."
        raise Gone(message, code="list_restarted")
    if position > hash_list.head:
        raise _not_ours("This cursor is ahead of the list.")
    return int(position)


def _not_ours(what: str) -> BadRequest:
    advice = "Send next_cursor of your last page as you got it, or leave it out to start again."
    return BadRequest(f"{what} {advice}", code="bad_cursor")
