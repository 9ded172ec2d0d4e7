"""Addresses of the native API."""

from __future__ import annotations

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from hashing.api import describing
from hashing.api.views import feed, keys, lookup, public, pulls, reports, snapshots, webhooks

app_name = "api"
# Its schemes are known from here on. With a slash at the end two addresses answer as well, as they once did.
__all__ = ["describing", "urlpatterns"]
urlpatterns = [
    path("", public.Start.as_view(), name="start"),
    path("status", public.Status.as_view(), name="status"),
    path("signing-keys", public.SigningKeys.as_view(), name="signing-keys"),
    path("lists", feed.Lists.as_view(), name="lists"),
    path("lists/", feed.Lists.as_view(schema=None), name="lists-slash"),
    path("lists/<str:slug>/publications", feed.Publications.as_view(), name="publications"),
    path("lists/<str:slug>/mask", feed.Mask.as_view(), name="mask"),
    path("lists/<str:slug>/snapshots", snapshots.Snapshots.as_view(), name="snapshots"),
    path("lists/<str:slug>/snapshots/", snapshots.Snapshots.as_view(schema=None), name="snapshots-slash"),
    path("lists/<str:slug>/snapshots/<int:position>", snapshots.SnapshotFile.as_view(), name="snapshot"),
    path("pulls", pulls.Pulls.as_view(), name="pulls"),
    path("lookup", lookup.Lookup.as_view(), name="lookup"),
    path("feedback", reports.Feedback.as_view(), name="feedback"),
    path("submissions", reports.Submissions.as_view(), name="submissions"),
    path("keys", keys.Keys.as_view(), name="keys"),
    path("keys/<str:prefix>", keys.Key.as_view(), name="key"),
    path("webhooks", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<uuid:webhook>", webhooks.OneWebhook.as_view(), name="webhook"),
    path("webhooks/<uuid:webhook>/confirm", webhooks.Confirmation.as_view(), name="confirm-webhook"),
    path("webhooks/<uuid:webhook>/deliveries", webhooks.Deliveries.as_view(), name="webhook-deliveries"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    re_path(r"^.*$", public.Nothing.as_view(), name="nothing"),
]
