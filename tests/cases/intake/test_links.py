from __future__ import annotations

import pytest

from cases.intake import links
from portal.core.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", []),
        ("  \n\n", []),
        ("HTTPS://Example.COM/A?b=C#frag", ["https://example.com/A?b=C"]),
        ("example.com/page", ["https://example.com/page"]),
        ("http://example.com:80/x", ["http://example.com/x"]),
        ("https://example.com:8443/x", ["https://example.com:8443/x"]),
        ("https://bücher.example/1", ["https://xn--bcher-kva.example/1"]),
        ("https://a.example/1\nhttps://A.example/1\r\nhttps://a.example/2", ["https://a.example/1", "https://a.example/2"]),
    ],
)  # fmt: skip
def test_links_are_normalised_and_not_repeated(typed: str, kept: list[str]) -> None:
    assert links.normalise(typed) == kept


@pytest.mark.parametrize(
    "line",
    [
        "javascript://example.com/%0aalert(1)",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "https://user:secret@example.com/",
        "https://localhost/x",
        "https://exa mple.com/",
        "https://example.com:99999/",
        "https://[::1",
        "hello",
        "https://example.com/" + "a" * 2000,
    ],
)
def test_what_is_no_web_address_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(Invalid) as refused:
        links.normalise(f"https://ok.example/\n{line}")
    assert refused.value.code == "link_format"
    assert "Line 2" in refused.value.message


def test_at_most_fifty() -> None:
    fifty = [f"https://example.com/{number}" for number in range(50)]
    assert links.normalise("\n".join([*fifty, fifty[0]])) == fifty
    with pytest.raises(Invalid) as refused:
        links.normalise("\n".join([*fifty, "https://example.com/50"]))
    assert refused.value.code == "too_many_links"
