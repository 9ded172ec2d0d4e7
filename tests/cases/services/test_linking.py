"""Linking: what is suggested to whom, that a person decides and can undo it, and what no team learns."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from cases import links
from cases.models import About, AgeRoute, Case, CaseLink, CasePicture, Handle, LinkDecision, LinkKind
from cases.services import child, handles, linking
from cases.services.opening import Report, open_case
from cases.services.withdrawal import Scope, withdraw
from hashing.matching.models import Resemblance
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from portal.verify import contacts
from tests.cases.services.conftest import Desk
from tests.cases.services.test_locations import entries
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import make_picture


def another(*, page: str = "", mail: str = "") -> Case:
    """A case that has nothing in common with any other but what is given."""
    number = Case.objects.count()
    page, mail = page or f"https://else.example/{number}", mail or f"bob{number}@post.example"
    report = Report(about=About.ME, age_route=AgeRoute.ADULT, links=(page,), contact=contacts.email(mail))
    return open_case(Context.visitor(), report=report).case


def found(ctx: Context, case: Case) -> list[tuple[Case, list[str]]]:
    return [(one.case, [kind.value for kind in one.kinds]) for one in links.suggested(ctx.actor, case)]


def linked(ctx: Context, case: Case) -> list[Case]:
    return [one.case for one in links.of_case(ctx.actor, case)]


def join(ctx: Context, case: Case, other: Case, how: LinkDecision = LinkDecision.LINKED) -> CaseLink:
    return linking.decide(ctx, case_id=case.pk, other_id=other.pk, decision=how)


def same_picture(case: Case, other: Case) -> None:
    CasePicture.objects.create(case=other, picture=make_picture(), position=1)
    pair = {"picture": case.pictures.get(position=1).picture, "other": other.pictures.get().picture}
    Resemblance.objects.create(**pair, decision="copy", how="pdq", score=9, found_at=clock.now())


def test_each_thing_in_common_is_a_reason(desk: Desk) -> None:
    another()
    page = another(page="http://www.host.example/1?utm_source=x")
    contact = another(mail="Ann@post.example")
    picture = another()
    same_picture(desk.case, picture)
    account = another()
    handles.add(desk.caseworker, case_id=desk.case.pk, platform="x", typed=" @Some_Body ")
    handles.add(desk.caseworker, case_id=account.pk, platform="x", typed="some_body")
    handles.add(desk.caseworker, case_id=contact.pk, platform="reddit", typed="some_body")
    assert found(desk.caseworker, desk.case) == [
        (page, ["page"]),
        (contact, ["contact"]),
        (picture, ["picture"]),
        (account, ["handle"]),
    ]
    assert found(desk.caseworker, account) == [(desk.case, ["handle"])]
    assert linked(desk.caseworker, desk.case) == []


def test_a_person_confirms_both_show_it_and_it_can_be_undone(desk: Desk) -> None:
    other = another(page="https://host.example/1", mail="ann@post.example")
    link = join(desk.caseworker, other, desk.case)
    assert (link.kinds, link.decision) == (["page", "contact"], "linked")
    assert linked(desk.caseworker, desk.case) == [other]
    assert linked(desk.supervisor, other) == [desk.case]
    assert found(desk.caseworker, desk.case) == []
    said = {entry["other"]: (entry["link"], entry["kinds"]) for entry in entries("case.linked")}
    assert said == {str(pk): (str(link.pk), "page.contact") for pk in (desk.case.pk, other.pk)}
    with pytest.raises(Conflict):
        join(desk.supervisor, desk.case, other)
    linking.undo(desk.supervisor, link_id=link.pk)
    assert linked(desk.caseworker, desk.case) == []
    assert found(desk.caseworker, desk.case) == [(other, ["page", "contact"])]
    assert len(entries("case.link_undone")) == 2
    with pytest.raises(Conflict):
        linking.undo(desk.supervisor, link_id=link.pk)
    join(desk.supervisor, desk.case, other)


def test_two_that_have_nothing_to_do_with_each_other_are_not_suggested_again(desk: Desk) -> None:
    other = another(page="https://host.example/1")
    link = join(desk.caseworker, desk.case, other, LinkDecision.APART)
    assert (found(desk.caseworker, desk.case), linked(desk.caseworker, desk.case)) == ([], [])
    assert [one.case for one in links.of_case(desk.caseworker.actor, other, LinkDecision.APART)] == [
        desk.case
    ]
    assert len(entries("case.kept_apart")) == 2
    linking.undo(desk.caseworker, link_id=link.pk)
    assert found(desk.caseworker, desk.case) == [(other, ["page"])]


def test_somebody_may_know_better(desk: Desk) -> None:
    assert join(desk.caseworker, desk.case, another()).kinds == [LinkKind.KNOWN]


def test_no_team_learns_of_anothers_case(desk: Desk) -> None:
    other = another(page="https://host.example/1", mail="ann@post.example")
    same_picture(desk.case, other)
    link = join(desk.caseworker, desk.case, other)
    away = another(page="https://host.example/1")
    theirs = next(iter(desk.outsider.actor.teams))
    Case.objects.filter(pk__in=[other.pk, away.pk]).update(team=theirs)
    other.refresh_from_db()
    away.refresh_from_db()
    for ctx in (desk.caseworker, desk.supervisor):
        assert (linked(ctx, desk.case), found(ctx, desk.case)) == ([], [])
    assert linked(desk.outsider, other) == []
    assert [case for case, _kinds in found(desk.outsider, other)] == [away]
    with pytest.raises(NotFound):
        linking.undo(desk.outsider, link_id=link.pk)
    both = ctx_of(make_staff(Role.CASEWORKER, [desk.case.team, away.team]))
    assert linked(both, desk.case) == [other]


def test_where_a_child_is_suspected_nothing_is_matched_or_shown(desk: Desk) -> None:
    other = another(page="https://host.example/1", mail="ann@post.example")
    join(desk.caseworker, desk.case, other)
    third = another(page="https://host.example/1")
    child.suspect(desk.caseworker, case_id=other.pk)
    assert linked(desk.caseworker, desk.case) == []
    assert found(desk.caseworker, third) == [(desk.case, ["page"])]
    other.refresh_from_db()
    member = ctx_of(make_staff(Role.CASEWORKER, [other.team]))
    assert (found(member, other), linked(member, other)) == ([], [])


def test_what_nobody_may(desk: Desk) -> None:
    other = another(page="https://host.example/1")
    locked = another()
    Case.objects.filter(pk=locked.pk).update(child_suspected_at=clock.now())
    handle = handles.add(desk.caseworker, case_id=desk.case.pk, platform="", typed="name")
    add: list[tuple[Context, str, str]] = [(desk.caseworker, "", "two words"), (desk.caseworker, "", " @ ")]
    add += [(desk.caseworker, "", "a/b"), (desk.caseworker, "nowhere", "x"), (desk.caseworker, "", "NAME")]
    acts: list[tuple[Callable[[], object], type[DomainError]]] = [
        (lambda: join(desk.caseworker, desk.case, desk.case), Invalid),
        (lambda: join(desk.caseworker, desk.case, locked), Conflict),
        (lambda: join(desk.outsider, desk.case, other), NotFound),
        (lambda: join(desk.auditor, desk.case, other), NotAllowed),
        (lambda: linking.undo(desk.caseworker, link_id=uuid4()), NotFound),
        (lambda: handles.add(desk.outsider, case_id=desk.case.pk, platform="", typed="x"), NotFound),
        (lambda: handles.add(desk.caseworker, case_id=locked.pk, platform="", typed="x"), Conflict),
        (lambda: handles.remove(desk.outsider, case_id=desk.case.pk, handle_id=handle.pk), NotFound),
        (lambda: handles.remove(desk.caseworker, case_id=other.pk, handle_id=handle.pk), NotFound),
        *(
            (lambda c=c, p=p, t=t: handles.add(c, case_id=desk.case.pk, platform=p, typed=t), Invalid)
            for c, p, t in add
        ),
    ]
    before = Entry.objects.count()
    for act, error in acts:
        with pytest.raises(error):
            act()
    assert (Entry.objects.count(), CaseLink.objects.count(), Handle.objects.count()) == (before, 0, 1)
    first, second = sorted((desk.case.pk, other.pk), reverse=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseLink.objects.create(
            first_id=first,
            second_id=second,
            decision="linked",
            by_id=desk.caseworker.actor.id,
            at=clock.now(),
        )


def test_an_account_is_sealed_read_on_record_and_removed(desk: Desk) -> None:
    row = handles.add(desk.caseworker, case_id=desk.case.pk, platform="x", typed="@Canary_Name")
    assert b"canary" not in bytes(Handle.objects.get().name_sealed)
    assert entries("case.handle_added") == [{"handle": str(row.pk), "platform": "x"}]
    assert handles.read(desk.supervisor, case_id=desk.case.pk) == {row.pk: "canary_name"}
    assert entries("case.read") == [{"part": "handles"}]
    handles.remove(desk.caseworker, case_id=desk.case.pk, handle_id=row.pk)
    assert entries("case.handle_removed") == [{"handle": str(row.pk)}]
    assert handles.read(desk.supervisor, case_id=desk.case.pk) == {}
    assert len(entries("case.read")) == 1


def test_links_and_accounts_go_with_the_case(desk: Desk) -> None:
    other = another(page="https://host.example/1")
    join(desk.caseworker, desk.case, other)
    handles.add(desk.caseworker, case_id=desk.case.pk, platform="x", typed="somebody")
    withdraw(Context.person(desk.case.pk), case_id=desk.case.pk, scope=Scope.EVERYTHING)
    assert (CaseLink.objects.count(), Handle.objects.count()) == (0, 0)
    assert linked(desk.caseworker, other) == []
