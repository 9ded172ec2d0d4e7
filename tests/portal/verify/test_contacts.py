from __future__ import annotations

import pytest

from portal.core.errors import Invalid
from portal.verify import contacts


@pytest.mark.parametrize(
    ("typed", "value"),
    [("  Ann.B@EXAMPLE.Org ", "Ann.B@example.org"), ("a+b@post.example", "a+b@post.example")],
)
def test_an_email_keeps_its_local_part_and_lowers_its_domain(typed: str, value: str) -> None:
    assert contacts.email(typed).value == value


@pytest.mark.parametrize("typed", ["", "ann", "ann@", "@example.org", "a b@example.org", "ann@example"])
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        contacts.email(typed)
    assert refused.value.code == "email_format"


@pytest.mark.parametrize(
    ("typed", "country", "value"),
    [
        ("0412 345 678", "AU", "+61412345678"),
        ("+61 (0)412-345-678", "AU", "+61412345678"),
        ("07400 123456", "GB", "+447400123456"),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, country: str, value: str) -> None:
    assert contacts.phone(typed, country=country).value == value


@pytest.mark.parametrize("typed", ["", "12", "call me", "0412 345 678 999 999"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        contacts.phone(typed, country="AU")
    assert refused.value.code == "phone_format"


def test_a_contact_never_shows_itself() -> None:
    assert "ann" not in repr(contacts.email("ann@post.example"))
