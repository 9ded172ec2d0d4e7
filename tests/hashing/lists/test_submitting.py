"""What partners submit lists nothing by itself: it waits, is linked, and goes the way of two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from hashing.lists import services
from hashing.lists.models import Entry, Partner, Submission, SubmissionFingerprint
from hashing.lists.states import Category, MediaType, Reason, Wire
from hashing.lists.submitted import Submitted
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import GOOD, Desk, make_key, make_partner, make_picture, pdq_value
from tests.hashing.wire import bearer, refused, two_keys

pytestmark = pytest.mark.django_db


def submit(partner: Partner, *fingerprints: Submitted) -> Submission:
    return services.submit(
        Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, fingerprints=fingerprints
    )


def pdq(value: str | None = None, quality: int | None = 90) -> Submitted:
    return Submitted("pdq", value or pdq_value(), "original", quality, "pdq")


def propose(desk: Desk, found: Submission, slug: str = "reviewed") -> Entry:
    return services.propose_submission(
        ctx_of(desk.caseworker),
        submission_id=found.pk,
        list_slug=slug,
        basis=GOOD,
        team=desk.team.pk,
        category=Category.THREATENED,
    )


def test_it_waits_and_is_audited() -> None:
    partner = make_partner()
    found = submit(partner, pdq(), Submitted("md5", "ab" * 16))
    assert (found.state, found.picture_id, found.fingerprints.count()) == ("waiting", None, 2)
    assert not Entry.objects.exists()
    logged = AuditEntry.objects.get(verb="submission.received")
    assert (logged.actor_id, logged.subject_id) == (str(partner.pk), str(found.pk))
    assert logged.payload == {"wire": "native", "fingerprints": 2, "linked": False}


def test_exact_hashes_of_a_picture_alone_are_not_proposed() -> None:
    """They stop no copy, and may be a white square's. Of a video there is nothing else."""
    desk, partner, picture = Desk.make(), make_partner(), make_picture()
    found = submit(partner, Submitted("md5", "ab" * 16), Submitted("sha256", "cd" * 32))
    Submission.objects.update(picture_id=picture.pk)
    with pytest.raises(Invalid) as refused:
        propose(desk, found)
    assert refused.value.code == "no_usable_fingerprint"
    found.refresh_from_db()
    assert (found.state, Entry.objects.count()) == ("waiting", 0)
    assert not AuditEntry.objects.filter(verb="entry.proposed").exists()
    Submission.objects.update(media_type=MediaType.VIDEO)
    assert propose(desk, found).media_type == "video"


def test_the_same_again_is_the_same() -> None:
    one, other, value = make_partner("One"), make_partner("Two"), pdq()
    first, again = submit(one, value), submit(one, value)
    assert first.pk == again.pk
    assert submit(other, value).pk != first.pk
    assert (Submission.objects.count(), SubmissionFingerprint.objects.count()) == (2, 2)
    assert AuditEntry.objects.filter(verb="submission.received").count() == 2


def test_it_is_linked_to_the_picture_that_has_the_same_value() -> None:
    value = pdq_value()
    picture = make_picture(pdq=value)
    make_picture()
    found = submit(make_partner(), pdq(value, None))
    found.refresh_from_db()
    assert (found.picture_id, found.distance) == (picture.pk, 0)
    assert AuditEntry.objects.get(verb="submission.received").payload["linked"] is True


@pytest.mark.parametrize(
    "fingerprints",
    [
        [],
        [pdq("0" * 64)],
        [pdq("AB" * 32)],
        [pdq("ab")],
        [pdq(quality=49)],
        [Submitted("nothing", "ab" * 16)],
        [pdq("ab" * 32), pdq("cd" * 32)],
        [pdq(), *(Submitted("pdq", pdq_value(), str(number), 90, "pdq") for number in range(100))],
        [Submitted("md5", "ab" * 16), Submitted("md5", "cd" * 16, "other")],
        [Submitted("sha256", "ab" * 32), Submitted("sha256", "cd" * 32, algorithm="other")],
    ],
)
def test_what_could_match_nothing_is_refused(fingerprints: list[Submitted]) -> None:
    with pytest.raises(Invalid):
        submit(make_partner(), *fingerprints)
    assert not Submission.objects.exists()
    assert not AuditEntry.objects.filter(verb="submission.received").exists()


def test_linked_it_goes_the_way_of_two_people() -> None:
    desk, value = Desk.make(), pdq_value()
    picture = make_picture(pdq=value)
    own = desk.listed(picture)
    found = submit(make_partner(), pdq(value))
    entry = propose(desk, found)
    found.refresh_from_db()
    assert (found.state, entry.picture_id, entry.submission_id) == ("proposed", picture.pk, found.pk)
    assert (entry.state, entry.category, entry.variants) == ("proposed", "threatened", ["original"])
    with pytest.raises(NotAllowed):
        services.approve(ctx_of(desk.caseworker), entry_id=entry.pk, digest=entry.digest, team=desk.team.pk)
    desk.approve(entry)
    services.publish_pending()
    entry.refresh_from_db()
    assert entry.state == "listed"
    services.withdraw_picture(Context.person(picture.pk), picture_id=picture.pk, reason="consent_withdrawn")
    assert set(Entry.objects.values_list("pk", "state")) == {(own.pk, "withdrawn"), (entry.pk, "withdrawn")}


def near(value: str, bits: int) -> str:
    return f"{int(value, 16) ^ ((1 << bits) - 1):064x}"


def test_of_what_the_matcher_linked_only_what_that_bears_out_is_listed() -> None:
    """A partner that knows a listed value can't get a harmless picture listed along with it."""
    desk, value = Desk.make(), pdq_value()
    make_picture(pdq=value)
    found = submit(
        make_partner(),
        pdq(value),
        Submitted("pdq", near(value, 31), "near", 90, "pdq"),
        Submitted("pdq", near(value, 32), "far", 90, "pdq"),
        Submitted("pdq", pdq_value(), "harmless", 90, "pdq"),
        Submitted("phash", "1234567890abcdef"),
        Submitted("md5", "ab" * 16),
    )
    entry = propose(desk, found)
    assert set(entry.fingerprints.values_list("kind", "variant")) == {
        ("pdq", "original"),
        ("pdq", "near"),
        ("md5", ""),
    }
    assert entry.variants == ["near", "original"]


def test_what_staff_linked_is_listed_as_it_is_and_nothing_is_no_entry() -> None:
    desk, picture, value = Desk.make(), make_picture(), pdq_value()
    by_hand = submit(make_partner(), pdq(value))
    services.link_submission(
        ctx_of(desk.caseworker), submission_id=by_hand.pk, picture_id=picture.pk, team=desk.team.pk
    )
    assert propose(desk, by_hand).fingerprints.get().value == value
    moved = submit(make_partner("Other"), pdq())
    Submission.objects.filter(pk=moved.pk).update(picture_id=picture.pk, distance=31)
    with pytest.raises(Invalid) as refused:
        propose(desk, moved)
    assert refused.value.code == "no_usable_fingerprint"
    assert not Entry.objects.filter(submission=moved).exists()


@pytest.mark.parametrize("before", ["waiting", "proposed", "listed"])
def test_a_withdrawal_takes_along_what_partners_sent_as_copies(before: str) -> None:
    desk, value = Desk.make(), pdq_value()
    picture = make_picture(pdq=value)
    found, other = submit(make_partner(), pdq(value)), submit(make_partner("Other"), pdq())
    if before != "waiting":
        entry = propose(desk, found)
        if before == "listed":
            desk.approve(entry)
            services.publish_pending()
    person = Context.person(picture.pk)
    services.withdraw_picture(person, picture_id=picture.pk, reason="consent_withdrawn")
    found.refresh_from_db()
    assert (found.state, found.reason, found.fingerprints.count()) == ("refused", "consent_withdrawn", 0)
    logged = AuditEntry.objects.get(verb="submission.refused")
    assert (logged.subject_id, logged.actor_kind) == (str(found.pk), "person")
    other.refresh_from_db()
    assert (other.state, other.fingerprints.count()) == ("waiting", 1)
    services.withdraw_picture(person, picture_id=picture.pk, reason="consent_withdrawn")
    assert AuditEntry.objects.filter(verb="submission.refused").count() == 1


def test_no_partner_floods_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashing.lists.services.submitting.WAITING_MOST", 2)
    full, other = make_partner(), make_partner("Other")
    key, wire = make_key(Wire.NATIVE, full), make_key(Wire.STOPNCII, full)
    for _ in range(2):
        submit(full, pdq())
    send = partial(Client().post, content_type="application/json")
    one = {"hashes": [{"type": "pdq", "value": pdq_value()}]}
    response = send("/api/v1/submissions", one, headers=bearer(key))
    refused(response, 429, "too_many_waiting")
    assert response["Retry-After"] == "86400"
    hashes = {"hashRecords": [{"signalType": "ImagePDQ", "hashValue": pdq_value()}]}
    refused(send("/stopncii/v1/SubmitHashes", hashes, headers=two_keys(wire)), 429, "too_many_waiting")
    assert Submission.objects.count() == 2
    response = send("/api/v1/submissions", one, headers=bearer(make_key(Wire.NATIVE, other)))
    assert response.status_code == 201


def test_unlinked_or_for_a_list_without_a_second_person_it_is_not_proposed() -> None:
    desk, value = Desk.make(), pdq_value()
    unlinked = submit(make_partner(), pdq())
    with pytest.raises(Conflict) as refused:
        propose(desk, unlinked)
    assert refused.value.code == "not_linked"
    make_picture(pdq=value)
    linked = submit(make_partner("Other"), pdq(value))
    with pytest.raises(Invalid) as alone:
        propose(desk, linked, "self-reported")
    assert alone.value.code == "needs_two"
    assert not Entry.objects.exists()


def test_staff_of_the_team_link_and_refuse() -> None:
    desk, picture = Desk.make(), make_picture()
    found = submit(make_partner(), pdq())
    ctx, team = ctx_of(desk.caseworker), desk.team.pk
    services.link_submission(ctx, submission_id=found.pk, picture_id=picture.pk, team=team)
    assert AuditEntry.objects.get(verb="submission.linked").payload == {"picture": str(picture.pk)}
    services.refuse_submission(ctx, submission_id=found.pk, reason=Reason.NOT_ENOUGH, team=team)
    found.refresh_from_db()
    assert (found.state, found.reason, found.fingerprints.count()) == ("refused", "not_enough", 0)
    assert AuditEntry.objects.get(verb="submission.refused").payload == {"reason": "not_enough"}
    with pytest.raises(Conflict):
        services.refuse_submission(ctx, submission_id=found.pk, reason=Reason.NOT_ENOUGH, team=team)


def test_others_do_neither() -> None:
    desk, picture = Desk.make(), make_picture()
    found = submit(make_partner(), pdq())
    for who in (make_staff(Role.AUDITOR), make_staff(Role.ADMINISTRATOR), Desk.make().caseworker):
        ctx = ctx_of(who)
        attempts: list[Callable[[Context], object]] = [
            lambda ctx: services.link_submission(
                ctx, submission_id=found.pk, picture_id=picture.pk, team=desk.team.pk
            ),
            lambda ctx: services.refuse_submission(
                ctx, submission_id=found.pk, reason=Reason.MISTAKE, team=desk.team.pk
            ),
        ]
        for attempt in attempts:
            with pytest.raises(NotAllowed):
                attempt(ctx)
    found.refresh_from_db()
    assert (found.state, found.picture_id) == ("waiting", None)
    assert not AuditEntry.objects.filter(verb__in=["submission.linked", "submission.refused"]).exists()


def test_what_the_second_person_turned_down_waits_again() -> None:
    desk, value = Desk.make(), pdq_value()
    make_picture(pdq=value)
    found = submit(make_partner(), pdq(value))
    entry = propose(desk, found)
    services.reject(ctx_of(desk.supervisor), entry_id=entry.pk, reason="not_enough", team=desk.team.pk)
    found.refresh_from_db()
    assert found.state == "waiting"
    assert propose(desk, found).state == "proposed"


def test_what_nobody_links_is_forgotten_after_90_days() -> None:
    partner = make_partner()
    old, new = submit(partner, pdq()), submit(partner, pdq())
    Submission.objects.filter(pk=old.pk).update(received_at=old.received_at - timedelta(days=90, minutes=1))
    Submission.objects.filter(pk=new.pk).update(received_at=new.received_at - timedelta(days=89))
    assert services.expire_submissions(Context.system("hashing.expire")) == 1
    old.refresh_from_db()
    assert (old.state, old.fingerprints.count(), new.fingerprints.count()) == ("refused", 0, 1)
    assert AuditEntry.objects.get(verb="submission.refused").subject_id == str(old.pk)
