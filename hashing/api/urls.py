"""Addresses of the native API."""

from __future__ import annotations

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from hashing.api import describing, views

app_name = "api"
# Its schemes are known from here on.
__all__ = ["describing", "urlpatterns"]
urlpatterns = [
    path("", views.Start.as_view(), name="start"),
    path("lists/", views.Lists.as_view(), name="lists"),
    path("lists/<str:slug>/publications", views.Publications.as_view(), name="publications"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    re_path(r"^.*$", views.Nothing.as_view(), name="nothing"),
]
