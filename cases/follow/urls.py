"""One address."""

from __future__ import annotations

from django.urls import path

from cases.follow import views

app_name = "follow"
urlpatterns = [path("", views.follow, name="follow")]
