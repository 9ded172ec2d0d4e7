"""The person sees who opened their request: when, in which role; never a name, never another's request."""

from __future__ import annotations

import pytest

from cases.models import Case, CasePicture
from cases.services import desk_keys, openings
from portal import audit
from portal.accounts.roles import Role
from portal.audit import Verb
from tests.cases.visitors import EMAIL, Visitor
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import make_picture


@pytest.fixture
def followed(visitor: Visitor) -> tuple[Visitor, Case]:
    """A request with one file, and its person on the follow page."""
    visitor.begin()
    visitor.tell(contact="email", email=EMAIL, safe_when="never")
    visitor.step("code", "skip")
    visitor.step("files")
    reference, code = visitor.finish(consents=("partners",))
    case = Case.objects.get()
    CasePicture.objects.create(case=case, picture=make_picture(), position=1)
    visitor.follow(reference, code)
    return visitor, case


def test_nobody_yet(followed: tuple[Visitor, Case]) -> None:
    visitor, _case = followed
    visitor.press("openings")
    text = visitor.get("/follow/").content.decode()
    assert "Nobody has opened it yet." in text


def test_roles_and_times_without_names(followed: tuple[Visitor, Case]) -> None:
    visitor, case = followed
    worker = make_staff(Role.CASEWORKER, [case.team], name="Nameless Nora")
    boss = make_staff(Role.SUPERVISOR, [case.team])
    desk_keys.read_story(ctx_of(worker), case_id=case.pk)
    desk_keys.read_contact(ctx_of(boss), case_id=case.pk)
    picture = audit.Subject("picture", case.pictures.get().picture_id)
    audit.record(ctx_of(worker), Verb.PICTURE_REVEALED, picture, seconds=60)
    audit.record(ctx_of(worker), Verb.PICTURE_DECIDED, picture, decision="listed")  # no opening
    visitor.press("openings")
    text = visitor.get("/follow/").content.decode()
    first, second, third = (
        text.index("A caseworker: saw file 1"),
        text.index("A supervisor: looked up how to reach you"),
        text.index("A caseworker: read what you wrote"),
    )
    assert first < second < third
    assert "Nora" not in text
    assert worker.email not in text


def test_only_the_own_case_and_only_staff(followed: tuple[Visitor, Case]) -> None:
    _visitor, case = followed
    worker = make_staff(Role.CASEWORKER, [case.team])
    audit.record(ctx_of(worker), Verb.CASE_READ, audit.Subject("case", worker.pk), part="story")
    assert openings.of_case(case) == []
