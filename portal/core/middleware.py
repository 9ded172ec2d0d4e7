"""Headers on every response, and domain errors as pages."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from portal.core import error_pages
from portal.core.errors import DomainError

type_of_view = Callable[[HttpRequest], HttpResponse]

# Every feature that a page could ask for or leak through, off; nothing here needs any.
_FEATURE_NAMES = (
    "accelerometer ambient-light-sensor attribution-reporting autoplay bluetooth browsing-topics "
    "camera compute-pressure cross-origin-isolated display-capture encrypted-media fullscreen gamepad "
    "geolocation gyroscope hid identity-credentials-get idle-detection interest-cohort "
    "join-ad-interest-group keyboard-map local-fonts magnetometer microphone midi otp-credentials "
    "payment picture-in-picture publickey-credentials-create publickey-credentials-get run-ad-auction "
    "screen-wake-lock serial shared-storage speaker-selection storage-access sync-xhr unload usb "
    "web-share window-management xr-spatial-tracking"
)
FEATURES = tuple(_FEATURE_NAMES.split())
# Security keys for staff need the one thing more.
STAFF_FEATURES = ("publickey-credentials-create", "publickey-credentials-get")

HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def _permissions(allowed: tuple[str, ...] = ()) -> str:
    return ", ".join(f"{name}=({'self' if name in allowed else ''})" for name in FEATURES)


_PERMISSIONS = _permissions()
_STAFF_PERMISSIONS = _permissions(STAFF_FEATURES)


class SecurityHeaders:
    """Headers that Django and django-csp don't set. A page is kept in no cache; only built assets are."""

    def __init__(self, get_response: type_of_view) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        staff = request.path_info.startswith("/desk/")
        response["Permissions-Policy"] = _STAFF_PERMISSIONS if staff else _PERMISSIONS
        if (
            not request.path_info.startswith(settings.STATIC_URL)
            or response.status_code >= HTTPStatus.BAD_REQUEST
        ):
            response["Cache-Control"] = "no-store"
        for name in ("Server", "X-Powered-By"):
            response.headers.pop(name, None)
        return response


class ReadableText:
    """Text that arrives is UTF-8, and a cookie is nothing that the database couldn't look for.

    Browsers send forms in the page's own encoding. A form may name another, some of which Python can't decode
    text with, or can only to halves of characters that can't be stored.
    """

    def __init__(self, get_response: type_of_view) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = (request.content_params or {}).get("charset", "utf-8")
        if named.lower() not in {"utf-8", "utf8"}:
            return error_pages.bad_request(request, BadRequest())
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)


class DomainErrors:
    """A service's refusal becomes a page with its status and its sentence; so does a wrong method."""

    def __init__(self, get_response: type_of_view) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return error_pages.wrong_method(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return error_pages.refused(request, error) if isinstance(error, DomainError) else None
