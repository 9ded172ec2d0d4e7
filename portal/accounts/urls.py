"""Addresses under /desk/ for logging in and joining."""

from __future__ import annotations

from django.urls import path

from portal.accounts.views import joining, languages, own, people, session

app_name = "accounts"
urlpatterns = [
    path("login", session.log_in, name="login"),
    path("login/code", session.code, name="code"),
    path("logout", session.log_out, name="logout"),
    path("join/app", joining.authenticator, name="authenticator"),
    path("join/app/square.svg", joining.square_code, name="square_code"),
    path("join/<str:token>", joining.join, name="join"),
    path("you/", own.account, name="own"),
    path("you/codes", own.recovery_codes, name="recovery_codes"),
    path("you/passkeys/new", own.new_passkey, name="new_passkey"),
    path("you/passkeys/add", own.add_passkey, name="add_passkey"),
    path("you/passkeys/<int:passkey_id>/remove", own.remove_passkey, name="remove_passkey"),
    path("you/sessions/<uuid:session_id>/end", own.end_session, name="end_session"),
    path("you/sessions/end-others", own.end_other_sessions, name="end_other_sessions"),
    path("roles/", own.roles, name="roles"),
    path("languages/", languages.all_of_them, name="languages"),
    path("languages/<str:code>/", languages.one, name="language"),
    path("staff/", people.everyone, name="everyone"),
    path("staff/invite", people.invite, name="invite"),
    path("staff/<uuid:staff_id>/", people.member, name="member"),
    path("staff/<uuid:staff_id>/role", people.change_role, name="change_role"),
    path("staff/<uuid:staff_id>/invite", people.invite_again, name="invite_again"),
    path("staff/<uuid:staff_id>/sessions", people.end_sessions, name="end_sessions"),
    path("staff/<uuid:staff_id>/close", people.close, name="close"),
]
