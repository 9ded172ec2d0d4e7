"""The auditors' pages: who reaches them, what they find, and that opening one is on record."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import audit_verifier
import pytest
from audit_verifier import Key
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cases.auditing import histories, unusual
from cases.models import Case
from cases.services import assigning, desk_keys
from portal import audit
from portal.accounts.roles import Role
from portal.audit import Verb, exports, keys, sealer
from portal.audit.models import Entry, Export, ExportState
from portal.audit.tasks import export as run_exports
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import NotAllowed, NotFound
from tests.cases.desk.conftest import CONTACT, STORY, Teams
from tests.factories import ctx_of, make_staff
from tests.staff_fixtures import StaffBrowser, browser_of

pytestmark = pytest.mark.django_db
REASON = "The regulator asked for it."


def _readings() -> list[tuple[str, str]]:
    found = Entry.objects.filter(verb=Verb.AUDIT_READ).order_by("at")
    return [(entry.payload["part"], entry.subject_type) for entry in found]


def _pages(case: Case, staff_id: object) -> list[str]:
    today = timezone.localdate().isoformat()
    return [
        "/desk/log/",
        f"/desk/log/cases/{case.reference}/",
        f"/desk/log/staff/{staff_id}/{today}/",
        "/desk/log/unusual/",
        "/desk/log/exports/",
    ]


@pytest.mark.parametrize("role", Role)
def test_only_auditors_reach_the_log(role: Role, case: Case, teams: Teams) -> None:
    browser = browser_of(make_staff(role, [teams.own]))
    for address in _pages(case, browser.staff.pk):
        assert browser.get(address).status_code == (200 if role == Role.AUDITOR else 403), address
        assert Client().get(address).status_code == 302
    expected = [("search", "log"), ("case", "case"), ("day", "staff"), ("unusual", "log"), ("exports", "log")]
    assert _readings() == (expected if role == Role.AUDITOR else [])


def test_the_desk_leads_an_auditor_to_the_log(auditor: StaffBrowser) -> None:
    assert auditor.get("/desk/").headers["Location"] == "/desk/log/"


def test_what_does_not_exist_is_not_found(auditor: StaffBrowser) -> None:
    for address in (
        "cases/AAAAAAAA/",
        f"staff/{auditor.staff.pk}/2030-99-01/",
        f"exports/{auditor.staff.pk}/file",
    ):
        assert auditor.get(f"/desk/log/{address}").status_code == 404, address
    assert auditor.get("/desk/log/?after=nonsense").status_code == 422
    assert _readings() == []


def test_a_cases_history_shows_reads_and_writes_of_any_team(
    auditor: StaffBrowser, case: Case, teams: Teams
) -> None:
    reader = make_staff(Role.CASEWORKER, [teams.own], name="Rosa Reader")
    desk_keys.read_story(ctx_of(reader), case_id=case.pk)
    page = auditor.get(f"/desk/log/cases/{case.reference}/").content.decode()
    assert page.index("case.read") < page.index("case.opened")
    assert "Rosa Reader" in page
    assert STORY not in page
    assert CONTACT not in page


def test_the_search_finds_by_who_what_about_what_and_when(
    auditor: StaffBrowser, case: Case, teams: Teams
) -> None:
    reader = make_staff(Role.CASEWORKER, [teams.own])
    desk_keys.read_story(ctx_of(reader), case_id=case.pk)
    today = timezone.localdate()

    def count(query: dict[str, str]) -> int:
        return len(auditor.get("/desk/log/", query).context["lines"])

    assert count({"who": reader.email}) == 1
    assert count({"who": str(reader.pk), "verb": "case.read"}) == 1
    assert count({"who": str(reader.pk), "verb": "case.opened"}) == 0
    everything = Entry.objects.filter(subject_id=str(case.pk)).count()
    assert count({"about": case.reference.lower()}) == everything
    assert (
        count({"about": str(case.pk), "since": today.isoformat(), "until": today.isoformat()}) == everything
    )
    assert count({"about": str(case.pk), "since": (today + timedelta(days=1)).isoformat()}) == 0
    assert count({"about": str(case.pk), "until": (today - timedelta(days=1)).isoformat()}) == 0
    wrong = auditor.get("/desk/log/", {"since": "yesterday"}).content.decode()
    assert "Enter a day like 2030-01-31." in wrong


def test_pages_follow_each_other_without_gap_or_repetition(auditor: StaffBrowser, case: Case) -> None:
    ctx = Context.system("test")
    for number in range(120):  # half of them at one time: ties are broken by id
        at = ctx if number % 2 else Context.system("test")
        audit.record(at, Verb.CASE_READ, audit.Subject("case", case.pk), part="story")
    address, seen = f"/desk/log/?about={case.pk}&verb=case.read", []
    while address:
        page = auditor.get(address).context
        seen += [line.id for line in page["lines"]]
        address = "/desk/log/" + page["next"] if page["next"] else ""
    expected = Entry.objects.filter(verb="case.read").order_by("-at", "-id").values_list("id", flat=True)
    assert seen == list(expected)
    assert len(seen) == 120


@pytest.mark.parametrize("which", ["case", "day"])
def test_a_long_history_and_a_long_day_lose_nothing(
    auditor: StaffBrowser, case: Case, teams: Teams, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    monkeypatch.setattr(histories, "PAGE", 3)
    ctx = ctx_of(make_staff(Role.CASEWORKER, [teams.own]))
    for _ in range(7):  # one action: they share its time, and stay in the order in which they were written
        audit.record(ctx, Verb.CASE_READ, audit.Subject("case", case.pk), part="story")
    day = f"/desk/log/staff/{ctx.actor.id}/{timezone.localdate()}/"
    address = {"case": f"/desk/log/cases/{case.reference}/", "day": day}[which]
    about = {"subject_id": str(case.pk)} if which == "case" else {"at": ctx.at}
    written = [entry.id for entry in Entry.objects.filter(**about).order_by("waiting__position")]
    seen, query = [], ""
    while True:
        page = auditor.get(address + query)
        seen += [line.id for line in page.context["lines"]]
        if not page.context["next"]:
            break
        assert "Next page" in page.content.decode()
        query = f"?after={page.context['next']}"
    assert "First page" in page.content.decode()
    assert len(written) >= 7
    # Looking is an entry too: a day that is shown oldest first ends with it.
    assert seen[: len(written)] == (written[::-1] if which == "case" else written)


def test_a_day_of_a_member_of_staff(auditor: StaffBrowser, case: Case, teams: Teams) -> None:
    reader = make_staff(Role.CASEWORKER, [teams.own])
    desk_keys.read_story(ctx_of(reader), case_id=case.pk)
    today = timezone.localdate()
    lines = auditor.get(f"/desk/log/staff/{reader.pk}/{today}/").context["lines"]
    assert [line.verb for line in lines] == ["case.read"]
    before = auditor.get(f"/desk/log/staff/{reader.pk}/{today - timedelta(days=1)}/")
    assert before.context["lines"] == []


def test_what_is_unusual(
    auditor: StaffBrowser, case: Case, teams: Teams, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other = (make_staff(Role.CASEWORKER, [teams.own]) for _ in range(2))
    assigning.assign(ctx_of(owner), case_id=case.pk, staff_id=owner.pk)
    for member in (owner, other):
        desk_keys.read_story(ctx_of(member), case_id=case.pk)
    picture = case.pictures.get().picture_id
    for _ in range(unusual.MANY_REVEALS):
        subject = audit.Subject("picture", picture)
        audit.record(ctx_of(other), Verb.PICTURE_REVEAL_REQUESTED, subject)
    audit.record(ctx_of(other), Verb.PICTURE_REVEALED, audit.Subject("picture", picture), seconds=60)

    found = unusual.recent(auditor.staff.actor)
    assert [(day.staff_id, day.count) for day in found.others] == [(str(other.pk), 2)]
    assert [(day.staff_id, day.count, day.name) for day in found.reveals] == [
        (str(other.pk), unusual.MANY_REVEALS, other.name)
    ]
    monkeypatch.setattr(unusual, "FIRST_HOUR", 0)
    monkeypatch.setattr(unusual, "LAST_HOUR", 24)
    weekend = timezone.localdate().isoweekday() > 5
    assert bool(unusual.recent(auditor.staff.actor).hours) is weekend
    monkeypatch.setattr(unusual, "LAST_HOUR", 0)  # no hour is a usual one
    hours = {day.staff_id: day.count for day in unusual.recent(auditor.staff.actor).hours}
    assert hours == {str(owner.pk): 1, str(other.pk): 2}
    with pytest.raises(NotAllowed):
        unusual.recent(owner.actor)


@pytest.fixture
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "vault"},
        }
    }


@pytest.mark.usefixtures("_storage")
def test_an_export_is_asked_for_with_a_reason_made_fetched_and_gone(
    auditor: StaffBrowser, case: Case
) -> None:
    sealer.seal_waiting()
    answer = auditor.post("/desk/log/exports/", {"since": "0", "reason": REASON})
    assert answer.headers["Location"] == "/desk/log/exports/"
    export = Export.objects.get()
    asked = Entry.objects.get(verb=Verb.AUDIT_EXPORT_ASKED)
    assert asked.payload == {"since": 0, "reason": audit.commitment(REASON, export.reason_salt)}
    file = f"/desk/log/exports/{export.pk}/file"
    assert auditor.get(file).status_code == 404

    run_exports()
    assert "Download" in auditor.get("/desk/log/exports/").content.decode()
    content = auditor.get(file).getvalue()
    public = keys.signer().verifier
    files = audit_verifier.Files(io.BytesIO(content))
    said = audit_verifier.check_export(files, [Key(public.name, public.public)], [], None)
    assert said.startswith(f"{Export.objects.get().size} entries")
    stranger = browser_of(make_staff(Role.AUDITOR))
    assert stranger.get(file).status_code == 404

    Export.objects.update(ready_at=clock.now() - exports.KEPT)
    run_exports()
    assert Export.objects.get().state == ExportState.GONE
    assert auditor.get(file).status_code == 404
    verbs = Entry.objects.filter(subject_id=str(export.pk)).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["audit.export_asked", "audit.exported", "audit.export_taken", "audit.export_ended"]


def test_an_export_without_a_reason_is_not_owed(auditor: StaffBrowser) -> None:
    page = auditor.post("/desk/log/exports/", {"since": "0", "reason": "because"})
    assert "at least 10 characters" in page.content.decode()
    assert not Export.objects.exists()
    assert not Entry.objects.filter(verb=Verb.AUDIT_EXPORT_ASKED).exists()


def test_an_export_of_nothing_fails_and_says_so(auditor: StaffBrowser) -> None:
    exports.ask(ctx_of(auditor.staff), since=0, reason=REASON)
    run_exports()
    assert Export.objects.get().state == ExportState.FAILED
    assert "It could not be made." in auditor.get("/desk/log/exports/").content.decode()
    with pytest.raises(NotFound):
        exports.take(ctx_of(auditor.staff), export_id=Export.objects.get().pk)
