"""Who may do what: the matrix, and that nothing reaches beyond one's own teams."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import policy
from portal.accounts.roles import MATRIX, TEAM_SCOPED, Perm, Role
from portal.core.context import Actor, ActorKind, Context
from portal.core.errors import NotAllowed

CONTENT = {
    Perm.CASE_READ,
    Perm.CASE_WORK,
    Perm.CONTACT_READ,
    Perm.PICTURE_PREVIEW,
    Perm.PICTURE_REVEAL,
    Perm.ENTRY_PROPOSE,
    Perm.ENTRY_APPROVE,
    Perm.CHILD_SUSPECT,
    Perm.CASE_ASSIGN,
    Perm.CASE_WITHDRAW,
    Perm.NOTICE_APPROVE,
    Perm.HOLD_PLACE,
    Perm.REFUSAL_REVIEW,
    Perm.CASE_DISPOSE,
}
teams = st.frozensets(st.uuids(), max_size=4)


def someone(role: str | None, own: frozenset[UUID] = frozenset()) -> Actor:
    return Actor(ActorKind.STAFF, str(uuid4()), role=role, teams=own)


@given(
    role=st.sampled_from(Role), own=teams, team=st.none() | st.uuids(), perm=st.sampled_from(sorted(CONTENT))
)
def test_no_role_reaches_a_case_outside_its_teams(
    role: Role, own: frozenset[UUID], team: UUID | None, perm: Perm
) -> None:
    assert policy.allows(someone(role, own - {team}), perm, team=team) is False


@given(role=st.sampled_from(Role), own=teams, team=st.uuids(), perm=st.sampled_from(Perm))
def test_inside_its_teams_a_role_gets_what_the_matrix_says(
    role: Role, own: frozenset[UUID], team: UUID, perm: Perm
) -> None:
    actor = someone(role, own | {team})
    assert policy.allows(actor, perm, team=team) is (perm in MATRIX[role])
    assert policy.holds(actor, perm) is (perm in MATRIX[role])


@given(
    kind=st.sampled_from([ActorKind.PERSON, ActorKind.PARTNER]),
    role=st.none() | st.sampled_from(Role),
    own=teams,
    perm=st.sampled_from(Perm),
)
def test_people_and_partners_hold_nothing(
    kind: ActorKind, role: Role | None, own: frozenset[UUID], perm: Perm
) -> None:
    actor = Actor(kind, "x", role=role, teams=own)
    assert not policy.holds(actor, perm)
    assert not any(policy.allows(actor, perm, team=team) for team in [None, *own])


@given(role=st.none() | st.text(max_size=12).filter(lambda text: text not in Role.values))
def test_an_unknown_role_holds_nothing(role: str | None) -> None:
    team = uuid4()
    assert not any(policy.allows(someone(role, frozenset({team})), perm, team=team) for perm in Perm)


def test_the_portal_itself_may() -> None:
    assert all(policy.allows(Context.system("sweep"), perm) for perm in Perm)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_auditors_and_administrators_never_see_a_case(role: Role) -> None:
    assert not MATRIX[role] & CONTENT


def test_everything_about_a_case_is_scoped_to_teams() -> None:
    assert CONTENT == TEAM_SCOPED


def test_no_role_both_works_cases_and_manages_or_audits() -> None:
    apart = {Perm.STAFF_MANAGE, Perm.AGENCY_MANAGE, Perm.PARTNER_MANAGE, Perm.AUDIT_READ}
    assert [role for role in Role if MATRIX[role] & CONTENT and MATRIX[role] & apart] == []


def test_require_raises_one_sentence() -> None:
    team = uuid4()
    worker = Context(someone("caseworker", frozenset({team})))
    policy.require(worker, Perm.CASE_READ, team=team)
    policy.require_role(worker, Perm.CASE_READ)
    sentence = r"^Your role does not allow this\.$"
    for perm, where in [(Perm.CASE_READ, None), (Perm.CASE_READ, uuid4()), (Perm.ENTRY_APPROVE, team)]:
        with pytest.raises(NotAllowed, match=sentence) as refusal:
            policy.require(worker, perm, team=where)
        assert refusal.value.code == "not_allowed"
    with pytest.raises(NotAllowed, match=sentence):
        policy.require_role(worker, Perm.STAFF_MANAGE)
