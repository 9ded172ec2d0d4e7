"""The rules that the database itself holds, whatever the code above it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hashing.lists import services
from hashing.lists.models import (
    Entitlement,
    Entry,
    EntryFingerprint,
    List,
    PartnerKey,
    Publication,
    WireRecord,
)
from hashing.lists.states import Wire
from portal.core import clock
from tests.hashing.listing import Desk, make_key, make_partner, make_picture, reviewed

pytestmark = pytest.mark.django_db


def refuses(write: Callable[[], Any], name: str) -> None:
    """The database refuses the write, by the rule of that name."""

    def whole() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            write()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match=name):
        whole()


def change(entry: Entry, **values: Any) -> Callable[[], int]:
    return lambda: Entry.objects.filter(pk=entry.pk).update(**values)


def test_two_different_people_on_a_reviewed_list() -> None:
    desk = Desk.make()
    entry = desk.propose()
    now = clock.now()
    mine = {"state": "approved", "decided_by": desk.caseworker, "decided_at": now}
    refuses(change(entry, **mine), "entry_four_eyes")
    refuses(change(entry, state="approved", decided_at=now), "entry_two_people")
    refuses(change(entry, **mine | {"proposed_by": None}), "entry_two_people")
    refuses(change(entry, rule="self_reported"), "entry_rule_of_list")
    refuses(lambda: List.objects.filter(pk=entry.list_id).update(rule="self_reported"), "rule_of_list")


def test_times_that_go_with_the_state() -> None:
    entry = Desk.make().listed()
    refuses(change(entry, listed_at=None, published=""), "entry_listed_at")
    refuses(change(entry, state="rejected"), "entry_listed_at")
    refuses(change(entry, state="withdrawn"), "entry_withdrawn_at")
    refuses(change(entry, withdrawn_at=clock.now()), "entry_withdrawn_at")
    refuses(change(entry, state="gone"), "entry_")


def test_one_open_entry_per_picture_and_list() -> None:
    desk, picture = Desk.make(), make_picture()
    entry = desk.propose(picture)
    values = {"list": entry.list, "rule": entry.rule, "proposed_at": entry.proposed_at, "digest": ""}
    refuses(lambda: Entry.objects.create(picture_id=picture.pk, **values), "entry_once_per_list")


def test_fingerprints_stay_as_they_were_approved() -> None:
    desk = Desk.make()
    proposed, listed = desk.propose(), desk.listed()
    rows = EntryFingerprint.objects.filter(entry=proposed)
    refuses(lambda: rows.update(value="ab" * 16), "never changed")
    refuses(rows.delete, "never changed")
    row = {"kind": "md5", "value": "ab" * 16, "algorithm": "md5-2"}
    refuses(lambda: EntryFingerprint.objects.create(entry=listed, **row), "never changed")
    poor = {"kind": "pdq", "variant": "x", "value": "ab" * 32, "algorithm": "pdq-1", "quality": 49}
    refuses(lambda: EntryFingerprint.objects.create(entry=proposed, **poor), "entryfp_pdq_quality")


@pytest.mark.parametrize("position", [0, 1, 2, 4])
def test_positions_are_gapless(position: int) -> None:
    desk = Desk.make()
    entry = desk.listed()
    desk.listed()
    refuses(lambda: _line(entry, position=position), "publication")
    _line(entry, position=3)


def test_times_never_fall() -> None:
    entry = Desk.make().listed()
    first = Publication.objects.get()
    earlier = first.at.replace(year=first.at.year - 1)
    refuses(lambda: _line(entry, position=2, at=earlier), "does not follow")


def test_publications_are_never_changed() -> None:
    Desk.make().listed()
    refuses(lambda: Publication.objects.update(state="withdrawn"), "never changed")
    refuses(Publication.objects.all().delete, "never changed")


def _line(entry: Entry, **values: Any) -> Publication:
    hash_list = reviewed()
    defaults = {"list": hash_list, "epoch": hash_list.epoch, "at": clock.now(), "entry": entry}
    return Publication.objects.create(**defaults | {"state": "active"} | values)


def test_a_list_that_is_not_reviewed_is_given_to_those_who_asked() -> None:
    partner, other = make_partner(), List.objects.get(slug="self-reported")
    values = {"partner": partner, "list": other, "given_at": clock.now()}
    values["agreement"] = partner.agreements.get()
    refuses(lambda: Entitlement.objects.create(rule="self_reported", **values), "entitlement_asked_for")
    refuses(lambda: Entitlement.objects.create(rule="reviewed", **values), "entitlement_rule_of_list")


def test_a_key_of_a_wire_serves_one_list() -> None:
    native, stopncii = make_key(Wire.NATIVE), make_key(Wire.STOPNCII, make_partner("Other"))
    keys = PartnerKey.objects
    refuses(lambda: keys.filter(prefix=native.prefix).update(list=reviewed()), "key_list")
    refuses(lambda: keys.filter(prefix=stopncii.prefix).update(list=None), "key_list")


def test_a_record_holds_its_value_open_or_sealed_never_both() -> None:
    Desk.make().listed()
    refuses(lambda: WireRecord.objects.update(value=None), "wirerecord_sealed")
    assert services.publish_pending() == 0
