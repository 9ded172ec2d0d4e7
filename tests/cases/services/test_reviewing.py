"""Review: one proposes, another approves, and the file is destroyed once that is decided."""

from __future__ import annotations

import pytest

from cases.models import CasePicture, Consent
from cases.services import reviewing
from cases.services.child import suspect
from hashing.lists.models import Entry
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cases.services.conftest import Desk


def row(position: int = 1) -> CasePicture:
    return CasePicture.objects.select_related("picture").get(position=position)


def decided(desk: Desk) -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(verb="picture.decided").order_by("waiting__position")
    return [(entry.payload["before"], entry.payload["decision"]) for entry in entries]


def test_proposed_by_one_and_approved_by_another(desk: Desk) -> None:
    entry = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    assert (row().decision, row().picture.state) == ("proposed", "checked")
    reviewing.approve(desk.supervisor, case_id=desk.case.id, entry_id=entry.id, digest=entry.digest)
    assert (row().decision, row().picture.state, row().picture.shred_reason) == (
        "listed",
        "shredded",
        "decided",
    )
    assert str(row().decided_by_id) == desk.supervisor.actor.id
    assert decided(desk) == [("undecided", "proposed"), ("proposed", "listed")]


def test_nobody_approves_their_own(desk: Desk) -> None:
    entry = reviewing.propose(desk.supervisor, case_id=desk.case.id, position=1, list_slug="reviewed")
    with pytest.raises(NotAllowed):
        reviewing.approve(desk.supervisor, case_id=desk.case.id, entry_id=entry.id, digest=entry.digest)
    assert (row().decision, row().picture.state) == ("proposed", "checked")
    assert Entry.objects.get().state == "proposed"


def test_a_rejected_one_goes_back_with_its_file(desk: Desk) -> None:
    entry = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    reviewing.reject(desk.supervisor, case_id=desk.case.id, entry_id=entry.id, reason="not_enough")
    assert (row().decision, row().decided_at, row().picture.state) == ("undecided", None, "checked")
    again = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    assert again.id != entry.id


def test_not_listed_destroys_the_file(desk: Desk) -> None:
    reviewing.decide_not_listed(desk.caseworker, case_id=desk.case.id, position=1)
    assert (row().decision, row().picture.state, row(2).picture.state) == (
        "not_listed",
        "shredded",
        "checked",
    )
    with pytest.raises(Conflict):
        reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")


def test_not_listed_ends_an_open_proposal(desk: Desk) -> None:
    entry = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    reviewing.decide_not_listed(desk.caseworker, case_id=desk.case.id, position=1)
    assert (Entry.objects.get().state, row().decision) == ("withdrawn", "not_listed")
    with pytest.raises(Conflict):
        reviewing.approve(desk.supervisor, case_id=desk.case.id, entry_id=entry.id, digest=entry.digest)
    assert (Entry.objects.get().state, row().decision) == ("withdrawn", "not_listed")


def test_what_is_listed_is_withdrawn_not_decided_again(desk: Desk) -> None:
    entry = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    reviewing.approve(desk.supervisor, case_id=desk.case.id, entry_id=entry.id, digest=entry.digest)
    with pytest.raises(Conflict) as refused:
        reviewing.decide_not_listed(desk.caseworker, case_id=desk.case.id, position=1)
    assert refused.value.code == "already_listed"
    assert (Entry.objects.get().state, row().decision) == ("approved", "listed")


def test_a_file_kept_as_evidence_stays(desk: Desk) -> None:
    CasePicture.objects.update(keep_as_evidence=True)
    reviewing.decide_not_listed(desk.caseworker, case_id=desk.case.id, position=1)
    assert (row().decision, row().picture.state) == ("not_listed", "checked")


@pytest.mark.parametrize("gone", ["consent", "sharing"])
def test_nothing_is_proposed_without_consent_in_force(desk: Desk, gone: str) -> None:
    if gone == "consent":
        Consent.objects.update(withdrawn_at=clock.now())
    else:
        CasePicture.objects.update(sharing_stopped_at=clock.now())
    with pytest.raises((Invalid, Conflict)):
        reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    assert (row().decision, Entry.objects.count(), decided(desk)) == ("undecided", 0, [])


@pytest.mark.parametrize("restricted", [False, True])
def test_only_for_the_lists_that_its_team_reviews(desk: Desk, *, restricted: bool) -> None:
    """Above all not for a self-reported one, where a proposal is the decision: nobody else would look."""
    desk.case.team.restricted = restricted
    desk.case.team.save()
    mine, other = ("restricted", "reviewed") if restricted else ("reviewed", "restricted")
    for slug in ("self-reported", other):
        with pytest.raises(NotFound):
            reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug=slug)
    assert (row().decision, Entry.objects.count(), decided(desk)) == ("undecided", 0, [])
    reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug=mine)


def test_others_see_and_change_nothing(desk: Desk) -> None:
    for act in (
        lambda: reviewing.propose(desk.outsider, case_id=desk.case.id, position=1, list_slug="reviewed"),
        lambda: reviewing.decide_not_listed(desk.outsider, case_id=desk.case.id, position=1),
        lambda: reviewing.preview(desk.outsider, case_id=desk.case.id, position=1),
        lambda: reviewing.request_reveal(desk.outsider, case_id=desk.case.id, position=1, reason="x" * 20),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        reviewing.decide_not_listed(desk.auditor, case_id=desk.case.id, position=1)
    assert (row().decision, Entry.objects.count()) == ("undecided", 0)


def test_an_entry_of_another_case_is_not_found(desk: Desk) -> None:
    entry = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    CasePicture.objects.filter(position=1).delete()
    with pytest.raises(NotFound):
        reviewing.approve(desk.supervisor, case_id=desk.case.id, entry_id=entry.id, digest=entry.digest)


def test_a_suspected_child_locks_everything_at_once(desk: Desk) -> None:
    first = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    reviewing.approve(desk.supervisor, case_id=desk.case.id, entry_id=first.id, digest=first.digest)
    second = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=2, list_slug="reviewed")
    suspect(desk.caseworker, case_id=desk.case.id)
    case = desk.fresh()
    assert (case.team.name, case.assignee_id) == ("Restricted", None)
    assert case.child_suspected_at is not None
    assert list(Entry.objects.values_list("state", "reason")) == [("withdrawn", "child_suspected")] * 2
    assert [row(1).decision, row(2).decision] == ["not_listed", "not_listed"]
    assert row(2).picture.locked_at is not None
    with pytest.raises(NotFound):
        reviewing.approve(desk.supervisor, case_id=case.id, entry_id=second.id, digest=second.digest)
    assert AuditEntry.objects.get(verb="case.child_suspected").payload == {"by": "staff"}


def test_a_locked_case_stays_locked_for_its_new_team(desk: Desk) -> None:
    suspect(desk.caseworker, case_id=desk.case.id)
    team = desk.fresh().team
    for perm in (desk.supervisor,):
        actor = perm.actor.__class__(perm.actor.kind, perm.actor.id, perm.actor.role, frozenset({team.id}))
        ctx = perm.__class__(actor)
        for act in (
            lambda c=ctx: reviewing.preview(c, case_id=desk.case.id, position=1),
            lambda c=ctx: reviewing.request_reveal(c, case_id=desk.case.id, position=1, reason="x" * 20),
            lambda c=ctx: reviewing.propose(c, case_id=desk.case.id, position=1, list_slug="reviewed"),
        ):
            with pytest.raises(Conflict) as refused:
                act()
            assert refused.value.code == "child_suspected"


def test_suspecting_twice_writes_once(desk: Desk) -> None:
    suspect(desk.caseworker, case_id=desk.case.id)
    with pytest.raises(NotFound):  # it is the restricted team's now
        suspect(desk.caseworker, case_id=desk.case.id)
    assert AuditEntry.objects.filter(verb="case.child_suspected").count() == 1


def test_codes_are_shared_only_with_a_consent_of_their_own(desk: Desk) -> None:
    entry = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    assert not entry.regional
    Consent.objects.create(
        case=desk.case,
        recipient="partners",
        kind="regional",
        wording_version="2026-11-2",
        given_at=clock.now(),
    )
    entry = reviewing.propose(desk.caseworker, case_id=desk.case.id, position=2, list_slug="reviewed")
    assert entry.regional


def test_consent_to_codes_alone_lists_nothing(desk: Desk) -> None:
    Consent.objects.update(kind="regional")
    with pytest.raises(Invalid) as refused:
        reviewing.propose(desk.caseworker, case_id=desk.case.id, position=1, list_slug="reviewed")
    assert (refused.value.code, Entry.objects.exists()) == ("no_consent", False)
