"""Addresses of the wires, without trailing slashes: their clients' spelling."""

from __future__ import annotations

from django.urls import path

from hashing.interop import views

app_name = "interop"
urlpatterns = [
    path("stopncii/v1/FetchHashes", views.fetch_hashes, name="fetch_hashes"),
    path("stopncii/v1/SubmitFeedback", views.submit_feedback, name="submit_feedback"),
    path("stopncii/v1/SubmitHashes", views.submit_hashes, name="submit_hashes"),
    path("ncmec/v2/status", views.status, name="status"),
    path("ncmec/v2/members", views.members, name="members"),
    path("ncmec/v2/entries", views.entries, name="entries"),
    path("ncmec/v2/feedback/<str:kind>/reasons", views.reasons, name="reasons"),
    path(
        "ncmec/v2/entries/<int:member>/<str:name>/<str:kind>/feedback",
        views.feedback,
        name="feedback",
    ),
]
