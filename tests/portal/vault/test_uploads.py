"""Uploads stream into the vault encrypted, or nowhere."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.request import UnreadablePostError
from django.test import Client, RequestFactory

from portal.core.context import Context
from portal.core.errors import Invalid
from portal.vault import keys
from portal.vault.models import Picture, PictureState
from portal.vault.services import accept
from portal.vault.uploads import MAX_BYTES, use_vault
from tests.attacks import hostile
from tests.photos import encoded, entries_of, photo, staged

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.vault.urls")]


def files() -> list[Path]:
    return sorted(path for path in Path(settings.VAULT_DIR).rglob("*") if path.is_file())


def upload(data: bytes, name: str = "holiday.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_pages_refuse_files() -> None:
    before = files()
    answer = Client(raise_request_exception=False).post("/plain", {"file": upload(encoded(photo()))})
    assert answer.status_code == 400
    assert files() == before


def test_pages_take_forms_without_files() -> None:
    assert Client().post("/plain", {"note": "hello"}).content == b"hello"


def test_a_kept_upload_is_a_picture_encrypted_for_the_workers() -> None:
    data = encoded(photo())
    answer = Client().post("/take", {"file": upload(data), "keep": "1", "note": "n"})
    assert answer.json() == {"note": "n", "refusals": [None]}
    picture = Picture.objects.get()
    assert (picture.state, picture.size, picture.media_type) == (PictureState.STORED, len(data), "image/jpeg")
    assert (picture.width, picture.height) == (600, 400)
    assert b"".join(keys.original(picture)) == data
    path = Path(settings.VAULT_DIR) / picture.storage_name
    assert path.stat().st_mode & 0o777 == 0o600
    assert data[:64] not in path.read_bytes()
    assert entries_of(picture.id) == ["picture.stored"]


def test_the_name_a_person_gave_is_kept_nowhere() -> None:
    Client().post("/take", {"file": upload(encoded(photo()), "jane-doe.jpg"), "keep": "1"})
    assert "jane" not in str(Picture.objects.values().get())


def test_what_is_not_kept_is_gone_when_the_request_ends() -> None:
    before = files()
    answer = Client().post("/take", {"file": [upload(encoded(photo())), upload(hostile.html())]})
    assert answer.json()["refusals"] == [None, "html"]
    assert files() == before
    assert not Picture.objects.exists()


def test_without_the_form_token_nothing_is_kept() -> None:
    before = files()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert client.post("/take", {"file": upload(encoded(photo())), "keep": "1"}).status_code == 403
    assert files() == before


def test_the_twenty_first_file_is_told_so() -> None:
    small = encoded(photo().resize((60, 40)))
    answer = Client().post("/take", {"file": [upload(small) for _ in range(21)]})
    assert answer.json()["refusals"] == [None] * 20 + ["too_many"]


def test_over_fifty_megabytes_is_refused_and_leaves_nothing() -> None:
    before = files()
    found = staged(encoded(photo()) + b"\0" * MAX_BYTES, 1_000_000)
    assert found.refusal == "too_big"
    assert files() == before


def test_a_refused_file_is_never_accepted() -> None:
    with pytest.raises(Invalid) as refused:
        accept(Context.visitor(), staged=staged(hostile.pdf()))
    assert refused.value.code == "pdf"
    assert not Picture.objects.exists()


class _Breaks(BytesIO):
    """A body whose sender disappears before its end."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 90_000:
            raise OSError("connection reset")
        return super().read(size)


@pytest.mark.parametrize("body", [_Breaks, lambda data: BytesIO(data[:90_000])], ids=["error", "short"])
def test_an_upload_that_breaks_off_leaves_nothing(body: Any) -> None:
    before = files()
    head = b'--X\r\nContent-Disposition: form-data; name="file"; filename="a.tif"\r\n\r\n'
    data = head + hostile.with_canaries() + b"\r\n--X--\r\n"
    request = RequestFactory().generic("POST", "/take", b"-", "multipart/form-data; boundary=X")
    request.META["CONTENT_LENGTH"] = str(len(data))
    request._stream = body(data)
    use_vault(request)
    if body is _Breaks:
        with pytest.raises(UnreadablePostError):
            _ = request.POST
    else:
        assert not request.FILES
    assert files() == before


_FLAT = """
import resource, django
django.setup()
from django.test import RequestFactory
from portal.vault.uploads import staged_files, use_vault
from tests.photos import encoded, photo

class Body:
    '''A form with one file of so many bytes, made as it is read.'''
    def __init__(self, length):
        part = b'--X\\r\\nContent-Disposition: form-data; name="file"; filename="a"\\r\\n\\r\\n'
        self.head, self.tail = part + encoded(photo()), b"\\r\\n--X--\\r\\n"
        self.left = length
        self.length = len(self.head) + length + len(self.tail)
    def read(self, size):
        if self.head:
            piece, self.head = self.head[:size], self.head[size:]
        elif self.left:
            piece = bytes(min(size, self.left))
            self.left -= len(piece)
        else:
            piece, self.tail = self.tail[:size], self.tail[size:]
        return piece
    def readline(self):
        return self.read(64 * 1024)

def upload(length):
    body = Body(length)
    request = RequestFactory().generic("POST", "/", b"-", "multipart/form-data; boundary=X")
    request.META["CONTENT_LENGTH"] = str(body.length)
    request._stream = body
    use_vault(request)
    (staged,) = staged_files(request, "file")
    assert staged.refusal is None and staged.size > length
    request.close()

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

upload(1_000_000)
before = peak()
upload(49_900_000)
print(peak() - before)
"""


def test_a_large_upload_takes_no_more_memory_than_a_small_one() -> None:
    """Through Django's parser and all: the peak of resident memory grows by less than 3 MB for 50 MB."""
    run = subprocess.run([sys.executable, "-c", _FLAT], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 3_000  # kilobytes
