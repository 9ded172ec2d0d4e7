"""Every answer carries the whole set of headers, exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from portal.core.middleware import FEATURES, SecurityHeaders
from tests.factories import make_agency

PINNED = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'none'",
    "connect-src 'self'",
    "manifest-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "worker-src 'none'",
}


@pytest.mark.parametrize(
    "path", ["/nothing-here", "/desk/nothing-here", "/api/nothing-here", "/static/nothing"]
)
def test_headers_are_pinned(db: None, client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert {name: response.headers.get(name) for name in PINNED} == PINNED
    assert "Server" not in response.headers


def _addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """Every address of the portal, with something in the place of each part that varies."""
    for pattern in patterns:
        address = before + re.sub(r"<(\w+):\w+>", _example, str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address)
        else:
            yield address


def _example(part: re.Match[str]) -> str:
    return {"uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "int": "1"}.get(part[1], "x")


def test_every_address_answers_with_all_of_them(db: None) -> None:
    """Whatever the answer is: a page, a refusal, a redirect, a file or a problem for programs."""
    make_agency()
    addresses = list(_addresses(get_resolver().url_patterns))
    assert len(addresses) > 80
    for address in addresses:
        for method in ("GET", "POST"):
            response = Client(raise_request_exception=False).generic(method, address)
            where = (method, address, response.status_code)
            assert response.status_code != 500, where
            assert (where, _pinned(response)) == (where, PINNED)
            policy = set(response.headers["Content-Security-Policy"].split("; "))
            assert {rule for rule in policy if not rule.startswith("script-src")} == POLICY, where
            assert "Permissions-Policy" in response.headers, where


def _pinned(response: HttpResponseBase) -> dict[str, str | None]:
    return {name: response.headers.get(name) for name in PINNED}


def test_pages_keep_everything_else_out(db: None, client: Client) -> None:
    policy = client.get("/nothing-here").headers["Content-Security-Policy"].split("; ")

    assert {rule for rule in policy if not rule.startswith("script-src")} == POLICY
    script = next(rule for rule in policy if rule.startswith("script-src")).split()
    assert [word[:7] for word in script[1:]] == ["'nonce-"]


def test_public_pages_may_use_no_feature(db: None, client: Client) -> None:
    header = client.get("/nothing-here").headers["Permissions-Policy"]

    assert header.split(", ") == [f"{name}=()" for name in FEATURES]
    assert len(FEATURES) >= 25
    assert {"camera", "microphone", "geolocation", "display-capture"} < set(FEATURES)


def test_staff_pages_may_use_security_keys_only(db: None, client: Client) -> None:
    header = client.get("/desk/nothing-here").headers["Permissions-Policy"]

    allowed = {rule for rule in header.split(", ") if not rule.endswith("=()")}
    assert allowed == {"publickey-credentials-create=(self)", "publickey-credentials-get=(self)"}


def _through(path: str, headers: dict[str, str]) -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers=headers)

    return SecurityHeaders(view)(RequestFactory().get(path))


def test_built_assets_keep_their_own_caching() -> None:
    assert _through("/static/app.js", {"Cache-Control": "max-age=1"})["Cache-Control"] == "max-age=1"


def test_no_view_can_have_a_page_kept() -> None:
    assert _through("/page", {"Cache-Control": "max-age=1"})["Cache-Control"] == "no-store"


def test_nothing_names_the_software() -> None:
    response = _through("/page", {"Server": "web 1.0", "X-Powered-By": "something"})

    assert not {"Server", "X-Powered-By"} & set(response.headers)


@override_settings(
    SECURE_HSTS_SECONDS=63_072_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True
)
def test_https_is_kept_for_two_years(db: None, client: Client) -> None:
    header = client.get("/nothing-here", secure=True).headers["Strict-Transport-Security"]

    assert header == "max-age=63072000; includeSubDomains; preload"
