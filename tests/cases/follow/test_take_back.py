"""Taking back: one file, all of them, or everything, as the person does it."""

from __future__ import annotations

import re

import pytest

from cases.models import Case, CasePicture, Consent, Location
from cases.services import reviewing
from cases.services.withdrawal import Scope, withdraw
from hashing.lists import services as lists
from hashing.lists.models import Entry
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from tests.cases.visitors import EMAIL, Visitor
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import make_picture
from tests.photos import refused


@pytest.fixture
def followed(visitor: Visitor) -> tuple[Visitor, Case]:
    """A request with three files, of which the first two are listed, and its person on the follow page."""
    visitor.begin()
    visitor.tell(contact="email", email=EMAIL, safe_when="never on Sundays")
    visitor.step("code", "skip")
    visitor.step("files")
    reference, code = visitor.finish(consents=("partners", "police"))
    case = Case.objects.get()
    proposer = ctx_of(make_staff(Role.CASEWORKER, [case.team]))
    approver = ctx_of(make_staff(Role.SUPERVISOR, [case.team]))
    for position in (1, 2, 3):
        row = CasePicture.objects.create(case=case, picture=make_picture(), position=position)
        if position < 3:
            _list(proposer, approver, row)
    lists.publish_pending()
    visitor.follow(reference, code)
    return visitor, case


def _list(proposer: Context, approver: Context, row: CasePicture) -> None:
    entry = reviewing.propose(proposer, case_id=row.case_id, position=row.position, list_slug="reviewed")
    reviewing.approve(approver, case_id=row.case_id, entry_id=entry.id, digest=entry.digest)


def take_back(visitor: Visitor, choice: str) -> None:
    visitor.press("choose")
    visitor.press("chosen", choice=choice)
    assert visitor.press("take_back", choice=choice).status_code == 303


def choices(visitor: Visitor) -> str:
    """The page that asks what to take back."""
    visitor.press("choose")
    page: str = visitor.get("/follow/").content.decode()
    return page


def states() -> list[str]:
    return list(CasePicture.objects.order_by("position").values_list("decision", flat=True))


def entry_states() -> list[str]:
    rows = dict(Entry.objects.values_list("picture_id", "state"))
    return [
        rows.get(pk, "-")
        for pk in CasePicture.objects.order_by("position").values_list("picture_id", flat=True)
    ]


def test_the_status_page_says_what_is_shared(followed: tuple[Visitor, Case]) -> None:
    page = followed[0].get("/follow/").content.decode()
    assert page.count("The fingerprint is shared with partner platforms") == 2
    assert page.count("Destroyed: nobody can open it any more") == 2
    assert page.count("Kept encrypted until it is reviewed") == 1


def test_what_the_desk_took_off_the_list_is_not_called_shared(followed: tuple[Visitor, Case]) -> None:
    entry = Entry.objects.filter(picture_id=CasePicture.objects.get(position=1).picture_id).get()
    lists.withdraw(Context.system("test"), entry_id=entry.id, reason="mistake")
    page = followed[0].get("/follow/").content.decode()
    assert page.count("The fingerprint is shared with partner platforms") == 1
    assert page.count("The fingerprint is not shared") == 1


def test_one_file(followed: tuple[Visitor, Case]) -> None:
    visitor, case = followed
    take_back(visitor, "picture:1")
    assert entry_states() == ["withdrawn", "listed", "-"]
    assert states() == ["not_listed", "listed", "undecided"]
    assert Consent.objects.filter(withdrawn_at=None).count() == 2
    page = visitor.get("/follow/").content.decode()
    assert page.count("You stopped sharing it") == 1
    entry = AuditEntry.objects.get(verb="case.withdrawn")
    assert (entry.actor_id, entry.payload) == (
        str(case.id),
        {"scope": "picture", "pictures": 1, "entries": 1},
    )


def test_all_files(followed: tuple[Visitor, Case]) -> None:
    take_back(followed[0], "sharing")
    assert entry_states() == ["withdrawn", "withdrawn", "-"]
    assert states() == ["not_listed", "not_listed", "undecided"]
    assert list(Consent.objects.filter(withdrawn_at=None).values_list("recipient", flat=True)) == ["police"]
    assert CasePicture.objects.filter(sharing_stopped_at=None).count() == 0


def test_everything(followed: tuple[Visitor, Case]) -> None:
    visitor, _case = followed
    take_back(visitor, "everything")
    case = Case.objects.get()
    assert (case.state, case.private_for_desk, case.story_sealed, case.safety_sealed) == (
        "withdrawn",
        None,
        None,
        None,
    )
    assert (case.contact_sealed, case.contact_index) == (None, None)
    assert case.destroyed_at is not None
    assert case.destroyed_at == case.closed_at
    assert Location.objects.count() == 0
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    assert entry_states() == ["withdrawn", "withdrawn", "-"]
    assert {row.picture.state for row in CasePicture.objects.all()} == {"shredded"}
    page = visitor.get("/follow/").content.decode()
    assert "Everything that you sent was deleted." in page
    assert 'value="choose"' not in page


def test_the_code_still_shows_that_all_is_deleted(followed: tuple[Visitor, Case]) -> None:
    visitor, case = followed
    withdraw(Context.person(case.id), case_id=case.id, scope=Scope.EVERYTHING)
    assert "Everything that you sent was deleted." in visitor.get("/follow/").content.decode()
    with pytest.raises(Conflict) as refused:
        withdraw(Context.person(case.id), case_id=case.id, scope=Scope.SHARING)
    assert refused.value.code == "data_destroyed"


def test_nothing_happens_before_the_second_question(followed: tuple[Visitor, Case]) -> None:
    visitor, _case = followed
    visitor.press("take_back", choice="")
    visitor.press("choose")
    visitor.press("take_back", choice="everything")
    assert visitor.press("chosen", choice="picture:9").status_code == 422
    visitor.press("take_back", choice="picture:9")
    assert entry_states() == ["listed", "listed", "-"]
    visitor.press("chosen", choice="everything")
    assert "Delete everything that you sent?" in visitor.get("/follow/").content.decode()
    visitor.press("status")
    visitor.press("take_back", choice="everything")
    assert entry_states() == ["listed", "listed", "-"]
    assert AuditEntry.objects.filter(verb="case.withdrawn").count() == 0


def test_an_older_tab_deletes_nothing_that_it_did_not_ask_about(followed: tuple[Visitor, Case]) -> None:
    visitor, _case = followed
    visitor.press("chosen", choice="picture:1")
    page = visitor.get("/follow/").content.decode()
    assert "Stop sharing file 1?" in page
    assert '<input type="hidden" name="choice" value="picture:1">' in page
    visitor.press("chosen", choice="everything")
    assert visitor.press("take_back", choice="picture:1").status_code == 303
    assert visitor.press("take_back").status_code == 303
    assert "Delete everything that you sent?" in visitor.get("/follow/").content.decode()
    assert (entry_states(), Case.objects.get().destroyed_at) == (["listed", "listed", "-"], None)
    assert AuditEntry.objects.filter(verb="case.withdrawn").count() == 0


def test_the_reader_starts_at_the_question(followed: tuple[Visitor, Case]) -> None:
    visitor, _case = followed
    for go in ("choose", "send_code"):
        visitor.press(go)
        page = visitor.get("/follow/").content.decode()
        assert re.findall(r"<(\w+)[^>]* autofocus", page) == ["h1"], go


def test_nobody_takes_back_another_persons_case(followed: tuple[Visitor, Case]) -> None:
    _visitor, case = followed
    stranger = Context.person(make_picture().id)
    other_team = ctx_of(make_staff(Role.SUPERVISOR, []))
    for ctx in (stranger, other_team):
        with pytest.raises(NotFound):
            withdraw(ctx, case_id=case.id, scope=Scope.EVERYTHING)
    assert Case.objects.get().destroyed_at is None
    assert entry_states() == ["listed", "listed", "-"]


def test_a_file_that_could_not_be_used_is_not_offered(followed: tuple[Visitor, Case]) -> None:
    visitor, _case = followed
    CasePicture.objects.filter(position=3).update(picture=refused())
    page = visitor.get("/follow/").content.decode()
    assert "It is not shared" in page
    assert page.count("Not reviewed yet") == 0
    visitor.press("choose")
    assert "picture:3" not in visitor.get("/follow/").content.decode()


def test_the_detailed_fingerprints_alone(followed: tuple[Visitor, Case]) -> None:
    visitor, case = followed
    assert 'value="details"' not in choices(visitor)
    Consent.objects.create(
        case=case, recipient="partners", kind="regional", wording_version="2026-11-2", given_at=case.opened_at
    )
    Entry.objects.update(regional=True)
    take_back(visitor, "details")
    assert list(Entry.objects.values_list("state", "regional", "published")) == [("listed", False, "")] * 2
    assert Entry.objects.count() == lists.publish_pending() == 2
    left = Consent.objects.filter(withdrawn_at=None).values_list("recipient", "kind")
    assert sorted(left) == [("partners", "fingerprints"), ("police", "case_file")]
    payload = AuditEntry.objects.get(verb="case.withdrawn").payload
    assert (payload["scope"], payload["entries"]) == ("details", 2)
    assert AuditEntry.objects.filter(verb="entry.codes_withheld").count() == 2
    assert states() == ["listed", "listed", "undecided"]
    assert 'value="details"' not in choices(visitor)
