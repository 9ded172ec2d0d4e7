"""A part of the log as files: the standalone verifier finds each way to change them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.audit import Verb, exporting, keys, sealer
from portal.audit.heads import Head
from portal.audit.models import Checkpoint, Entry
from portal.core import clock
from portal.core.errors import NotFound
from tests.portal.audit import alone
from tests.portal.audit.log import write

LAST = "tile/entries/001.p/44"


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    """A log of 300 entries under three checkpoints, as files."""
    write(300)
    sealer.seal_waiting(batch=120)
    call_command("audit", "export", str(tmp_path / "log"))
    return tmp_path / "log"


def public() -> str:
    return keys.signer().verifier.text


def test_an_export_holds_on_a_machine_without_the_portal(folder: Path, tmp_path: Path) -> None:
    run = alone.verify(tmp_path, "export", folder, "--key", public())
    assert (run.returncode, run.stdout) == (
        0,
        "holds\n300 entries, of which 300 from place 0 on; 3 checkpoints\n",
    )
    shutil.make_archive(str(tmp_path / "log"), "zip", folder)
    assert alone.verify(tmp_path, "export", tmp_path / "log.zip", "--key", public()).returncode == 0


def test_an_export_by_command_is_on_record(folder: Path) -> None:
    entry = Entry.objects.get(verb=Verb.AUDIT_EXPORTED)
    assert (entry.actor_kind, entry.actor_id, entry.subject_type) == ("system", "audit.export", "log")
    assert entry.payload == {"since": 0, "size": 300}


def test_the_layout_is_that_of_tlog_tiles(folder: Path) -> None:
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert files == [
        "checkpoint",
        "checkpoints.jsonl",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        LAST,
    ]
    assert (folder / "tile/0/000").stat().st_size == 256 * 32


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def _swap(folder: Path) -> None:
    """The first two entries change places."""
    path = folder / "tile/entries/000"
    content = path.read_bytes()
    first = 2 + int.from_bytes(content[:2], "big")
    second = first + 2 + int.from_bytes(content[first : first + 2], "big")
    path.write_bytes(content[first:second] + content[:first] + content[second:])


def _edit_checkpoints(folder: Path) -> None:
    lines = (folder / "checkpoints.jsonl").read_text().splitlines()
    forged = json.loads(lines[0]) | {"note": json.loads(lines[0])["note"].replace("\n120\n", "\n121\n")}
    (folder / "checkpoints.jsonl").write_text("\n".join([json.dumps(forged), *lines[1:]]))


def _fork(folder: Path) -> None:
    """A checkpoint of 120 entries of another log, signed with the real key."""
    note = keys.signer().sign(Head(keys.origin(), 120, bytes(32)).text(), clock.now())
    with (folder / "checkpoints.jsonl").open("a") as file:
        file.write(json.dumps({"size": 120, "note": note}) + "\n")


def _drop_entry(folder: Path) -> None:
    content = (folder / LAST).read_bytes()
    (folder / LAST).write_bytes(content[2 + int.from_bytes(content[:2], "big") :])


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda folder: _flip(folder / "tile/entries/000", 40), "entry at 0: it isn't the one"),
        (_swap, "entry at 0: it isn't the one"),
        (_drop_entry, "entry at 256: it isn't the one"),
        (lambda folder: (folder / LAST).unlink(), "entries from 256 on are missing"),
        (lambda folder: _flip(folder / "tile/0/000", 32 * 7), "entry at 7: it isn't the one"),
        (lambda folder: _flip(folder / "tile/1/000.p/1", 3), "tile 0 of level 0 isn't the one"),
        (lambda folder: _flip(folder / "checkpoint", -20), "signature"),
        (_edit_checkpoints, "the signature of portal/audit/"),
        (_fork, "contradict each other: the log forked"),
    ],
)
def test_each_change_to_the_files_is_found(
    folder: Path, tmp_path: Path, change: Callable[[Path], object], found: str
) -> None:
    change(folder)
    run = alone.verify(tmp_path, "export", folder, "--key", public())
    assert run.returncode == 1, run.stdout + run.stderr
    assert found in run.stdout


def test_a_rolled_back_and_a_rebuilt_log_are_found_by_a_checkpoint_kept_earlier(
    folder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    run = ("export", folder, "--key", public(), "--against", kept)
    kept.write_text(Checkpoint.objects.get(size=240).note)
    assert alone.verify(tmp_path, *run).returncode == 0
    signer = keys.signer()
    kept.write_text(signer.sign(Head(signer.name, 301, bytes(32)).text(), clock.now()))
    assert "rolled back" in alone.verify(tmp_path, *run).stdout
    kept.write_text(signer.sign(Head(signer.name, 200, bytes(32)).text(), clock.now()))
    assert "the tree of 200 entries isn't the one" in alone.verify(tmp_path, *run).stdout


def test_a_later_part_leaves_earlier_bundles_out_and_still_holds(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit", "export", str(tmp_path / "part"), "--since", "270")
    assert not (tmp_path / "part/tile/entries/000").exists()
    assert not (tmp_path / "part/tile/0/000").exists()
    run = alone.verify(tmp_path, "export", tmp_path / "part", "--key", public())
    assert run.stdout == "holds\n300 entries, of which 44 from place 256 on; 1 checkpoints\n"
    with pytest.raises(CommandError, match="takes a place or a date"):
        call_command("audit", "export", str(tmp_path / "no"), "--since", "yesterday")


def test_since_a_time_is_the_first_entry_sealed_then(folder: Path) -> None:
    now = clock.now()
    assert exporting.since_time(now - timedelta(days=1)) == 0
    assert exporting.since_time(now + timedelta(days=1)) == 300


def test_an_empty_log_has_nothing_to_export(db: None) -> None:
    with pytest.raises(NotFound):
        exporting.export(lambda _name, _content: None)
