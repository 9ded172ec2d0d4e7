"""Every address of the portal."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from portal.core.health import Health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", Health.as_view(), name="health"),
    path(".well-known/audit-log/", include("portal.audit.well_known")),
    path("", include("portal.ui.urls")),
    path("", include("cases.intake.urls")),
    path("follow/", include("cases.follow.urls")),
    path("api/v1/", include("hashing.api.urls")),
    path("", include("hashing.interop.urls")),
    path("letters/", include("cases.notices.urls")),
    path("figures/", include("cases.figures.urls")),
    path("desk/", include("portal.accounts.urls")),
    path("desk/log/", include("cases.auditing.urls")),
    path("desk/", include("cases.desk.urls")),
]
handler400 = "portal.core.error_pages.bad_request"
handler403 = "portal.core.error_pages.forbidden"
handler404 = "portal.core.error_pages.not_found"
handler500 = "portal.core.error_pages.failed"
