"""A notice's way over the desk's pages, and the public page on which a platform checks the letter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import limits
from cases.models import Case, Location, Notice, NoticeCopy
from cases.notices import genuine
from cases.services import locating
from cases.states import LocationState
from portal.agency.models import Agency
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from tests.cases.desk.conftest import verbs_about
from tests.cases.desk.noticed import WANTED, a_notice
from tests.factories import ctx_of
from tests.staff_fixtures import StaffBrowser

FILLED = {
    "positions": ["1"],
    "service": "Canary site",
    "email": "legal@canary-site.example",
    "language": "en",
    "description": "A photograph of an adult in a private setting.",
    "basis": "complaint",
    "standing": "self",
    "actions": ["copies", "preserve"],
    "hours": "24",
}


@pytest.fixture
def seen(case: Case) -> Case:
    Agency.objects.update(notices_email="removals@agency.example")
    now = clock.now()
    Location.objects.update(state=LocationState.EVIDENCED, detail="seen", seen_at=now, checked_at=now)
    return case


def path(row: Notice, tail: str = "") -> str:
    return f"/desk/notices/{row.pk}/{tail}"


def test_the_whole_way(caseworker: StaffBrowser, supervisor: StaffBrowser, seen: Case) -> None:
    chosen = caseworker.get(f"/desk/cases/{seen.reference}/notices/new").content.decode()
    assert "Australia: removal notice (s 77)" in chosen
    assert "DSA article 9" not in chosen
    answer = caseworker.post(f"/desk/cases/{seen.reference}/notices/new/australia", FILLED)
    row = Notice.objects.get()
    assert answer["Location"] == path(row) + "?done=drafted"
    draft = caseworker.get(path(row)).content.decode()
    assert "https://canary-site.example/p/1" in draft
    assert "somebody else must approve it" in draft
    assert "/approve" not in draft
    waiting = supervisor.get("/desk/approvals/").content.decode()
    assert path(row) in waiting
    shown = supervisor.get(path(row))
    digest = shown.context["digest_form"].initial["digest"]
    assert supervisor.post(path(row, "approve"), {"digest": digest})["Location"].endswith("notice-approved")
    assert caseworker.post(path(row, "send"))["Location"].endswith("notice-sent")
    sent = caseworker.get(path(row)).content.decode()
    assert "removal notice under section 77" in " ".join(sent.split())
    assert Location.objects.get().state == "sent"
    for form, kind in (("text", "text/plain"), ("html", "text/html"), ("pdf", "application/pdf")):
        copy = caseworker.get(path(row, f"copies/{form}"))
        assert copy["Content-Type"].startswith(kind)
        assert copy["Content-Disposition"].startswith("attachment; filename=")
    assert caseworker.get(path(row, "copies/exe")).status_code == 404
    page = caseworker.get(f"/desk/cases/{seen.reference}/").content.decode()
    assert path(row) in page
    assert "Notice sent" in page


def test_what_the_law_asks_for_is_said_at_its_field(caseworker: StaffBrowser, seen: Case) -> None:
    address = f"/desk/cases/{seen.reference}/notices/new/united_states"
    empty = caseworker.post(address, FILLED).content.decode()
    for field in ("reasons", "signed_by", "authority", "good_faith"):
        assert f'id="id_{field}"' in empty
    assert 'id="id_hours"' not in empty  # the law fixes it
    assert 'id="id_provision"' not in empty
    full = FILLED | {
        "reasons": "Why.",
        "good_faith": "on",
        "signed_by": "A. Officer",
        "authority": "by record 1",
    }
    Agency.objects.update(notices_email="")
    assert "agency --notices" in caseworker.post(address, full).content.decode()
    Agency.objects.update(notices_email="removals@agency.example")
    assert caseworker.post(address, full).status_code == 302
    short = caseworker.post(f"/desk/cases/{seen.reference}/notices/new/generic", FILLED | {"hours": "2"})
    assert Notice.objects.count() == 1
    assert "greater than or equal to 24" in short.content.decode()


def test_without_an_address_that_was_seen_nothing_is_written(caseworker: StaffBrowser, case: Case) -> None:
    page = caseworker.get(f"/desk/cases/{case.reference}/notices/new").content.decode()
    assert "somebody has made sure of" in page
    assert caseworker.get(f"/desk/cases/{case.reference}/notices/new/mars").status_code == 404


def test_changing_keeps_what_was_written_and_ends_the_approval(
    caseworker: StaffBrowser, supervisor: StaffBrowser, case: Case
) -> None:
    row = a_notice(case)
    supervisor.post(path(row, "approve"), {"digest": row.digest})
    form = caseworker.get(path(row, "change")).context["form"]
    assert form.initial["description"] == WANTED.description
    assert "positions" not in form.fields
    changed = FILLED | {"description": "Another sentence about it."}
    assert caseworker.post(path(row, "change"), changed).status_code == 302
    assert Notice.objects.get().state == "drafted"
    assert supervisor.post(path(row, "approve"), {"digest": row.digest}).status_code == 409
    assert supervisor.post(path(row, "approve"), {}).status_code == 409
    assert caseworker.post(path(row, "send")).status_code == 409
    back = caseworker.post(path(row, "take-back"))
    assert back["Location"] == f"/desk/cases/{case.reference}/?done=notice-taken-back"


def test_a_changed_copy_is_said_on_top(caseworker: StaffBrowser, case: Case) -> None:
    row = a_notice(case, replace(WANTED, regime="generic"))
    caseworker.post(path(row, "send"))
    assert "changed outside the portal" not in caseworker.get(path(row)).content.decode()
    NoticeCopy.objects.filter(form="text").update(sha256="0" * 64)
    page = caseworker.get(path(row)).content.decode()
    assert "changed outside the portal" in page
    assert "canary-site" not in page.replace("legal@canary-site.example", "")


def test_the_case_page_costs_the_same_with_many(
    standing_clock: None, caseworker: StaffBrowser, case: Case
) -> None:
    a_notice(case)
    with CaptureQueriesContext(connection) as few:
        caseworker.get(f"/desk/cases/{case.reference}/")
    more = "\n".join(f"https://more.example/{number}" for number in range(6))
    locating.add(ctx_of(caseworker.staff), case_id=case.pk, typed=more)
    original = Notice.objects.get()
    for number in range(6):
        original.pk, original.reference = None, f"MANY000{number}"
        original.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        caseworker.get(f"/desk/cases/{case.reference}/")
    assert len(many) == len(few)


def test_a_platform_sees_that_a_letter_is_ours(caseworker: StaffBrowser, case: Case) -> None:
    limits._limiter.cache_clear()
    row = a_notice(case, replace(WANTED, regime="generic"))
    address = f"/letters/{genuine.token(row.pk)}"
    public = Client(REMOTE_ADDR="192.0.2.7")
    assert public.get(address).status_code == 404  # not sent yet
    caseworker.post(path(row, "send"))
    assert f"http://127.0.0.1:8000{address}" in caseworker.get(path(row)).content.decode()
    page = public.get(address)
    text = page.content.decode()
    assert "This letter is ours" in text
    assert row.reference in text
    assert row.copies.get(form="text").sha256 in text
    for hidden in ("canary", case.reference, "photograph", "Australia"):
        assert hidden not in text.replace("Canary site", "")
    title = text.partition("<title>")[2].partition("</title>")[0]
    assert title == "Check a letter"
    assert "no-store" in page["Cache-Control"]
    checked = AuditEntry.objects.get(verb="notice.checked")
    assert (checked.subject_id, checked.actor_id) == (str(row.pk), "visitor")
    assert verbs_about(case).count("case.opened") == 1


def test_nobody_makes_a_link_of_their_own(case: Case) -> None:
    row = a_notice(case)
    Notice.objects.update(state="sent", sent_at=clock.now(), due_at=clock.now(), formal=False)
    good = genuine.token(row.pk)
    assert genuine.read(good) == row.pk
    forged = ("A" if good[-3] != "A" else "B").join((good[:-3], good[-2:]))
    for token in (forged, good[:-1], good + "A", "x", "é", "", "A" * 43, "A" * 400):
        assert genuine.read(token) is None
        assert Client().get(f"/letters/{token}").status_code == 404


def test_the_public_page_has_its_limit(case: Case) -> None:
    limits._limiter.cache_clear()
    public = Client(REMOTE_ADDR="192.0.2.200")
    answers = [public.get("/letters/made-up").status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]


def test_without_an_address_to_write_about_the_page_says_what_is_missing(
    caseworker: StaffBrowser, case: Case
) -> None:
    page = caseworker.get(f"/desk/cases/{case.reference}/notices/new/generic").content.decode()
    assert "A notice needs an address that somebody has made sure of." in page
    assert "Which addresses?" not in page
    assert "Nobody has assessed this case yet." in page
