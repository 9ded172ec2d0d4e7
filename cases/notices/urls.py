"""Where a letter's link leads: it says nothing of the subject."""

from __future__ import annotations

from django.urls import path

from cases.notices import pages

app_name = "letters"
urlpatterns = [path("<str:token>", pages.letter, name="letter")]
