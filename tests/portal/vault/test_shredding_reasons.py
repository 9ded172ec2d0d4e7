"""Why a picture was looked at goes with its case; what the log committed to then says nothing, and still
holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import audit
from portal.audit import Verb, sealer, verification
from portal.audit.models import Entry
from portal.core.context import Context
from portal.vault import services
from portal.vault.models import Reveal
from tests.factories import ctx_of, make_agency, make_staff, make_team
from tests.portal.vault.test_shredding import checked

pytestmark = pytest.mark.django_db
REASON = "to tell two copies apart"
SYSTEM = Context.system("test")


def test_the_reason_and_its_salt_are_gone_and_the_log_holds() -> None:
    make_agency()
    team = make_team()
    picture = checked()
    ctx = ctx_of(make_staff("caseworker", [team]))
    reveal = services.request_reveal(ctx, picture_id=picture.pk, reason=REASON, team=team.pk)
    committed = Entry.objects.get(verb=Verb.PICTURE_REVEAL_REQUESTED).payload["reason"]
    assert committed == audit.commitment(REASON, reveal.reason_salt)
    assert REASON not in str(committed)
    sealer.seal_waiting()

    assert services.shred_reasons(SYSTEM, picture_id=picture.pk) == 1
    assert services.shred_reasons(SYSTEM, picture_id=picture.pk) == 0

    left = Reveal.objects.get(pk=reveal.pk)
    assert (left.reason, left.reason_salt, left.reason_shredded_at) == ("", b"", SYSTEM.at)
    entry = Entry.objects.get(verb=Verb.PICTURE_REASONS_SHREDDED)
    assert (entry.subject_id, entry.payload) == (str(picture.pk), {"reveals": 1})
    sealer.seal_waiting()
    assert Entry.objects.get(verb=Verb.PICTURE_REVEAL_REQUESTED).payload["reason"] == committed
    assert verification.verify(patience=timedelta(seconds=60)).waiting == 0


def test_without_reveals_nothing_is_recorded() -> None:
    assert services.shred_reasons(SYSTEM, picture_id=checked().pk) == 0
    assert not Entry.objects.filter(verb=Verb.PICTURE_REASONS_SHREDDED).exists()
