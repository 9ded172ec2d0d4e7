"""What people change themselves: contact, messages, language, what they allow; and what they add."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from cases.models import AgeRoute, Case, CasePicture, Consent, ConsentKind, Recipient
from cases.services import own, stops, updates
from cases.services.adding import add_files, takes_files
from cases.services.desk_keys import open_case_key, read_contact
from cases.services.own_choices import Choice, change_consents, change_contact, change_language, change_safety
from cases.services.safety import Safety
from hashing.lists import services as lists
from hashing.lists.models import Entry as ListEntry
from hashing.lists.reports import Value
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.notify.models import Message
from portal.vault.uploads import StagedPicture
from portal.verify import contacts
from tests.cases.services.conftest import Desk
from tests.cases.services.test_deferring import _list
from tests.cases.services.test_regaining import confirmed
from tests.cases.visitors import deliver_all, mails
from tests.hashing.listing import make_partner
from tests.hashing.lists.test_feedback import give
from tests.hashing.regional_rows import make_regional

NEW = contacts.email("new@post.example")
VERSION = "2030-01"
PARTNERS = Choice(Recipient.PARTNERS, ConsentKind.FINGERPRINTS, VERSION)
POLICE = Choice(Recipient.POLICE, ConsentKind.CASE_FILE, VERSION)
EVIDENCE = Choice(Recipient.AGENCY, ConsentKind.EVIDENCE, VERSION)
DETAILS = Choice(Recipient.PARTNERS, ConsentKind.REGIONAL, VERSION)
OFFERED = (PARTNERS, POLICE, EVIDENCE)


def person(desk: Desk) -> Context:
    return Context.person(desk.case.id)


def test_the_new_contact_takes_over_and_the_old_one_hears_one_neutral_word(desk: Desk) -> None:
    Case.objects.update(contact_verified_at=clock.now())
    private = open_case_key(desk.case)
    confirmation = confirmed(NEW)
    change_contact(
        person(desk), case_id=desk.case.id, private=private, contact=NEW, confirmation=confirmation
    )
    found = read_contact(desk.caseworker, case_id=desk.case.id)
    assert found is not None
    assert found.value == "new@post.example"
    assert desk.fresh().contact_verified_at is not None
    deliver_all()
    assert [mail for mail in mails() if mail["to"] == "ann@post.example"] == [
        {"to": "ann@post.example", "subject": "An update", "body": "There is an update to your request"}
    ]
    assert Entry.objects.get(verb="case.contact_changed").payload == {"kind": "email", "before": "email"}


def test_what_was_safe_at_the_old_contact_is_asked_anew_of_the_new_one(desk: Desk) -> None:
    Case.objects.update(contact_verified_at=clock.now())
    private, confirmation = open_case_key(desk.case), confirmed(NEW)
    change_safety(person(desk), case_id=desk.case.id, safety=Safety("yes", call=True, say="a parcel"))
    before = Message.objects.count()
    change_contact(
        person(desk), case_id=desk.case.id, private=private, contact=NEW, confirmation=confirmation
    )
    assert own.safety(desk.fresh(), private) == Safety()
    assert not updates.tell(desk.caseworker, desk.fresh())
    assert Message.objects.count() == before
    change_safety(person(desk), case_id=desk.case.id, safety=Safety("yes"))
    change_contact(
        person(desk), case_id=desk.case.id, private=private, contact=NEW, confirmation=confirmation
    )
    assert own.safety(desk.fresh(), private) == Safety("yes"), "the same contact again is no other one"
    assert updates.tell(desk.caseworker, desk.fresh())


@pytest.mark.parametrize("why", ["not_confirmed", "not_safe"])
def test_the_old_contact_hears_nothing_where_that_is_not_safe(desk: Desk, why: str) -> None:
    private = open_case_key(desk.case)
    if why == "not_safe":
        Case.objects.update(contact_verified_at=clock.now())
        change_safety(person(desk), case_id=desk.case.id, safety=Safety("no"))
    change_contact(person(desk), case_id=desk.case.id, private=private, contact=None, confirmation=None)
    case = desk.fresh()
    assert (case.contact_kind, case.contact_sealed, case.contact_index, case.contact_verified_at) == (
        "none",
        None,
        None,
        None,
    )
    assert Message.objects.count() == 0


def test_a_contact_that_is_not_confirmed_changes_nothing(desk: Desk) -> None:
    private, other = open_case_key(desk.case), confirmed(contacts.email("eve@post.example"))
    before = Entry.objects.count()
    for confirmation in (None, other, replace(other, challenge_id=uuid4())):
        with pytest.raises(Conflict):
            change_contact(
                person(desk), case_id=desk.case.id, private=private, contact=NEW, confirmation=confirmation
            )
    with pytest.raises(NotFound):
        change_contact(
            desk.supervisor, case_id=desk.case.id, private=private, contact=None, confirmation=None
        )
    contact = own.contact(desk.fresh(), private)
    assert contact is not None
    assert (contact.value, Entry.objects.count()) == ("ann@post.example", before)


def test_messages_and_language(desk: Desk) -> None:
    change_safety(person(desk), case_id=desk.case.id, safety=Safety("no", "Mondays"))
    change_language(person(desk), case_id=desk.case.id, language="ar")
    assert own.safety(desk.fresh(), open_case_key(desk.fresh())) == Safety("no", "Mondays")
    assert desk.fresh().language == "ar"
    with pytest.raises(Invalid):
        change_language(person(desk), case_id=desk.case.id, language="xx")
    with pytest.raises(NotFound):
        change_language(Context.visitor(), case_id=desk.case.id, language="en")
    assert Entry.objects.get(verb="case.language_changed").payload == {"language": "ar"}


def in_force() -> set[tuple[str, str, str]]:
    return set(Consent.objects.filter(withdrawn_at=None).values_list("recipient", "kind", "wording_version"))


def test_consents_are_given_and_withdrawn_one_by_one(desk: Desk) -> None:
    change_consents(person(desk), case_id=desk.case.id, offered=OFFERED, chosen=(PARTNERS, POLICE))
    assert in_force() == {("partners", "fingerprints", "2026-11"), ("police", "case_file", VERSION)}
    change_consents(person(desk), case_id=desk.case.id, offered=OFFERED, chosen=(POLICE,))
    assert in_force() == {("police", "case_file", VERSION)}
    assert CasePicture.objects.filter(sharing_stopped_at=None).count() == 0
    change_consents(person(desk), case_id=desk.case.id, offered=OFFERED, chosen=(PARTNERS, POLICE))
    assert ("partners", "fingerprints", VERSION) in in_force()
    assert CasePicture.objects.filter(sharing_stopped_at=None).count() == 2
    given = Entry.objects.filter(verb="case.consented", payload__wording=VERSION)
    assert sorted(entry.payload["recipient"] for entry in given) == ["partners", "police"]
    with pytest.raises(NotFound):
        change_consents(desk.supervisor, case_id=desk.case.id, offered=OFFERED, chosen=())


def test_sharing_ends_with_its_consent(desk: Desk) -> None:
    _list(desk)
    change_consents(person(desk), case_id=desk.case.id, offered=OFFERED, chosen=())
    assert ListEntry.objects.get().state == "withdrawn"


def test_detailed_fingerprints_allowed_after_listing_answer_from_then_on(desk: Desk) -> None:
    _list(desk)
    entry = ListEntry.objects.get()
    make_regional(CasePicture.objects.get(picture_id=entry.picture_id).picture)
    assert not entry.regional
    chosen = (PARTNERS, DETAILS)
    change_consents(person(desk), case_id=desk.case.id, offered=(*OFFERED, DETAILS), chosen=chosen)
    assert ListEntry.objects.get().regional
    assert Entry.objects.get(verb="entry.codes_allowed").subject_id == str(entry.pk)
    change_consents(person(desk), case_id=desk.case.id, offered=(*OFFERED, DETAILS), chosen=(PARTNERS,))
    assert not ListEntry.objects.get().regional


def states() -> list[str]:
    return [row.picture.state for row in CasePicture.objects.order_by("position")]


def test_what_was_kept_as_evidence_only_goes_with_that_consent(desk: Desk) -> None:
    change_consents(person(desk), case_id=desk.case.id, offered=OFFERED, chosen=(PARTNERS, EVIDENCE))
    assert CasePicture.objects.filter(keep_as_evidence=True).count() == 2
    _list(desk)
    assert states() == ["checked", "checked"]
    change_consents(person(desk), case_id=desk.case.id, offered=OFFERED, chosen=(PARTNERS,))
    assert states() == ["shredded", "checked"]  # the other still waits for its review


def test_files_are_taken_only_where_nobody_may_be_a_child(desk: Desk) -> None:
    refused = StagedPicture.__new__(StagedPicture)
    refused.refusal = "too_large"
    assert takes_files(desk.fresh())
    assert add_files(person(desk), case_id=desk.case.id, staged=[refused]) == ["too_large"]
    for changes in ({"age_route": AgeRoute.UNSURE}, {"child_suspected_at": clock.now()}):
        Case.objects.update(age_route=AgeRoute.ADULT, child_suspected_at=None)
        Case.objects.update(**changes)
        assert not takes_files(desk.fresh())
        with pytest.raises(NotAllowed):
            add_files(person(desk), case_id=desk.case.id, staged=[])
    Case.objects.update(child_suspected_at=None, state="closed", closed_at=clock.now())
    with pytest.raises(Conflict):
        add_files(person(desk), case_id=desk.case.id, staged=[])
    assert not Entry.objects.filter(verb="case.files_added").exists()


def test_stopped_uploads_are_told_once_a_day_at_most(desk: Desk) -> None:
    Case.objects.update(contact_verified_at=clock.now())
    entry = _list(desk)
    lists.publish_pending()
    entry.refresh_from_db()
    assert stops.tell(Context.system("test")) == 0
    partner = make_partner()
    give(partner, entry, Value.BLOCKED, total=2)
    assert stops.tell(Context.system("test")) == 1
    give(partner, entry, Value.BLOCKED, total=5)
    assert stops.tell(Context.system("test")) == 0  # the same day
    assert Message.objects.filter(template="update").count() == 1
    Case.objects.update(stops_told_at=clock.now() - timedelta(days=1))
    assert stops.tell(Context.system("test")) == 1
    assert stops.tell(Context.system("test")) == 0  # nothing new
    assert Message.objects.filter(template="update").count() == 2
    told = Entry.objects.filter(verb="case.stops_told").order_by("waiting__position")
    assert [one.payload["stopped"] for one in told] == [2, 3]


def test_who_wants_no_messages_is_sent_none(desk: Desk) -> None:
    entry = _list(desk)
    lists.publish_pending()
    entry.refresh_from_db()
    give(make_partner(), entry, Value.BLOCKED, total=2)
    assert desk.fresh().contact_verified_at is None
    assert stops.tell(Context.system("test")) == 1
    assert Message.objects.count() == 0
