"""Addresses are kept as typed but for what is noise, and compared without what sharing adds."""

from __future__ import annotations

import pytest

from cases import addresses, platforms
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
    assert addresses.normalise(typed) == kept


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
        addresses.normalise(f"https://ok.example/\n{line}")
    assert refused.value.code == "link_format"
    assert "Line 2" in refused.value.message


def test_at_most_fifty() -> None:
    fifty = [f"https://example.com/{number}" for number in range(50)]
    assert addresses.normalise("\n".join([*fifty, fifty[0]])) == fifty
    with pytest.raises(Invalid) as refused:
        addresses.normalise("\n".join([*fifty, "https://example.com/50"]))
    assert refused.value.code == "too_many_links"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.com/a/status/1", "http://www.twitter.com/a/status/1/?ref_src=tw&utm_source=share"),
        ("https://old.reddit.com/r/a/1", "https://www.reddit.com/r/a/1/"),
        ("https://video.example/watch?v=1&list=2", "https://m.video.example/watch?list=2&v=1&fbclid=abc"),
        ("https://video.example/caf%C3%A9", "https://video.example/café"),
    ],
)
def test_the_same_page_however_it_was_shared(one: str, other: str) -> None:
    assert addresses.canonical(one) == addresses.canonical(other)
    assert addresses.index(one) == addresses.index(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://video.example/watch?v=1", "https://video.example/watch?v=2"),
        ("https://video.example/A", "https://video.example/a"),
        ("https://video.example:8443/a", "https://video.example/a"),
        ("https://a.forum.example/1", "https://b.forum.example/1"),
        ("https://youtu.be/abc", "https://youtube.com/abc"),
    ],
)
def test_another_page_stays_another(one: str, other: str) -> None:
    assert addresses.index(one) != addresses.index(other)


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("www.instagram.com", "instagram"),
        ("de-de.facebook.com", "facebook"),
        ("twitter.com", "x"),
        ("notinstagram.com", None),
        ("instagram.com.evil.example", None),
        ("example", None),
        ("", None),
    ],
)
def test_the_service_behind_a_host(host: str, code: str | None) -> None:
    found = platforms.of_host(host)
    assert (found.code if found else None) == code


def test_every_service_has_one_way_to_be_asked_and_hosts_of_its_own() -> None:
    hosts = [host for platform in platforms.PLATFORMS for host in platform.hosts]
    assert len(hosts) == len(set(hosts))
    assert [one.code for one in platforms.PLATFORMS if not (one.form or one.email)] == []
    assert [one.code for one in platforms.PLATFORMS if one.form and not one.form.startswith("https://")] == []
    assert max(len(one.code) for one in platforms.PLATFORMS) <= 20
