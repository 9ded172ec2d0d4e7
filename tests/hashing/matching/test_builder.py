"""The builder reads what changed, once; and everything where it can't tell what changed."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from hashing import changes
from hashing.fingerprints.models import Change, RegionalFingerprint
from hashing.fingerprints.regional import serial
from hashing.lists import services
from hashing.matching import builder, mapped, source
from hashing.matching.builder import Done
from hashing.matching.generations import Folder
from hashing.matching.items import BY_REGIONS
from hashing.matching.parts import Part
from portal.core.errors import Unavailable
from portal.crypto import keyring
from portal.crypto.errors import KeyNotHeld
from portal.vault.models import Picture
from portal.vault.services import shred
from tests.hashing.index_folder import brought_up_to_date
from tests.hashing.listing import Desk, admin, make_picture
from tests.hashing.matching.made_items import bytes_in, found_by_regions
from tests.hashing.regional_rows import codes, make_regional

pytestmark = pytest.mark.django_db


def parts_of(folder: Folder) -> list[Part]:
    current = folder.current()
    assert current
    return [Part(folder.part(name)) for name in current.parts]


def pictures_in(folder: Folder) -> set[UUID]:
    held = parts_of(folder)
    return {part.id_of(int(row)) for part in held for row in np.flatnonzero(part.shelf)}


def regional_picture(seed: int, version: int = 1, count: int = 64) -> Picture:
    picture = make_picture()
    make_regional(picture, seed=seed, version=version, count=count)
    return picture


def test_a_first_run_reads_everything_and_later_ones_what_changed(index_folder: Folder) -> None:
    first = [make_picture(), make_picture()]
    assert brought_up_to_date(index_folder) == Done(anew=True, added=2)
    assert brought_up_to_date(index_folder) == Done()
    third = make_picture()
    assert brought_up_to_date(index_folder) == Done(added=1)
    assert brought_up_to_date(index_folder) == Done()
    assert pictures_in(index_folder) == {each.pk for each in (*first, third)}


def test_nothing_is_written_when_nothing_has_changed(index_folder: Folder) -> None:
    make_picture()
    brought_up_to_date(index_folder)
    stamp, lock = index_folder.stamp(), index_folder.path / "builder.lock"
    os.utime(lock, (0, 0))
    brought_up_to_date(index_folder)
    assert index_folder.stamp() == stamp
    assert index_folder.age() < 60


def test_what_is_shredded_goes_out_with_every_byte(index_folder: Folder) -> None:
    stays, goes = regional_picture(1), regional_picture(2)
    brought_up_to_date(index_folder)
    marks = [bytes(codes(2)[4 + 32 * n : 36 + 32 * n]) for n in range(64)]
    digests = [bytes.fromhex(row.value)[:16] for row in goes.fingerprints.exclude(kind="phash")]
    assert all(mark in bytes_in(index_folder.path) for mark in [*marks, *digests])
    shred(admin(), picture_id=goes.pk, reason="decided")
    assert brought_up_to_date(index_folder) == Done(removed=1)
    assert pictures_in(index_folder) == {stays.pk}
    held = bytes_in(index_folder.path)
    assert not [mark for mark in [*marks, *digests, goes.pk.bytes] if mark in held]
    current = index_folder.current()
    assert current
    assert (current.enrolled, current.owed) == (1, ())


def test_regional_fingerprints_come_in_by_version_and_plain_ones_do_not(index_folder: Folder) -> None:
    old, new, plain = regional_picture(1), regional_picture(2, version=2), regional_picture(3, count=19)
    make_regional(old, seed=4, version=2)
    brought_up_to_date(index_folder)
    held = parts_of(index_folder)
    current = index_folder.current()
    assert current
    assert current.enrolled == 3
    assert pictures_in(index_folder) == {old.pk, new.pk, plain.pk}
    for seed, version, picture in ((1, 1, old), (2, 2, new), (4, 2, old)):
        assert found_by_regions(held, serial.parse(codes(seed, 64, version))) == {picture.pk: 64}
    assert found_by_regions(held, serial.parse(codes(3, 19))) == {}


def test_a_listing_moves_a_picture_to_another_shelf(index_folder: Folder) -> None:
    desk, picture = Desk.make(), make_picture()
    brought_up_to_date(index_folder)
    entry = desk.listed(picture)
    assert brought_up_to_date(index_folder) == Done(added=1, removed=1)
    (row,) = [(part, row) for part in parts_of(index_folder) for row in np.flatnonzero(part.shelf)]
    current = index_folder.current()
    assert current
    assert current.shelves[row[0].shelf[row[1]] - 1] == f"{entry.list_id}{BY_REGIONS}"


def test_after_a_restore_everything_is_read_again(
    index_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_picture()
    brought_up_to_date(index_folder)
    monkeypatch.setattr(source, "database", lambda: "another")
    assert brought_up_to_date(index_folder) == Done(anew=True, added=1)
    assert brought_up_to_date(index_folder) == Done()
    Change.objects.update(number=None)
    monkeypatch.setattr(changes, "head", lambda: 0)
    assert brought_up_to_date(index_folder).anew


def test_very_many_changes_are_taken_in_by_several_runs(
    index_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_picture()
    brought_up_to_date(index_folder)
    monkeypatch.setattr(builder, "MOST_CHANGES", 3)
    made = {make_picture().pk for _ in range(7)}
    assert [brought_up_to_date(index_folder).added for _ in range(4)] == [3, 3, 1, 0]
    assert made <= pictures_in(index_folder)
    assert len(pictures_in(index_folder)) == 8


def test_there_is_one_builder(index_folder: Folder) -> None:
    index_folder.path.mkdir()
    with (index_folder.path / "builder.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert builder.run(index_folder) == Done(busy=True)
        assert index_folder.current() is None
        with pytest.raises(CommandError, match="Another builder"):
            call_command("index", "build")
    assert brought_up_to_date(index_folder).anew


@pytest.mark.parametrize("first", ["withheld", "shredded"])
def test_codes_that_are_not_consented_to_leave_the_files_at_the_next_run(
    index_folder: Folder, first: str
) -> None:
    """Before their rows are deleted, which may take a minute more."""
    picture = regional_picture(2)
    Desk.make().listed(picture)
    brought_up_to_date(index_folder)
    marks = [bytes(codes(2)[4 + 32 * n : 36 + 32 * n]) for n in range(64)]
    steps: list[Callable[[], object]] = [
        lambda: services.withhold_regional(admin(), picture_id=picture.pk),
        lambda: shred(admin(), picture_id=picture.pk, reason="decided"),
    ]
    for step in steps if first == "withheld" else reversed(steps):
        assert all(mark in bytes_in(index_folder.path) for mark in marks)
        step()
        assert brought_up_to_date(index_folder) == Done(added=1, removed=1)
    held = bytes_in(index_folder.path)
    assert not [mark for mark in marks if mark in held]
    assert pictures_in(index_folder) == {picture.pk}
    assert RegionalFingerprint.objects.filter(picture=picture).exists()


def test_without_the_field_key_nothing_is_built_and_the_old_index_serves(
    index_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    regional_picture(1)
    brought_up_to_date(index_folder)
    before = index_folder.current()
    regional_picture(2)

    def no_key(*_args: object) -> bytes:
        raise KeyNotHeld("there is none")

    monkeypatch.setattr(keyring.Keyring, "field_key", no_key)
    with pytest.raises(CommandError, match="holds no field key"):
        call_command("index", "build")
    assert index_folder.current() == before
    assert len(mapped.current().parts) == 1


def test_the_command_says_how_it_stands(index_folder: Folder) -> None:
    def said(*words: str) -> str:
        out = StringIO()
        call_command("index", *words, stdout=out)
        return out.getvalue()

    assert json.loads(said("status")) == {"folder": str(index_folder.path), "built": False}
    regional_picture(1)
    assert said("build") == "Read everything: 1 pictures in, 0 out.\n"
    make_picture()
    status = json.loads(said("status"))
    assert status["seconds_old"] < 60
    assert status["parts"][0]["bytes"] > 64 * 36
    assert {name: status[name] for name in ("generation", "pictures", "regional", "changes_behind")} == {
        "generation": 1,
        "pictures": 1,
        "regional": 1,
        "changes_behind": 1,
    }
    assert said("build") == "Read what changed: 1 pictures in, 0 out.\n"
    (part,) = parts_of(index_folder)
    (part.folder / "ids").write_bytes(b"half")
    with pytest.raises(CommandError, match=rf"{part.name} can't be read: the index is damaged"):
        said("status")
    assert said("build", "--anew") == "Read everything: 2 pictures in, 0 out.\n"


def missing(part: Path) -> None:
    (part / "ids").unlink()


def cut_short(part: Path) -> None:
    os.truncate(part / "pdq.words", 32)


def of_another_version(part: Path) -> None:
    (part / "columns.json").write_text('{"format": 0, "about": {}, "arrays": {}}')


def without_a_column(part: Path) -> None:
    about = json.loads((part / "columns.json").read_text())
    del about["arrays"]["exact"]
    (part / "columns.json").write_text(json.dumps(about))


def unnamed(part: Path) -> None:
    (part.parent / "current.json").write_text("[]")


@pytest.mark.parametrize("damage", [missing, cut_short, of_another_version, without_a_column, unnamed])
def test_a_damaged_index_answers_nothing_and_is_built_anew(
    index_folder: Folder, damage: Callable[[Path], None]
) -> None:
    picture = make_picture()
    brought_up_to_date(index_folder)
    (part,) = parts_of(index_folder)
    damage(part.folder)
    with pytest.raises(Unavailable):
        mapped.current()
    assert brought_up_to_date(index_folder) == Done(anew=True, added=1)
    assert pictures_in(index_folder) == {picture.pk}
    assert mapped.current().parts[0].alive == 1
    assert brought_up_to_date(index_folder) == Done()


def test_what_a_killed_builder_left_is_taken_away(index_folder: Folder) -> None:
    make_picture()
    brought_up_to_date(index_folder)
    left = Path(index_folder.path / "part-00000002")
    left.mkdir()
    (left / "ids").write_bytes(b"half")
    make_picture()
    assert brought_up_to_date(index_folder) == Done(added=1)
    assert len(pictures_in(index_folder)) == 2
