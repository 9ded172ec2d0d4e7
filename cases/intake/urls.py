"""The journey, staying on it, and the way out."""

from __future__ import annotations

from django.urls import path

from cases.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.journey, name="journey"),
    path("stay", views.stay, name="stay"),
    path("exit", views.leave, name="leave"),
]
