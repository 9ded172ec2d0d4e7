"""What a page answers to an empty request by somebody who may: 200 unless it stands here."""

from __future__ import annotations

_DONE = (
    "accounts:logout accounts:end_other_sessions accounts:invite_again accounts:end_sessions accounts:close "
    "desk:settle desk:assign desk:child desk:next desk:put_back desk:notice_take_back desk:not_listed "
    "desk:withdraw desk:search desk:many"
)
_NOTHING_GIVEN = (
    "accounts:add_passkey accounts:invite accounts:change_role desk:priority desk:disposal_propose desk:tag"
)
_NOT_NOW = (
    "accounts:language desk:approve desk:move desk:child_reported desk:notice_approve desk:notice_send "
    "desk:retry"
)
_NONE_THERE = "accounts:remove_passkey desk:new_code"

# (address, method) → status.
ANSWERS: dict[tuple[str, str], int] = {
    ("desk:notice_copy", "GET"): 404,
    ("desk:preview", "GET"): 404,
    **{(name, "POST"): 302 for name in _DONE.split()},
    **{(name, "POST"): 422 for name in _NOTHING_GIVEN.split()},
    **{(name, "POST"): 409 for name in _NOT_NOW.split()},
    **{(name, "POST"): 404 for name in _NONE_THERE.split()},
}
