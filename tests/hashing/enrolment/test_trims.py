"""Which part of a picture is fingerprinted: the computer proposes, a person says; no listing in between."""

from __future__ import annotations

from unittest.mock import Mock
from uuid import UUID

import pytest

from hashing.enrolment import trims
from hashing.enrolment.models import Enrolment, State, Trim
from hashing.enrolment.services import enrol_picture
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.lists.models import Entry
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from portal.vault import cage
from portal.vault.models import Picture
from portal.vault.services import shred
from tests.factories import ctx_of, make_staff, make_team
from tests.hashing.enrolment.made import CTX, answer, enrolled, enrolment_of, owed, screenshot
from tests.hashing.listing import Desk

pytestmark = pytest.mark.django_db
BOX = Rectangle(30, 40, 530, 360)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """A cage that finds a picture within the picture."""
    found = Mock(return_value=answer(box=list(BOX), seed=1))
    monkeypatch.setattr(cage, "run", found)
    return found


@pytest.fixture
def picture(run: Mock) -> Picture:
    """Fingerprinted as the computer would trim it."""
    made = owed()
    assert enrol_picture(CTX, picture_id=made.pk)
    return made


@pytest.fixture
def desk() -> Desk:
    return Desk.make()


def confirm(desk: Desk, picture: Picture, box: Rectangle | None) -> Enrolment:
    return trims.confirm(ctx_of(desk.caseworker), picture_id=picture.pk, box=box, team=desk.team.pk)


def state(picture: Picture) -> tuple[object, ...]:
    rows = RegionalFingerprint.objects.filter(picture=picture).values_list("pk", "box", "left", "bottom")
    entries = AuditEntry.objects.exclude(verb__startswith="staff").count()
    return Enrolment.objects.filter(pk=picture.pk).values().get(), list(rows), entries


def test_a_screenshot_is_trimmed_to_the_picture_in_it() -> None:
    picture = enrolled(screenshot())
    enrolment = enrolment_of(picture)
    assert (enrolment.state, enrolment.trim, enrolment.ready) == (State.DONE, Trim.PROPOSED, False)
    assert enrolment.proposal == enrolment.box
    assert enrolment.box
    assert all(abs(a - b) <= 3 for a, b in zip(enrolment.box, (30, 200, 330, 400), strict=True))
    row = RegionalFingerprint.objects.get(picture=picture)
    assert (row.box, row.left, row.top) == ("trimmed", enrolment.box.left, enrolment.box.top)
    whole = Fingerprint.objects.get(picture=picture, kind="pdq", variant="original").value
    alone = enrolled()
    other = Fingerprint.objects.get(picture=alone, kind="pdq", variant="original").value
    assert (int(whole, 16) ^ int(other, 16)).bit_count() <= 31


def test_nothing_is_listed_before_somebody_confirms(desk: Desk, picture: Picture) -> None:
    with pytest.raises(Conflict) as refused:
        desk.propose(picture)
    assert refused.value.code == "trim_unconfirmed"
    assert not Entry.objects.exists()
    confirm(desk, picture, BOX)
    entry = desk.propose(picture)
    assert entry.variants == ["crop-1x1", "original"]


def test_accepting_makes_nothing_anew(desk: Desk, picture: Picture, run: Mock) -> None:
    before = RegionalFingerprint.objects.get(picture=picture).pk
    enrolment = confirm(desk, picture, BOX)
    assert (enrolment.trim, enrolment.state, enrolment.ready) == (Trim.ACCEPTED, State.DONE, True)
    assert enrolment.confirmed_at is not None
    assert RegionalFingerprint.objects.get(picture=picture).pk == before
    assert AuditEntry.objects.get(verb="picture.trimmed").payload == {"choice": "accepted"}
    assert run.call_count == 1


@pytest.mark.parametrize(
    ("box", "trim"),
    [
        (None, Trim.WHOLE),
        (Rectangle(0, 0, 600, 400), Trim.WHOLE),
        (Rectangle(10, 20, 590, 380), Trim.ADJUSTED),
    ],
)
def test_another_part_is_fingerprinted_instead(
    desk: Desk, picture: Picture, run: Mock, box: Rectangle | None, trim: Trim
) -> None:
    args = ["whole"] if trim is Trim.WHOLE else ["10", "20", "590", "380"]
    enrolment = confirm(desk, picture, box)
    assert (enrolment.trim, enrolment.state, enrolment.ready) == (trim, State.OWED, False)
    with pytest.raises(Conflict) as refused:
        desk.propose(picture)
    assert refused.value.code == "not_enrolled"
    run.return_value = answer(box=None if trim is Trim.WHOLE else [int(one) for one in args], seed=2)
    assert enrol_picture(CTX, picture_id=picture.pk)
    assert run.call_args.kwargs["args"] == args
    enrolment = enrolment_of(picture)
    assert (enrolment.trim, enrolment.ready, enrolment.proposal) == (trim, True, BOX)
    row = RegionalFingerprint.objects.get(picture=picture)
    expected = Rectangle(*map(int, args)) if trim is Trim.ADJUSTED else Rectangle(0, 0, 600, 400)
    assert (row.left, row.top, row.right, row.bottom) == expected
    assert AuditEntry.objects.get(verb="picture.trimmed").payload["choice"] == trim.value
    assert desk.propose(picture).state == "proposed"


def test_a_worker_at_the_old_part_has_lost_its_lease(desk: Desk, picture: Picture, run: Mock) -> None:
    confirm(desk, picture, None)
    changed: list[bool] = []

    def somebody_changes_it(*_args: object, **_kwargs: object) -> bytes:
        if not changed:
            changed.append(True)
            confirm(desk, picture, Rectangle(10, 20, 590, 380))
        return answer(seed=3)

    run.side_effect = somebody_changes_it
    assert not enrol_picture(CTX, picture_id=picture.pk)
    assert enrolment_of(picture).state == State.OWED
    assert enrol_picture(CTX, picture_id=picture.pk)
    assert RegionalFingerprint.objects.get(picture=picture).left == 10


@pytest.mark.parametrize(
    ("box", "code"),
    [
        (Rectangle(0, 0, 601, 400), "box_too_small"),
        (Rectangle(300, 0, 300, 400), "box_too_small"),
        (Rectangle(0, 0, 15, 400), "box_too_small"),
        (Rectangle(-5, 0, 300, 400), "box_too_small"),
    ],
)
def test_a_part_that_is_none_is_refused(desk: Desk, picture: Picture, box: Rectangle, code: str) -> None:
    before = state(picture)
    with pytest.raises(Invalid) as refused:
        confirm(desk, picture, box)
    assert refused.value.code == code
    assert state(picture) == before


def test_once_proposed_it_stays(desk: Desk, picture: Picture) -> None:
    confirm(desk, picture, BOX)
    entry = desk.propose(picture)
    before = state(picture)
    with pytest.raises(Conflict) as refused:
        confirm(desk, picture, None)
    assert refused.value.code == "already_proposed"
    assert state(picture) == before
    assert desk.approve(entry).state == "approved"


def test_before_the_computer_has_looked_nobody_can_say(desk: Desk, run: Mock) -> None:
    picture = owed()
    before = state(picture)
    with pytest.raises(Conflict) as refused:
        confirm(desk, picture, None)
    assert refused.value.code == "not_enrolled"
    assert state(picture) == before


def test_what_is_destroyed_has_no_part(desk: Desk, picture: Picture) -> None:
    shred(CTX, picture_id=picture.pk, reason="withdrawn")
    before = state(picture)
    with pytest.raises(NotFound):
        confirm(desk, picture, BOX)
    assert state(picture) == before


def not_of_the_team() -> Staff:
    return make_staff(Role.CASEWORKER, [make_team()])


def an_auditor() -> Staff:
    return make_staff(Role.AUDITOR)


@pytest.mark.parametrize("who", [not_of_the_team, an_auditor])
@pytest.mark.parametrize("service", ["confirm", "retry"])
def test_only_who_may_propose(desk: Desk, picture: Picture, who: object, service: str) -> None:
    ctx = ctx_of(who())  # type: ignore[operator]  # a function above
    before = state(picture)
    with pytest.raises(NotAllowed):
        act(ctx, picture.pk, desk.team.pk, service)
    assert state(picture) == before


def act(ctx: Context, picture_id: UUID, team: UUID, service: str) -> None:
    if service == "retry":
        trims.retry(ctx, picture_id=picture_id, team=team)
    else:
        trims.confirm(ctx, picture_id=picture_id, box=BOX, team=team)


def test_what_failed_can_be_tried_again(desk: Desk, run: Mock) -> None:
    picture = owed()
    Enrolment.objects.filter(pk=picture.pk).update(state=State.FAILED, attempts=3)
    with pytest.raises(DomainError):
        desk.propose(picture)
    trims.retry(ctx_of(desk.caseworker), picture_id=picture.pk, team=desk.team.pk)
    assert AuditEntry.objects.get(verb="fingerprint.retried").subject_id == str(picture.pk)
    assert enrol_picture(CTX, picture_id=picture.pk)
    assert enrolment_of(picture).state == State.DONE


def test_trying_again_what_is_done_changes_nothing(desk: Desk, picture: Picture) -> None:
    before = state(picture)
    trims.retry(ctx_of(desk.caseworker), picture_id=picture.pk, team=desk.team.pk)
    assert state(picture) == before
