"""Two people act on one case at the same moment: the safer one always wins in the end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from cases import limits
from cases.models import About, AgeRoute, Case, CasePicture, ConsentKind, Recipient
from cases.services import reviewing
from cases.services.child import suspect
from cases.services.opening import ConsentGiven, Report, open_case
from cases.services.withdrawal import Scope, withdraw
from hashing.lists.models import Entry
from portal.accounts.roles import Role
from portal.core.context import Context
from portal.core.errors import DomainError
from portal.vault.models import Picture
from tests.factories import ctx_of, make_agency, make_staff, make_team
from tests.hashing.listing import make_picture


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each act ended with: "done", or the code of its refusal."""

    def run(act: Callable[[], object]) -> str:
        try:
            act()
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def proposed(committed_db: None) -> tuple[Case, Entry, Context, Context]:
    """A case with a proposed file, its entry, and a caseworker's and a supervisor's contexts."""
    limits._limiter.cache_clear()
    agency = make_agency(restricted_team=make_team("Restricted", restricted=True))
    report = Report(
        about=About.ME,
        age_route=AgeRoute.ADULT,
        consents=(ConsentGiven(Recipient.PARTNERS, ConsentKind.FINGERPRINTS),),
        wording_version="2026-11",
    )
    case = open_case(Context.visitor(), report=report).case
    CasePicture.objects.create(case=case, picture=make_picture(), position=1)
    worker = ctx_of(make_staff(Role.CASEWORKER, [agency.intake_team]))
    boss = ctx_of(make_staff(Role.SUPERVISOR, [agency.intake_team]))
    entry = reviewing.propose(worker, case_id=case.id, position=1, list_slug="reviewed")
    return case, entry, worker, boss


def test_taking_back_while_it_is_approved(proposed: tuple[Case, Entry, Context, Context]) -> None:
    case, entry, _worker, boss = proposed
    ends = at_once(
        lambda: reviewing.approve(boss, case_id=case.id, entry_id=entry.id, digest=entry.digest),
        lambda: withdraw(Context.person(case.id), case_id=case.id, scope=Scope.EVERYTHING),
    )
    assert ends[1] == "done"
    assert Entry.objects.get().state == "withdrawn"
    assert Picture.objects.get().state == "shredded"
    assert Case.objects.get().state == "withdrawn"


def test_a_child_suspected_while_it_is_approved(proposed: tuple[Case, Entry, Context, Context]) -> None:
    case, entry, worker, boss = proposed
    ends = at_once(
        lambda: reviewing.approve(boss, case_id=case.id, entry_id=entry.id, digest=entry.digest),
        lambda: suspect(worker, case_id=case.id),
    )
    assert ends[1] == "done"
    assert Entry.objects.get().state == "withdrawn"
    assert CasePicture.objects.get().decision == "not_listed"


def test_two_decide_at_once(proposed: tuple[Case, Entry, Context, Context]) -> None:
    case, entry, worker, boss = proposed
    ends = at_once(
        lambda: reviewing.approve(boss, case_id=case.id, entry_id=entry.id, digest=entry.digest),
        lambda: reviewing.reject(boss, case_id=case.id, entry_id=entry.id, reason="not_enough"),
        lambda: reviewing.decide_not_listed(worker, case_id=case.id, position=1),
    )
    assert ends.count("done") in {1, 2}  # after a rejection, the caseworker may still decide
    state, decision = Entry.objects.get().state, CasePicture.objects.get().decision
    assert (state, decision) in {
        ("approved", "listed"),
        ("rejected", "undecided"),
        ("rejected", "not_listed"),
        ("withdrawn", "not_listed"),
    }


def test_everything_is_deleted_once(proposed: tuple[Case, Entry, Context, Context]) -> None:
    case = proposed[0]
    ends = at_once(*[lambda: withdraw(Context.person(case.id), case_id=case.id, scope=Scope.EVERYTHING)] * 4)
    assert sorted(ends) == ["data_destroyed"] * 3 + ["done"]
