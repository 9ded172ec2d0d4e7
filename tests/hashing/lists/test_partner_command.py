"""`manage.py partner`"""

from __future__ import annotations

import hashlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hashing.lists.models import Entry, List, Partner, PartnerKey
from portal.audit.models import Entry as AuditEntry
from tests.photos import encoded, photo

pytestmark = pytest.mark.django_db


def told(*words: str, **options: object) -> str:
    out = StringIO()
    call_command("partner", *words, stdout=out, **options)
    return out.getvalue()


def agreed(folder: Path) -> Partner:
    """A partner whose signed paper is on record."""
    told("add", "Platform", "--contact", "safety@platform.example")
    paper = folder / "agreement.pdf"
    paper.write_bytes(b"signed")
    words = told("agree", "Platform", "--version", "1", "--document", str(paper), "--signed-by", "Head")
    assert "reviewed, sandbox" in words
    return Partner.objects.get(name="Platform")


def test_a_partner_agrees_gets_a_key_and_loses_it(tmp_path: Path) -> None:
    agreed(tmp_path)
    words = told("key", "Platform", "--wire", "stopncii", "--network", "192.0.2.0/24").split()
    key = PartnerKey.objects.get(prefix=words[1])
    assert (key.wire, key.list.slug if key.list else "", key.networks) == (
        "stopncii",
        "reviewed",
        ["192.0.2.0/24"],
    )
    assert "revoked" in told("revoke", key.prefix)
    key.refresh_from_db()
    assert key.revoked_at is not None
    written = AuditEntry.objects.filter(verb__startswith="partner.").order_by("waiting__position")
    assert [entry.verb for entry in written] == [
        "partner.added",
        "partner.agreed",
        "partner.entitled",
        "partner.entitled",
        "partner.key_issued",
        "partner.key_revoked",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["key", "Nobody"], "There is no partner 'Nobody'"),
        (["key", "Platform", "--wire", "ncmec", "--list", "none"], "There is no list 'none'"),
        (["key", "Platform", "--network", "x"], "192.0.2.0/24"),
        (["revoke", "000000000000"], "There is no such key"),
        (["add", "Platform"], "There is a partner of that name"),
        (["entitle", "Platform", "self-reported"], "only by asking"),
        (["certify", "Platform", "--document", "/nowhere", "--signed-by", "x"], "can't be read"),
        (["list", "new"], "--rule"),
        (["list", "reviewed", "--rule", "restricted"], "never changes"),
        (["list", "reviewed", "--distance", "pdq=32"], "31"),
        (["sandbox", "/nowhere"], "can't be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(words: list[str], sentence: str, tmp_path: Path) -> None:
    agreed(tmp_path)
    with pytest.raises(CommandError, match=sentence):
        told(*words)
    assert not PartnerKey.objects.exists()


def test_entitled_disentitled_and_off_the_books(tmp_path: Path) -> None:
    partner = agreed(tmp_path)
    told("entitle", "Platform", "self-reported", "--asked-for")
    assert partner.entitlements.filter(list__slug="self-reported").count() == 1
    said = told("entitle", "Platform", "self-reported", "--asked-for", "--regional", "--looks")
    assert "may pull self-reported, with its regional codes. It is told of looks." in said
    given = partner.entitlements.get(list__slug="self-reported")
    assert (given.asked_for, given.regional, given.looks) == (True, True, True)
    logged = AuditEntry.objects.filter(verb="partner.entitled").order_by("waiting__position").last()
    extent = {"asked_for": True, "regional": True, "looks": True}
    assert logged is not None
    assert logged.payload == {"list": "self-reported", **extent}
    told("disentitle", "Platform", "self-reported")
    assert partner.entitlements.filter(list__slug="self-reported").count() == 0
    told("key", "Platform")
    assert "asked by mail" in told("off-board", "Platform")
    assert not partner.keys.filter(revoked_at=None).exists()
    paper = tmp_path / "certificate.pdf"
    paper.write_bytes(b"deleted")
    told("certify", "Platform", "--document", str(paper), "--signed-by", "Head")
    found = partner.off_boardings.get()
    assert found.certificate_sha256 == hashlib.sha256(b"deleted").hexdigest()


def test_a_list_is_made_and_changed() -> None:
    told("list", "north", "--rule", "reviewed", "--region", "NO", "--distance", "pdq=28")
    made = List.objects.get(slug="north")
    assert (made.name, made.rule, made.regions, made.distances) == ("North", "reviewed", ["NO"], {"pdq": 28})
    told("list", "north", "--name", "The north")
    made.refresh_from_db()
    assert (made.name, made.regions) == ("The north", ["NO"])


def test_the_sandbox_takes_a_picture_and_forgets_it(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(encoded(photo("cat")))
    told("sandbox", str(path))
    entry = Entry.objects.get()
    assert (entry.list.slug, entry.state, entry.category) == ("sandbox", "approved", "sandbox")
    assert entry.proposed_by_id is None
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"picture.stored", "entry.proposed", "entry.approved", "picture.shredded"} <= verbs
