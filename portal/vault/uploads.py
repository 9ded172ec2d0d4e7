"""Uploads: refused everywhere, except where a view asks for the vault, which encrypts them as they stream."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

MAX_BYTES = 50_000_000
MAX_FILES = 20


@dataclass
class StagedPicture:
    """An upload's encrypted bytes in storage, not yet a picture. Closing it (the request's end does) discards
    it unless it was accepted. `refusal` is a code of portal.vault.refusals, or None."""

    id: UUID
    size: int
    media_type: str
    refusal: str | None
    width: int | None = None
    height: int | None = None
    wrapped_key: bytes = field(default=b"", repr=False)
    epoch: date = date.min
    storage_name: str = ""
    accepted: bool = False

    def close(self) -> None:
        """Called by Django when the request ends."""


class UploadRefused(BadRequest):
    """A file was sent to a page that takes none."""


class RefuseUploads(FileUploadHandler):
    """The site's default: a file in any form is refused before its first byte is kept."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        raise UploadRefused("This page takes no files.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def use_vault(request: HttpRequest) -> None:
    """Take the files of this request into the vault. Call it before request.POST is touched, so from a
    csrf_exempt view that calls a csrf_protect one; request.FILES then holds StagedPicture objects."""
    raise NotImplementedError
