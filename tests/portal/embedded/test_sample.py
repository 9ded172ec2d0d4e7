"""The sample agency: complete, repeatable, and never in a database of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from hashing.lists.models import Entry, EntryFingerprint, Partner
from portal.accounts.models import Staff
from portal.agency.models import Agency, Team
from portal.audit.models import Entry as AuditEntry
from portal.embedded import checks, sample
from portal.embedded.sample import listed
from portal.vault.models import Picture

URL = "http://127.0.0.1:8000"


@pytest.fixture
def made(db: None, tmp_path: Path, settings: Any) -> dict[str, Any]:
    """The sample agency with a single photograph: each takes a second."""
    settings.VAULT_DIR = tmp_path / "vault"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listed, "PHOTOGRAPHS", listed.PHOTOGRAPHS[:1])
        return sample.make(tmp_path, URL)


def test_the_file_has_every_login_and_is_its_owners_alone(made: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "sample.json"

    assert json.loads(file.read_text()) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert made.keys() == {"base_url", "staff", "partners", "outbox"}
    assert [login["role"] for login in made["staff"]] == [
        "caseworker",
        "supervisor",
        "supervisor",
        "auditor",
        "administrator",
    ]
    assert {frozenset(login) for login in made["staff"]} == {
        frozenset({"email", "password", "totp_secret", "role"})
    }
    (partner,) = made["partners"]
    assert partner.keys() == {"name", "api_key", "stopncii", "ncmec"}
    assert partner["stopncii"].keys() == {"function_key", "subscription_key"}
    assert partner["ncmec"].keys() == {"username", "password"}


def test_passwords_and_secrets_are_fresh(made: dict[str, Any]) -> None:
    words = [word for login in made["staff"] for word in (login["password"], login["totp_secret"])]

    assert len(set(words)) == 10
    assert min(map(len, words)) >= 20
    for login in made["staff"]:
        assert Staff.objects.get(email=login["email"]).check_password(login["password"])


def test_the_agency_is_neutral_and_has_teams(made: dict[str, Any]) -> None:
    agency = Agency.objects.get()

    assert agency.neutral_name == "Updates"
    assert Team.objects.filter(restricted=True).count() == 1
    assert agency.restricted_team is not None
    workers = Staff.objects.filter(role__in=["caseworker", "supervisor"])
    assert {staff.email.partition("@")[0]: set(staff.teams.all()) for staff in workers} == {
        "caseworker": {agency.intake_team},
        "supervisor": {agency.intake_team},
        "supervisor2": {agency.intake_team, agency.restricted_team},
    }


def test_entries_are_listed_by_two_people_and_their_pictures_are_gone(
    made: dict[str, Any], tmp_path: Path
) -> None:
    entry = Entry.objects.get(list__slug="reviewed")

    assert entry.state == "listed"
    assert entry.proposed_by_id != entry.decided_by_id
    assert EntryFingerprint.objects.filter(entry=entry, kind="pdq").count() >= 1
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"picture.stored", "entry.proposed", "entry.approved", "entry.listed", "picture.shredded"} <= verbs


def test_the_sandbox_holds_what_partners_test_with(made: dict[str, Any]) -> None:
    entries = Entry.objects.filter(list__slug="sandbox")
    assert list(entries.values_list("state", "category")) == [("listed", "sandbox")] * 2
    assert EntryFingerprint.objects.filter(entry__in=entries, kind="pdq").exists()
    assert set(Picture.objects.values_list("state", flat=True)) == {"shredded"}


def test_the_photographs_are_there() -> None:
    assert len(listed.PHOTOGRAPHS) >= 3
    assert all(len(listed._photograph(name)) > 10_000 for name in listed.PHOTOGRAPHS)


def test_again_changes_nothing(made: dict[str, Any], tmp_path: Path) -> None:
    before = (
        Staff.objects.count(),
        Partner.objects.count(),
        Entry.objects.count(),
        AuditEntry.objects.count(),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listed, "PHOTOGRAPHS", listed.PHOTOGRAPHS[:1])
        again = sample.make(tmp_path, "http://127.0.0.1:9000")

    assert again == made | {"base_url": "http://127.0.0.1:9000"}
    after = (
        Staff.objects.count(),
        Partner.objects.count(),
        Entry.objects.count(),
        AuditEntry.objects.count(),
    )
    assert after == before


def test_a_lost_file_means_new_logins(made: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "sample.json").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listed, "PHOTOGRAPHS", ())
        again = sample.make(tmp_path, URL)

    assert Staff.objects.count() == 5
    assert Partner.objects.count() == 1
    assert not {login["password"] for login in again["staff"]} & {
        login["password"] for login in made["staff"]
    }
    first = again["staff"][0]
    assert Staff.objects.get(email=first["email"]).check_password(first["password"])


def test_it_is_never_made_in_a_database_of_ones_own(db: None, tmp_path: Path, settings: Any) -> None:
    settings.EMBEDDED = False

    with pytest.raises(ImproperlyConfigured, match="embedded database only"):
        sample.make(tmp_path, URL)

    assert not (tmp_path / "sample.json").exists()
    assert Staff.objects.count() == 0


def test_the_deployment_check_finds_sample_accounts(made: dict[str, Any], settings: Any) -> None:
    assert checks.no_sample_accounts(None) == []
    settings.EMBEDDED = False

    (found,) = checks.no_sample_accounts(None)

    assert found.id == "embedded.E001"
    assert found.msg.startswith("5 account(s)")


def test_the_deployment_check_is_content_without_them(db: None, settings: Any) -> None:
    settings.EMBEDDED = False

    assert checks.no_sample_accounts(None) == []
