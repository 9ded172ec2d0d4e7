"""Translations by a machine, and the people who approve them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from portal.accounts import services
from portal.accounts.roles import Role
from portal.accounts.services import wording
from portal.agency import catalogues, selectors
from portal.agency.models import ApprovedWording
from portal.audit.models import Entry
from portal.core.errors import Conflict, NotAllowed
from tests.factories import ctx_of, make_agency, make_staff
from tests.staff_fixtures import StaffBrowser, StaffClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(staff_client: StaffClient) -> StaffBrowser:
    make_agency()
    return staff_client(Role.ADMINISTRATOR)


def shown_on(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_every_language_is_listed_with_what_waits(administrator: StaffBrowser) -> None:
    page = administrator.get("/desk/languages/").content.decode()
    for code in catalogues.languages():
        assert f'href="/desk/languages/{code}/"' in page
    assert len(catalogues.languages()) == len(settings.LANGUAGES) - 1
    assert page.count("Made by a machine") == 7
    assert f"{len(catalogues.wordings('fr'))} strings wait for approval" in page


def test_approving_records_who_and_how_many(administrator: StaffBrowser) -> None:
    page = administrator.get("/desk/languages/ar/").content.decode()
    assert page.count('__value" lang="ar" dir="rtl"') == wording.BATCH
    before = len(selectors.unapproved("ar"))
    answer = administrator.post("/desk/languages/ar/", {"shown": shown_on(page)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/languages/ar/")
    assert len(selectors.unapproved("ar")) == before - wording.BATCH
    assert set(ApprovedWording.objects.values_list("approved_by", flat=True)) == {administrator.staff.pk}
    entry = Entry.objects.get(verb="agency.wording_approved")
    assert (entry.actor_id, entry.payload) == (
        str(administrator.staff.pk),
        {"language": "ar", "strings": wording.BATCH},
    )
    assert len(selectors.unapproved("fr")) == len(catalogues.wordings("fr"))


def test_what_was_not_shown_is_not_approved(administrator: StaffBrowser) -> None:
    shown = shown_on(administrator.get("/desk/languages/uk/").content.decode())
    ctx = ctx_of(administrator.staff)
    assert services.approve_wording(ctx, language="uk", shown=shown) == wording.BATCH
    for stale in (shown, "", wording.seal_of([])):
        with pytest.raises(Conflict) as refused:
            services.approve_wording(ctx, language="uk", shown=stale)
        assert refused.value.code == "wording_changed"
    assert ApprovedWording.objects.count() == wording.BATCH
    assert Entry.objects.filter(verb="agency.wording_approved").count() == 1


def test_a_changed_translation_waits_again(
    administrator: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (catalogues.Wording("Yes", "Oui"), catalogues.Wording("No", "Non"))
    monkeypatch.setattr(catalogues, "wordings", lambda _language: both)
    services.approve_wording(ctx_of(administrator.staff), language="fr", shown=wording.seal_of(both))
    assert selectors.unapproved("fr") == []
    assert "A person has approved all 2 strings" in administrator.get("/desk/languages/fr/").content.decode()
    changed = (catalogues.Wording("Yes", "Oui."), both[1])
    monkeypatch.setattr(catalogues, "wordings", lambda _language: changed)
    assert selectors.unapproved("fr") == [changed[0]]


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.AUDITOR])
def test_only_administrators(administrator: StaffBrowser, staff_client: StaffClient, role: Role) -> None:
    shown = wording.seal_of(wording.next_batch("hi"))
    with pytest.raises(NotAllowed):
        services.approve_wording(ctx_of(make_staff(role)), language="hi", shown=shown)
    assert staff_client(role).get("/desk/languages/").status_code == 403
    assert staff_client(role).post("/desk/languages/hi/", {"shown": shown}).status_code == 403
    assert not ApprovedWording.objects.exists()


def test_a_language_that_nobody_speaks_here_is_not_found(administrator: StaffBrowser) -> None:
    assert administrator.get("/desk/languages/en/").status_code == 404
    assert administrator.get("/desk/languages/tlh/").status_code == 404


def test_forms_for_several_numbers_are_shown_one_by_one() -> None:
    found = {one.source: one.target for one in catalogues.wordings("uk")}
    source = "You can try again in %(minutes)s minute.\nYou can try again in %(minutes)s minutes."
    assert found[source].count("\n") == 2
