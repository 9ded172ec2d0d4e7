"""The person's own sharing of what their device fingerprinted, and how it becomes reviewed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case, CasePicture
from cases.services import child, consents, retention, reviewing, self_reporting
from cases.services.withdrawal import Scope, withdraw
from hashing.fingerprints.models import Fingerprint
from hashing.lists.models import Entry
from portal.audit.models import Entry as Logged
from portal.core import clock
from portal.core.context import Context
from portal.vault.models import Picture
from tests.cases.services.conftest import Desk
from tests.hashing.test_devices import registered

CTX = Context.visitor()


@pytest.fixture
def case(desk: Desk) -> Case:
    """Its contact confirmed; its third file stays on the device, and its first is the same one, sent."""
    Case.objects.filter(pk=desk.case.pk).update(contact_verified_at=clock.now())
    case = desk.fresh()
    mine = CasePicture.objects.create(case=case, picture=registered(), position=3)
    value = Fingerprint.objects.get(picture=mine.picture, kind="pdq", variant="original").value
    sent = case.pictures.get(position=1).picture
    Fingerprint.objects.filter(picture=sent, kind="pdq").update(value=value)
    return case


def entry() -> Entry:
    return Entry.objects.get(list__slug="self-reported")


def test_shared_once_the_contact_is_confirmed_and_they_agreed(case: Case) -> None:
    assert self_reporting.share(CTX, case) == 1
    assert (entry().state, entry().picture_id) == ("approved", case.pictures.get(position=3).picture_id)
    assert (entry().proposed_by, entry().wait_until) == (None, entry().proposed_at + timedelta(hours=1))
    logged = Logged.objects.filter(subject_id=str(entry().pk)).order_by("pk")
    assert [one.verb for one in logged] == ["entry.proposed", "entry.approved"]
    assert {one.actor_id for one in logged} == {str(case.pk)}
    assert self_reporting.share(CTX, case) == 0


@pytest.mark.parametrize("missing", ["contact", "consent", "sharing"])
def test_nothing_is_shared_otherwise(case: Case, missing: str) -> None:
    if missing == "contact":
        case.contact_verified_at = None
    elif missing == "consent":
        consents.withdraw_all(CTX, case)
    else:
        case.pictures.update(sharing_stopped_at=clock.now())
    before = Logged.objects.count()
    assert self_reporting.share(CTX, case) == 0
    assert (Entry.objects.count(), Logged.objects.count()) == (0, before)


def test_more_than_a_contact_may_share_in_a_day_waits_longer(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_reporting, "A_DAY", 1)
    CasePicture.objects.create(case=case, picture=registered("cat"), position=4)
    assert self_reporting.share(CTX, case) == 2
    waits = [
        one.wait_until and one.wait_until - one.proposed_at for one in Entry.objects.order_by("wait_until")
    ]
    assert waits == [timedelta(hours=1), timedelta(days=1, hours=1)]


def test_a_review_against_the_sent_one_ends_what_the_device_shared(case: Case, desk: Desk) -> None:
    self_reporting.share(CTX, case)
    reviewing.decide_not_listed(desk.caseworker, case_id=case.pk, position=1)
    assert (entry().state, entry().reason) == ("withdrawn", "not_enough")
    assert case.pictures.get(position=3).decision == "not_listed"
    assert self_reporting.share(CTX, case) == 0, "it is not put back"


def test_a_review_of_another_file_changes_nothing(case: Case, desk: Desk) -> None:
    self_reporting.share(CTX, case)
    reviewing.decide_not_listed(desk.caseworker, case_id=case.pk, position=2)
    assert (entry().state, case.pictures.get(position=3).decision) == ("approved", "undecided")


def test_a_review_lists_the_sent_one_beside_it(case: Case, desk: Desk) -> None:
    self_reporting.share(CTX, case)
    made = reviewing.propose(desk.caseworker, case_id=case.pk, position=1, list_slug="reviewed")
    reviewing.approve(desk.supervisor, case_id=case.pk, entry_id=made.pk, digest=made.digest)
    assert sorted(Entry.objects.values_list("list__slug", "state")) == [
        ("reviewed", "approved"),
        ("self-reported", "approved"),
    ]


@pytest.mark.parametrize("position", [1, 3])
def test_taking_back_one_of_both_takes_back_both(case: Case, desk: Desk, position: int) -> None:
    self_reporting.share(CTX, case)
    made = reviewing.propose(desk.caseworker, case_id=case.pk, position=1, list_slug="reviewed")
    withdraw(Context.person(case.pk), case_id=case.pk, scope=Scope.PICTURE, position=position)
    assert set(Entry.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert Entry.objects.get(pk=made.pk).reason == "consent_withdrawn"
    stopped = case.pictures.filter(sharing_stopped_at__isnull=False)
    assert set(stopped.values_list("position", flat=True)) == {1, 3}


def test_a_child_suspected_ends_it(case: Case, desk: Desk) -> None:
    self_reporting.share(CTX, case)
    child.suspect(desk.caseworker, case_id=case.pk)
    assert (entry().state, entry().reason) == ("withdrawn", "child_suspected")
    assert case.pictures.get(position=3).picture.locked_at is not None


def test_retention_ends_it_when_it_is_not_shared_any_more(case: Case) -> None:
    self_reporting.share(CTX, case)
    mine = case.pictures.get(position=3).picture
    Picture.objects.update(stored_at=clock.now() - timedelta(days=4000))
    retention.sweep(Context.system("test"))
    assert (entry().state, Picture.objects.get(pk=mine.pk).state) == ("approved", "on_device")
    withdraw(Context.person(case.pk), case_id=case.pk, scope=Scope.SHARING)
    retention.sweep(Context.system("test"))
    assert (entry().state, Picture.objects.get(pk=mine.pk).state) == ("withdrawn", "shredded")
