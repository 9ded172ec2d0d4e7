"""Every refusal of the partner interfaces, as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from hashing.lists.refusals import Refusal
from portal.core.error_pages import PROBLEM, problem_details
from portal.core.errors import DomainError, TooMany, Unavailable

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class BadRequest(DomainError):
    """The request can't be understood; the sentence says what to change."""


class Gone(DomainError):
    """What the request builds on is over."""

    status = 410


def handle(error: Exception, _context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: None lets Django answer what is a fault of ours."""
    refusal = _refusal(error)
    if refusal is None:
        return None
    set_rollback()
    _audit(error)
    status, code, detail = refusal
    return Response(
        problem_details(status, code, detail),
        status=status,
        headers=_headers(error),
        content_type=PROBLEM,
    )


def answered(view: View[P]) -> View[P]:
    """For views without DRF: a DomainError becomes a problem. They know their callers by keys, never by
    cookies, so there is nothing to forge."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            _audit(error)
            details = problem_details(error.status, error.code, error.message)
            return JsonResponse(details, status=error.status, headers=_headers(error), content_type=PROBLEM)

    return wrapped


def _audit(error: Exception) -> None:
    """What it broke off is rolled back by now; the log's entry stays."""
    if isinstance(error, Refusal):
        error.audit()


def _refusal(error: Exception) -> tuple[int, str, str] | None:
    if isinstance(error, DomainError):
        return error.status, error.code, error.message
    if isinstance(error, Http404):
        return 404, "not_found", "There is nothing here."
    if isinstance(error, PermissionDenied):
        return 403, "not_allowed", "You may not do this."
    if isinstance(error, exceptions.ValidationError):
        return 400, "invalid", _sentences(error.detail)
    if isinstance(error, exceptions.APIException):
        return error.status_code, str(error.get_codes()), _sentences(error.detail)
    return None


def _headers(error: Exception) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, TooMany | Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    challenge = getattr(error, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    return headers


def _sentences(detail: Any) -> str:
    """DRF's nested messages as one line: "limit: A valid integer is required."."""
    if isinstance(detail, dict):
        return " ".join(f"{key}: {_sentences(value)}" for key, value in detail.items())
    if isinstance(detail, list):
        return " ".join(_sentences(each) for each in detail)
    return str(detail)
