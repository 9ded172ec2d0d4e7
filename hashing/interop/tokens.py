"""The StopNCII wire's page token: where the page ended, and where the run will."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from hashing.api.problems import BadRequest
from hashing.lists.models import List

_FORM = struct.Struct(">B16sQQQ")
_VERSION = 1


@dataclass(frozen=True)
class PageToken:
    """After revision `after`, whose time was `last_mod`, up to revision `top`: later changes are the next
    run's, so that they can't shift the pages of this one."""

    list_id: UUID
    after: int
    last_mod: int
    top: int

    def encode(self) -> str:
        packed = _FORM.pack(_VERSION, self.list_id.bytes, self.after, self.last_mod, self.top)
        return urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, hash_list: List) -> PageToken:
        """Raises BadRequest for what isn't a token of this list, or is of a place that it hasn't come to."""
        try:
            version, owner, after, last_mod, top = _FORM.unpack(urlsafe_b64decode(text + "==="))
        except (ValueError, struct.error) as error:
            raise _refused() from error
        reached = after <= top <= hash_list.revision and last_mod <= hash_list.revised_at
        if version != _VERSION or owner != hash_list.pk.bytes or not reached:
            raise _refused()
        return cls(hash_list.pk, after, last_mod, top)


def _refused() -> BadRequest:
    message = "This nextPageToken isn't one of this list's. Start again from your startTimestamp without it."
    return BadRequest(message, code="bad_token")
