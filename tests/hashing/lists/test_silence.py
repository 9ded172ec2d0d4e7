"""The agency hears once of a partner that stopped to pull."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from hashing.lists import services
from hashing.lists.models import Partner, PartnerKey, PartnerPosition
from hashing.lists.states import Wire
from portal.agency.models import Agency
from portal.audit.models import Entry as AuditEntry
from portal.notify.models import Message, Template
from portal.notify.wording import write
from tests.factories import make_agency
from tests.hashing.listing import Desk, admin, make_key, make_partner
from tests.hashing.wire import pull

pytestmark = pytest.mark.django_db
LONG = timedelta(days=14, minutes=1)


def silent(partner: Partner, for_how_long: timedelta = LONG) -> None:
    PartnerPosition.objects.filter(partner=partner).update(pulled_at=F("pulled_at") - for_how_long)


@pytest.fixture
def partner() -> Partner:
    """One that has pulled just now, of an agency that takes alerts."""
    make_agency(alerts_email="desk@agency.example")
    Desk.make().listed()
    made = make_partner("Platform")
    pull(make_key(Wire.NATIVE, made))
    return made


def test_the_agency_is_told_once(partner: Partner) -> None:
    assert services.tell_of_silence(admin()) == 0
    silent(partner)
    assert [services.tell_of_silence(admin()) for _ in range(2)] == [1, 0]
    assert Message.objects.get().template == "silence"
    logged = AuditEntry.objects.get(verb="partner.silent")
    assert (logged.subject_id, logged.payload) == (str(partner.pk), {"days": 14})


def test_a_pull_ends_the_silence_and_the_next_is_told_again(partner: Partner) -> None:
    silent(partner)
    services.tell_of_silence(admin())
    pull(make_key(Wire.NATIVE, partner))
    assert services.tell_of_silence(admin()) == 0
    silent(partner, LONG)
    Partner.objects.filter(pk=partner.pk).update(silence_told_at=F("silence_told_at") - 2 * LONG)
    assert services.tell_of_silence(admin()) == 1


def test_thirteen_days_are_no_silence_and_no_key_is_none(partner: Partner) -> None:
    silent(partner, timedelta(days=13, hours=23))
    assert services.tell_of_silence(admin()) == 0
    silent(partner)
    partner.keys.update(revoked_at=F("issued_at"))
    assert services.tell_of_silence(admin()) == 0


def test_one_that_never_pulled_is_silent_since_its_first_key(partner: Partner) -> None:
    other = make_partner("Other")
    make_key(Wire.NCMEC, other)
    assert services.tell_of_silence(admin()) == 0
    PartnerKey.objects.filter(partner=other).update(issued_at=F("issued_at") - LONG)
    assert services.tell_of_silence(admin()) == 1
    assert AuditEntry.objects.get(verb="partner.silent").subject_id == str(other.pk)


def test_one_that_left_is_none(partner: Partner) -> None:
    silent(partner)
    services.off_board(admin(), partner=partner)
    assert services.tell_of_silence(admin()) == 0


def test_without_an_address_the_log_tells(partner: Partner) -> None:
    silent(partner)
    Agency.objects.update(alerts_email="")
    assert services.tell_of_silence(admin()) == 1
    assert not Message.objects.exists()


def test_the_mail_says_nothing_of_why() -> None:
    parcel = write(Template.SILENCE, to="x@agency.example", code=None, about="Platform")
    assert parcel.subject == "A connection is silent"
    assert parcel.body == "Platform has not connected for two weeks or more. Please ask them why."
