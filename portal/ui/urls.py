"""The language switch."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

app_name = "ui"
urlpatterns = [path("language", require_POST(set_language), name="language")]
