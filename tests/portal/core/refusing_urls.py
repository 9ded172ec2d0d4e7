"""Views that fail in each way, under an address for people and one for programs."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from portal import urls
from portal.core import errors
from portal.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

FAILURES: dict[str, Exception] = {
    "invalid": errors.Invalid("Enter a date.", code="no_date"),
    "not-allowed": errors.NotAllowed("Ask a supervisor.", code="not_yours"),
    "not-found": errors.NotFound("There is no such case.", code="no_case"),
    "conflict": errors.Conflict("Somebody else was first.", code="moved_on"),
    "too-many": errors.TooMany("Wait a moment.", code="too_many", retry_after=30),
    "denied": PermissionDenied("canary-7f3a"),
    "suspicious": SuspiciousOperation("canary-7f3a"),
    "broken": RuntimeError("canary-7f3a"),
}


def _failing(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(_request: HttpRequest) -> HttpResponse:
        raise error.with_traceback(None)

    return view


urlpatterns = [
    *urls.urlpatterns,
    path("desk/only-post", require_POST(_failing(FAILURES["invalid"]))),
    *(
        path(f"{prefix}{name}", _failing(error))
        for name, error in FAILURES.items()
        for prefix in ("", "api/", "desk/")
    ),
]
