"""Answers to requests that can't be answered as asked: a page, or a JSON problem where programs call."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from portal.core.errors import DomainError, NotAllowed, TooMany, Unavailable

# Programs call these; they get problem details (RFC 9457).
PROBLEM = "application/problem+json"
PROGRAM_PATHS = ("/api/", "/stopncii/", "/ncmec/", "/healthz")


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A service's refusal, in its own words."""
    response: HttpResponse
    if _is_program(request):
        response = problem(error.status, error.code, error.message)
    else:
        minutes = math.ceil(error.retry_after / 60) if isinstance(error, TooMany) else 0
        response = _page(request, "errors/refused.html", error.status, message=error.message, minutes=minutes)
    if isinstance(error, TooMany | Unavailable):
        response["Retry-After"] = str(error.retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """The request can't be read. What it held is repeated nowhere."""
    if _is_program(request):
        return problem(400, "bad_request", _("The request can't be read."))
    # Plain: a host name or a file that was refused leaves too little of the request for a full page.
    return HttpResponse(loader.render_to_string("errors/400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    return refused(request, NotAllowed(_("You may not do this."), code="forbidden"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    if _is_program(request):
        return problem(404, "not_found", _("There is nothing at this address."))
    return _page(request, "errors/404.html", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke: this page asks nothing of the database, nor of anything else that may be broken."""
    if _is_program(request):
        return problem(500, "failed", _("Something went wrong. Try again later."))
    return HttpResponse(loader.render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """The form was too old, or came from another site."""
    return _page(request, "errors/form_expired.html", 403)


def wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An address that only takes forms was opened as a page: say so, as browsers would show nothing."""
    if _is_program(request):
        return _as_problem(response)
    if request.method not in {"GET", "HEAD"}:
        return response
    message = _("This address only takes what a page sends, and shows nothing by itself.")
    page = _page(request, "errors/refused.html", HTTPStatus.METHOD_NOT_ALLOWED, message=message)
    page["Allow"] = response["Allow"]
    return page


def problem(status: int, code: str, detail: str) -> JsonResponse:
    body = problem_details(status, code, detail)
    return JsonResponse(body, status=status, content_type=PROBLEM)


def _as_problem(response: HttpResponse) -> HttpResponse:
    """A wrong method as a problem, unless the API has said so in its own words."""
    if response.get("Content-Type") == PROBLEM:
        return response
    answer = problem(405, "method_not_allowed", "This address doesn't take that method.")
    answer["Allow"] = response["Allow"]
    return answer


def problem_details(status: int, code: str, detail: str) -> dict[str, Any]:
    """A JSON problem (RFC 9457): `code` is for programs and stays, `detail` is for people."""
    return {
        "type": f"urn:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }


def _is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith(PROGRAM_PATHS)


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """`go_on` is a page of the same part that always answers: a draft goes on there where it was."""
    if request.path_info.startswith("/desk/"):
        context |= {"base": "base_desk.html", "go_on": "/desk/"}
    else:
        follow = request.path_info.startswith("/follow/")
        context |= {"base": "base_public.html", "go_on": "/follow/" if follow else "/"}
    return render(request, template, context, status=status)
