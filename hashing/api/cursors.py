"""A native cursor: a list, its epoch and a position, opaque to its holder."""

from __future__ import annotations

import binascii
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from hashing.api.problems import BadRequest, Gone
from hashing.lists.models import List

_FORM = struct.Struct(">B16s11sQ")
_VERSION = 1


def encode(hash_list: List, position: int) -> str:
    packed = _FORM.pack(_VERSION, hash_list.pk.bytes, hash_list.epoch.encode(), position)
    return urlsafe_b64encode(packed).decode()


def decode(hash_list: List, cursor: str) -> int:
    """The position. Raises BadRequest for what isn't a cursor of this list, Gone for an earlier epoch's."""
    try:
        version, list_id, epoch, position = _FORM.unpack(urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error, struct.error) as error:
        raise _not_ours("This is no cursor.") from error
    if version != _VERSION:
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
