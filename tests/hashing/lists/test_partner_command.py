"""`manage.py partner`"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hashing.lists.models import Partner, PartnerKey
from portal.audit.models import Entry as AuditEntry

pytestmark = pytest.mark.django_db


def told(*words: str, **options: object) -> str:
    out = StringIO()
    call_command("partner", *words, stdout=out, **options)
    return out.getvalue()


def test_a_partner_gets_a_key_and_loses_it() -> None:
    told("add", "Platform")
    assert Partner.objects.get(name="Platform").entitlements.count() == 1
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
    written = AuditEntry.objects.filter(verb__startswith="partner.").order_by("at")
    assert [entry.verb for entry in written] == [
        "partner.added",
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
    ],
)
def test_what_cannot_be_done_is_one_sentence(words: list[str], sentence: str) -> None:
    told("add", "Platform")
    with pytest.raises(CommandError, match=sentence):
        told(*words)
    assert not PartnerKey.objects.exists()
