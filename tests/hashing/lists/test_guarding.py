"""Nothing is listed that would match something harmless, and the reason is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from PIL import Image, ImageOps

from cases.desk import fingerprints as desk_words
from hashing.fingerprints.background import file, shown
from hashing.fingerprints.models import Fingerprint, RegionalFingerprint
from hashing.fingerprints.regional import enrol, serial, table
from hashing.lists import guarding, services
from hashing.lists.bases import Basis
from hashing.lists.models import Entry, GuardCheck, Harmless, List
from hashing.lists.states import Category
from hashing.matching import guard
from portal.accounts.roles import Role
from portal.audit.models import Entry as AuditEntry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.embedded.sample.listed import PHOTOGRAPHS
from portal.vault.models import Picture
from tests.factories import ctx_of, make_staff, make_team
from tests.hashing.listing import Desk, admin, make_picture
from tests.hashing.samples import kept, sample
from tests.photos import encoded

pytestmark = pytest.mark.django_db


@cache
def fingerprint(name: str) -> bytes:
    return stored(kept(name).regional)


def stored(own: serial.Enrolled) -> bytes:
    """Of its best 60 regions."""
    return serial.dump(replace(own, codes=own.codes[:60], places=own.places[:60]))


def pictured(name: str, own: bytes | None = None) -> Picture:
    """A picture with the true PDQ and regional fingerprints of a sample photograph."""
    hashes = {one.variant: one.value for one in kept(name).pdq}
    picture = make_picture(variants=hashes)
    codes = own or fingerprint(name)
    RegionalFingerprint.objects.create(
        picture=picture,
        version=table.VERSION,
        box="full",
        codes=codes,
        count=len(serial.parse(codes)),
        strength=80,
        left=0,
        top=0,
        right=600,
        bottom=400,
        made_at=clock.now(),
    )
    return picture


def add(name: str) -> Harmless:
    return services.add_harmless(admin(), data=encoded(sample(name), "PNG"), image=sample(name))[0]


def checked(picture: Picture) -> GuardCheck:
    return GuardCheck.objects.get(pk=picture.pk)


def last(verb: str) -> dict[str, Any]:
    payload: dict[str, Any] = AuditEntry.objects.filter(verb=verb).latest("at").payload
    return payload


def test_the_background_that_ships_fits_the_codes_that_ship() -> None:
    assert file.current().projection == file.projection_of(table.current())
    assert (table.DATA / f"background-v{file.VERSION}.bin").stat().st_size < 3_000_000
    kinds = {name.partition("/")[0] for name in file.current().names}
    assert kinds >= {"screen", "caption", "letters", "watermark", "faces", "signs", "picture"}


def test_photographs_that_the_demo_and_the_sample_agency_list_are_not_in_it() -> None:
    """Or neither could list them."""
    names = {name.partition("/")[2] for name in file.current().names}
    listed = {"astronaut", "motorcycle_left", "camera", *(Path(name).stem for name in PHOTOGRAPHS)}
    assert not names & listed


def test_an_ordinary_picture_passes_whole_and_that_is_written_down() -> None:
    desk, picture = Desk.make(), pictured("coffee")
    entry = desk.propose(picture)
    assert entry.guarded_at is not None
    assert len(entry.variants) == 8
    check = checked(picture)
    assert (check.refused, check.dropped, check.hits, check.variants) == (False, 0, [], [])
    assert bytes(RegionalFingerprint.objects.get(picture=picture).codes) == fingerprint("coffee")
    assert last("picture.guarded") == {"outcome": "passed", "hits": 0, "dropped": 0, "variants": 0}
    assert desk.approve(entry).state == "approved"


@pytest.mark.parametrize("turn", ["same", "mirrored"])
def test_a_harmless_picture_of_the_agency_is_never_listed(turn: str) -> None:
    row, desk = add("chelsea"), Desk.make()
    picture = ImageOps.mirror(sample("chelsea")) if turn == "mirrored" else sample("chelsea")
    mine = pictured("chelsea", stored(enrol.enrol(picture)))
    with pytest.raises(Invalid) as refused:
        desk.propose(mine)
    assert refused.value.code == "harmless"
    assert not Entry.objects.exists()
    check = guarding.examine(admin(), picture_id=mine.pk)
    assert check.refused
    assert {hit[0] for hit in checked(mine).hits} == {f"harmless/{row.pk}"}
    assert last("picture.guarded")["outcome"] == "refused"


def test_the_same_file_is_refused_whatever_else_is_known_of_it() -> None:
    picture, desk = make_picture(), Desk.make()
    data = encoded(sample("chelsea"), "PNG")
    add("chelsea")
    Fingerprint.objects.filter(picture=picture, kind="md5").update(
        value=hashlib.md5(data, usedforsecurity=False).hexdigest()
    )
    with pytest.raises(Invalid) as refused:
        desk.propose(picture)
    assert refused.value.code == "harmless"


def only(monkeypatch: pytest.MonkeyPatch, *pictures: shown.Shown) -> None:
    """A background of these pictures alone."""
    ground = guard.Ground.of((f"screen/test-{at}", one) for at, one in enumerate(pictures))
    monkeypatch.setattr(guard, "background", lambda: ground)


def under_a_bar(name: str) -> Image.Image:
    """A photograph with a strip of another photograph above it."""
    page = Image.new("RGB", (512, 512))
    page.paste(ImageOps.fit(sample("astronaut"), (512, 140)), (0, 0))
    page.paste(ImageOps.fit(sample(name), (512, 372)), (0, 140))
    return page


def test_codes_of_an_apps_bar_are_taken_out_before_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, shown.show(under_a_bar("chelsea")))
    mine = pictured("coffee", stored(enrol.enrol(under_a_bar("coffee"))))
    before = RegionalFingerprint.objects.get(picture=mine)
    Desk.make().propose(mine)
    after = RegionalFingerprint.objects.get(picture=mine)
    check = checked(mine)
    assert 0 < check.dropped == before.count - after.count
    assert after.count == len(serial.parse(after.codes)) >= guard.FEWEST_LEFT
    assert after.strength < before.strength
    assert check.hits == [["screen/test-0", "regional"]]
    assert last("picture.guarded")["dropped"] == check.dropped
    known = {code.tobytes() for code in serial.parse(before.codes).codes}
    assert {code.tobytes() for code in serial.parse(after.codes).codes} < known


def test_a_pdq_variant_that_hits_stays_off_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = pictured("coffee")
    row = Fingerprint.objects.get(picture=mine, variant="rotate90")
    Fingerprint.objects.create(
        picture=mine, kind="pdq", variant="crop-1x1", value="9" * 64, algorithm="pdq-variants-v1", quality=90,
        computed_at=row.computed_at,
    )  # fmt: skip
    none = np.zeros((0, 32), np.uint8), np.zeros(0, np.uint32)
    poster = shown.Shown(512, 512, 0, *none, bytes.fromhex("9" * 62 + "66"))
    only(monkeypatch, poster)
    entry = Desk.make().propose(mine)
    assert len(entry.variants) == 8
    assert "crop-1x1" not in entry.variants
    assert checked(mine).variants == ["crop-1x1"]
    assert entry.fingerprints.filter(kind="phash").exists()


def test_what_became_harmless_since_the_proposal_is_not_approved() -> None:
    desk = Desk.make()
    entry = desk.propose(pictured("chelsea"))
    add("chelsea")
    with pytest.raises(Conflict) as refused:
        desk.approve(entry)
    assert refused.value.code in {"collision", "harmless"}
    entry.refresh_from_db()
    assert entry.state == "proposed"
    assert not AuditEntry.objects.filter(verb="entry.approved").exists()


def test_adding_a_harmless_picture_quarantines_what_is_listed_of_it() -> None:
    desk = Desk.make()
    hit, other = desk.listed(pictured("chelsea")), desk.listed(pictured("coffee"))
    row, count = services.add_harmless(
        admin(), data=encoded(sample("chelsea"), "PNG"), image=sample("chelsea")
    )
    assert count == 1
    hit.refresh_from_db()
    other.refresh_from_db()
    assert (hit.state, hit.reason, other.state) == ("quarantined", "collision", "listed")
    assert last("harmless.added") == {"entries": 1}
    assert AuditEntry.objects.get(verb="harmless.added").subject_id == str(row.pk)


def test_codes_that_are_on_a_list_stay_as_they_were_approved() -> None:
    desk, picture = Desk.make(), pictured("chelsea")
    desk.listed(picture)
    add("chelsea")
    guarding.examine(admin(), picture_id=picture.pk)
    assert bytes(RegionalFingerprint.objects.get(picture=picture).codes) == fingerprint("chelsea")


def test_no_picture_twice_and_none_kept() -> None:
    row = add("page")
    with pytest.raises(Conflict):
        add("page")
    assert Harmless.objects.count() == 1
    assert len(row.shown) < 40_000
    assert b"PNG" not in bytes(row.shown)


def test_removed_it_may_be_listed_again() -> None:
    row, desk, picture = add("chelsea"), Desk.make(), pictured("chelsea")
    services.remove_harmless(admin(), harmless_id=row.pk)
    assert last("harmless.removed") == {}
    with pytest.raises(NotFound):
        services.remove_harmless(admin(), harmless_id=row.pk)
    assert desk.propose(picture).state == "proposed"


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.AUDITOR])
def test_only_who_manages_partners_changes_the_set(role: Role) -> None:
    row = add("page")
    ctx = ctx_of(make_staff(role, [make_team()]))
    actions: list[Callable[[], object]] = [
        lambda: services.add_harmless(ctx, data=b"x", image=sample("brick")),
        lambda: services.remove_harmless(ctx, harmless_id=row.pk),
    ]
    for action in actions:
        with pytest.raises(NotAllowed):
            action()
    assert list(Harmless.objects.values_list("pk", flat=True)) == [row.pk]
    assert AuditEntry.objects.filter(verb__startswith="harmless.").count() == 1


def test_the_desk_says_what_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, shown.show(under_a_bar("chelsea")))
    mine = pictured("coffee", stored(enrol.enrol(under_a_bar("coffee"))))
    assert "Harmless pictures" not in {line.name for line in desk_words.by_picture([mine.pk])[mine.pk]}
    guarding.examine(admin(), picture_id=mine.pk)
    (line,) = [one for one in desk_words.by_picture([mine.pk])[mine.pk] if one.name == "Harmless pictures"]
    assert line.words.endswith(
        "harmless pictures show the same. What it would have matched: an app's screen."
    )


def test_the_database_lists_nothing_that_was_not_guarded() -> None:
    entry = Desk.make().approved()
    with pytest.raises(IntegrityError, match="entry_guarded"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(guarded_at=None)


def test_the_person_s_own_list_passes_the_guard_too() -> None:
    add("chelsea")
    picture = pictured("chelsea")
    List.objects.get(slug="self-reported")
    with pytest.raises(Invalid) as refused:
        services.propose(
            Context.person(UUID(int=7)),
            picture_id=picture.pk,
            list_slug="self-reported",
            basis=services.Basis(consented=True, contact_verified=True, caseworker_decided=False),
            team=None,
        )
    assert refused.value.code == "harmless"


def test_a_harmless_picture_may_be_listed_in_the_sandbox_and_nowhere_else() -> None:
    add("chelsea")
    mine, ctx = pictured("chelsea"), Context.system("test")
    entry = services.propose(
        ctx,
        picture_id=mine.pk,
        list_slug="sandbox",
        basis=Basis(consented=False, contact_verified=False, caseworker_decided=False),
        team=None,
        category=Category.SANDBOX,
    )
    assert (entry.state, entry.fingerprints.count()) == ("approved", 11)
    with pytest.raises(Invalid):
        Desk.make().propose(mine)
    assert Entry.objects.count() == 1
