"""Addresses under /desk/ for logging in and joining."""

from __future__ import annotations

from django.urls import path

from portal.accounts.views import joining, languages, people, session

app_name = "accounts"
urlpatterns = [
    path("login", session.log_in, name="login"),
    path("login/code", session.code, name="code"),
    path("logout", session.log_out, name="logout"),
    path("join/app", joining.authenticator, name="authenticator"),
    path("join/app/square.svg", joining.square_code, name="square_code"),
    path("join/<str:token>", joining.join, name="join"),
    path("languages/", languages.all_of_them, name="languages"),
    path("languages/<str:code>/", languages.one, name="language"),
    path("staff/", people.everyone, name="everyone"),
    path("staff/invite", people.invite, name="invite"),
    path("staff/<uuid:staff_id>/", people.member, name="member"),
    path("staff/<uuid:staff_id>/role", people.change_role, name="change_role"),
    path("staff/<uuid:staff_id>/invite", people.invite_again, name="invite_again"),
    path("staff/<uuid:staff_id>/close", people.close, name="close"),
]
