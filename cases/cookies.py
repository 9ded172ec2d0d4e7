"""The visit's cookie, and leaving. Intake and follow pages share it."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from cases.services.visits import ABSOLUTE

R = TypeVar("R", bound=HttpResponseBase)
NAME = "__Host-visit" if settings.HTTPS else "visit"


def token_of(request: HttpRequest) -> str:
    """The visit's token, "" without one."""
    return request.COOKIES.get(NAME, "")


def remember(response: R, token: str) -> R:
    response.set_cookie(
        NAME,
        token,
        max_age=int(ABSOLUTE.total_seconds()),
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
