"""Neutral addresses."""

from __future__ import annotations

from django.urls import path

from cases.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.show, name="show"),
    path("<slug:slug>.txt", views.statements, name="statements"),
]
