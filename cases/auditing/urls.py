"""The auditors' addresses."""

from __future__ import annotations

from django.urls import path

from cases.auditing import views

app_name = "auditing"
urlpatterns = [
    path("", views.find, name="search"),
    path("cases/<str:reference>/", views.case, name="case"),
    path("staff/<uuid:staff_id>/<str:day>/", views.day, name="day"),
    path("unusual/", views.odd, name="unusual"),
    path("exports/", views.exports, name="exports"),
    path("exports/<uuid:export_id>/file", views.export_file, name="export_file"),
]
