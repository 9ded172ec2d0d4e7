"""Uploads: refused everywhere, except where a view asks for the vault, which encrypts them as they stream."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

from portal.vault.formats import MAX_BYTES
from portal.vault.staging import Stage, StagedPicture

__all__ = [
    "MAX_BYTES",
    "MAX_FILES",
    "RefuseUploads",
    "StagedPicture",
    "UploadRefused",
    "staged_files",
    "use_vault",
]

MAX_FILES = 20
ALIVE_SECONDS = 60.0
_MAX_REQUEST = MAX_FILES * MAX_BYTES + 2_000_000


class UploadRefused(BadRequest):
    """A file was sent to a page that takes none, or more than any page takes."""


class RefuseUploads(FileUploadHandler):
    """The site's default: a file in any form is refused before its first byte is kept."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise UploadRefused("This page takes no files.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


class VaultUploads(FileUploadHandler):
    """Parses the whole request itself, so that an upload that breaks off at any byte leaves nothing."""

    def __init__(self, request: HttpRequest, alive: Callable[[], object]) -> None:
        super().__init__(request)
        self._alive = alive

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 (Django's name)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        if content_length > _MAX_REQUEST:
            raise UploadRefused("These files are too large together.")
        stream = _Stream(self._alive)
        try:
            post, files = MultiPartParser(META, input_data, [stream], encoding).parse()
        except BaseException:
            stream.abandon()
            raise
        return post, files

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


class _Stream(FileUploadHandler):
    """Passes each file's pieces to a stage of its own."""

    def __init__(self, alive: Callable[[], object]) -> None:
        super().__init__()
        self._alive, self._told_at = alive, time.monotonic()
        self._stage: Stage | None = None
        self._files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._files += 1
        self._stage = Stage(refusal="too_many" if self._files > MAX_FILES else None)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self._stage is not None:
            self._stage.add(raw_data)
        if time.monotonic() - self._told_at >= ALIVE_SECONDS:
            self._alive()
            self._told_at = time.monotonic()
        return None

    def file_complete(self, file_size: int) -> Any:
        staged = self._stage.finish() if self._stage is not None else None
        self._stage = None
        return staged

    def upload_interrupted(self) -> None:
        self.abandon()

    def abandon(self) -> None:
        stage, self._stage = self._stage, None
        if stage is not None:
            stage.abandon()


def use_vault(request: HttpRequest, *, alive: Callable[[], object] = bool) -> None:
    """Take the files of this request into the vault. Call it before request.POST is touched, so from a
    csrf_exempt view that calls a csrf_protect one; request.FILES then holds StagedPicture objects.

    `alive` is called once a minute while they arrive.
    """
    request.upload_handlers = [VaultUploads(request, alive)]


def staged_files(request: HttpRequest, name: str) -> list[StagedPicture]:
    """The files of one form field, in the order they came, the refused ones among them."""
    files: list[Any] = request.FILES.getlist(name)
    return [file for file in files if isinstance(file, StagedPicture)]
