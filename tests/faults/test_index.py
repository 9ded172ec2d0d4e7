"""Real processes: readers while the builder switches, late commits, and a builder that is killed anywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction

from hashing.fingerprints.asked import of_hashes
from hashing.lists import services as lists
from hashing.matching import builder, service
from hashing.matching.generations import Folder
from hashing.matching.service import Scope
from portal.vault.models import Picture
from portal.vault.services import shred
from tests.hashing.index_folder import brought_up_to_date
from tests.hashing.listing import Desk, admin, make_picture
from tests.hashing.matching.made_items import bytes_in
from tests.hashing.regional_rows import codes, make_regional

ROOT = Path(__file__).resolve().parent.parent.parent
EVERYTHING = Scope(held=True)
READER = """
import sys, json
from hashing.fingerprints.asked import of_hashes
from hashing.matching import mapped, service
stays, goes = sys.argv[1:3]
asked, seen, wrong = 0, set(), 0
print("ready", flush=True)
while True:
    found = service.find(of_hashes(sha256=[stays, goes]), service.Scope(held=True))
    asked += 1
    seen.add(mapped.current().generation.number)
    wrong += len(found) not in (1, 2)
    if asked % 20 == 0:
        print(json.dumps([asked, len(seen), wrong]), flush=True)
"""
LATE = """
import sys
from django.db import transaction
from tests.hashing.listing import make_picture
with transaction.atomic():
    picture = make_picture()
    print("written", flush=True)
    sys.stdin.readline()
print(picture.pk, flush=True)
"""
# For each line it reads, a fork that dies when it comes to the n-th call of a function.
DIES = """
import importlib, os, signal, sys
from pathlib import Path
from hashing.matching import builder
from hashing.matching.columns import Columns
from hashing.matching.generations import Folder
builder.SMALL = builder.GROWTH = 0  # every part is kept, so what is gone is blanked in it
def run(name, left):
    owner, attribute = name.rsplit(".", 1)
    known = {"Folder": Folder, "Columns": Columns}
    owner = known.get(owner) or importlib.import_module("hashing.matching." + owner)
    real = getattr(owner, attribute)
    def dying(*args, **more):
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    setattr(owner, attribute, dying)
    builder.run(Folder(Path(os.environ["INDEX_DIR"])))
    os._exit(0)
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        run(line.split()[0], int(line.split()[1]))
    print(os.waitpid(child, 0)[1], flush=True)
"""


def start(script: str, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "INDEX_DIR": str(settings.INDEX_DIR),
    }
    command = [sys.executable, "-c", f"import django; django.setup()\n{script}", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)


def read(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def write(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def digest(picture: Picture) -> str:
    return picture.fingerprints.get(kind="sha256").value


def found(*pictures: Picture) -> set[UUID]:
    asked = of_hashes(sha256=[digest(each) for each in pictures])
    return {match.picture_id for match in service.find(asked, EVERYTHING)}


def traces_of(seed: int, folder: Folder) -> int:
    """How many of a picture's codes stand in the index's files."""
    held = bytes_in(folder.path)
    return sum(codes(seed)[4 + 32 * n : 36 + 32 * n] in held for n in range(64))


def test_processes_go_on_asking_while_the_builder_switches(committed_db: None, index_folder: Folder) -> None:
    stays, goes = make_picture(), make_picture()
    brought_up_to_date(index_folder)
    readers = [start(READER, digest(stays), digest(goes)) for _ in range(2)]
    try:
        assert [read(reader) for reader in readers] == ["ready", "ready"]
        for turn in range(25):
            make_picture()
            if turn == 12:
                shred(admin(), picture_id=goes.pk, reason="decided")
            builder.run(index_folder, anew=turn % 5 == 4)
        for reader in readers:
            for _ in range(4):
                asked, generations, wrong = json.loads(read(reader))
            assert reader.poll() is None
            assert (wrong, asked > 0) == (0, True)
        assert generations > 1
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()


def test_a_withdrawal_hides_from_its_commit_on_and_not_before(
    committed_db: None, index_folder: Folder
) -> None:
    desk = Desk.make()
    entry, held = desk.listed(), make_picture()
    entry_picture = Picture.objects.get(pk=entry.picture_id)
    brought_up_to_date(index_folder)
    listed_only = Scope()
    asked = of_hashes(sha256=[digest(entry_picture)])
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            lists.withdraw(admin(), entry_id=entry.pk, reason="mistake")
            shred(admin(), picture_id=held.pk, reason="decided")
            assert found(held) == set()
            with other.cursor() as cursor:
                cursor.execute("SELECT state FROM vault_picture WHERE id = %s", [held.pk])
                assert cursor.fetchone() == ("checked",)
            reader = start(READER, digest(held), digest(entry_picture))
            assert read(reader) == "ready"
            before = json.loads(read(reader))
        assert before[2] == 0
        assert found(held) == set()
        assert service.find(asked, listed_only) == []
    finally:
        reader.kill()
        reader.wait()
        other.close()


def test_a_commit_that_comes_late_is_not_lost(committed_db: None, index_folder: Folder) -> None:
    brought_up_to_date(index_folder)
    late = start(LATE)
    assert read(late) == "written"
    quick = make_picture()
    brought_up_to_date(index_folder)
    assert found(quick) == {quick.pk}
    write(late, "commit")
    picture = Picture.objects.get(pk=read(late))
    late.wait()
    brought_up_to_date(index_folder)
    assert found(quick, picture) == {quick.pk, picture.pk}


DEATHS = [
    ("writing._rows", 1),
    ("writing._sort_exact", 0),
    ("writing._file", 0),
    ("Columns.finish", 0),
    ("Folder.switch", 0),
    ("builder._pay", 0),
    ("index.blank", 0),
    ("drawers.empty", 2),
    ("pdq_index.blank", 0),
    ("parts._blank_exact", 0),
    ("Folder.switch", 1),
    ("Folder.clear", 1),
    ("Folder.beat", 0),
]


def test_a_builder_killed_at_any_line_leaves_an_index_that_serves(
    committed_db: None, index_folder: Folder
) -> None:
    forks = start(DIES)
    assert read(forks) == "ready"
    stays = make_picture()
    make_regional(stays, seed=1)
    for turn, (line, calls) in enumerate(DEATHS):
        goes = make_picture()
        make_regional(goes, seed=100 + turn)
        brought_up_to_date(index_folder)
        new = make_picture()
        make_regional(new, seed=200 + turn)
        shred(admin(), picture_id=goes.pk, reason="decided")
        write(forks, f"{line} {calls}")
        assert (line, int(read(forks))) == (line, signal.SIGKILL)

        assert found(stays, goes) == {stays.pk}, line
        brought_up_to_date(index_folder)
        assert found(stays, goes, new) == {stays.pk, new.pk}, line
        assert [traces_of(seed, index_folder) for seed in (1, 100 + turn, 200 + turn)] == [64, 0, 64], line
        current = index_folder.current()
        assert current
        assert {each.name for each in index_folder.path.glob("part-*")} == set(current.parts), line
    assert forks.stdin
    forks.stdin.close()
    forks.wait()
