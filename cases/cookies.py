"""The visit's cookie, and leaving. Intake and follow pages share it."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)
NAME = "__Host-visit" if settings.HTTPS else "visit"


def token_of(request: HttpRequest) -> str:
    """The visit's token, "" without one."""
    return request.COOKIES.get(NAME, "")


def remember(response: R, token: str) -> R:
    """Until the browser is closed: whoever opens it next is not on somebody else's page."""
    response.set_cookie(
        NAME,
        token,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response


def forget(response: R) -> R:
    response.delete_cookie(NAME, samesite="Strict")
    if settings.HTTPS:
        response.cookies[NAME]["secure"] = True  # browsers ignore a __Host- cookie without it
    return response


def go(address: str) -> HttpResponse:
    """303: the browser asks for the page anew, with GET."""
    return HttpResponse(status=303, headers={"Location": address})
