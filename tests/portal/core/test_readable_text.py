"""Text that can't be read is refused as a bad request, before anything is done with it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_agency

FORM = b'--x\r\nContent-Disposition: form-data; name="step"\r\n\r\nstart\r\n--x--\r\n'
ADDRESSES = ["/", "/follow/", "/language", "/desk/login", "/api/v1/schema/"]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("charset", ["rot13", "zlib", "idna", "undefined", "unicode_escape", "utf-16"])
def test_another_encoding_is_refused(db: None, client: Client, address: str, charset: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    answer = client.generic("POST", address, FORM, content_type=kind)
    assert answer.status_code == 400
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_utf8_may_be_named(db: None, client: Client, charset: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    assert client.generic("POST", "/language", FORM, content_type=kind).status_code == 302


@pytest.mark.parametrize("name", ["desk", "visit", "form", "lang"])
@pytest.mark.parametrize("address", ["/", "/follow/", "/desk/", "/desk/login"])
def test_a_cookie_with_a_nul_is_none(db: None, client: Client, name: str, address: str) -> None:
    make_agency()
    answer = client.get(address, HTTP_COOKIE=f'{name}="aaaaaaaaaaaa\\000"')
    assert answer.status_code in {200, 302}
