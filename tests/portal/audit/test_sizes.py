"""Logs of no entry, of one, and around powers of two and whole tiles: all that is given out holds."""

from __future__ import annotations

from pathlib import Path

import audit_verifier
import pytest
from audit_verifier import Head, Key
from django.core.management import call_command

from portal.audit import exporting, keys, proofs, sealer
from portal.audit.heads import Head as Signed
from portal.audit.models import Checkpoint, Entry, Leaf
from portal.core.errors import NotFound
from tests.portal.audit.log import verify, write

SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 513)


def _keys() -> list[Key]:
    public = keys.signer().verifier
    return [Key(public.name, public.public)]


def _sealed(size: int) -> Checkpoint:
    write(size - Entry.objects.count())  # an export writes one too
    sealer.seal_waiting()
    return Checkpoint.objects.get(size=size)


def test_at_every_size_exports_growth_and_proofs_hold(db: None, tmp_path: Path) -> None:
    kept: list[Head] = []
    for size in SIZES:
        note = _sealed(size).note
        folder = tmp_path / str(size)
        call_command("audit", "export", str(folder))
        befores: list[Head | None] = [None, *kept]
        for before in befores:
            said = audit_verifier.check_export(audit_verifier.Files(folder), _keys(), [], before)
            assert said.startswith(f"{size} entries, of which {size} from place 0 on")
        for index in {0, size // 2, size - 1}:
            entry = Leaf.objects.get(index=index).entry
            proof = proofs.of_entry(entry.id)
            assert audit_verifier.check_proof(proof["leaf"], proof["proof"], _keys())["id"] == str(entry.id)
        for old in kept:
            path = proofs.Tree(size).consistency(old.size)
            new = Signed.parse(note.partition("\n\n")[0] + "\n")
            audit_verifier.check_consistency(old.size, size, (old.root, new.root), path)
        kept.append(audit_verifier.checkpoint(note, _keys()))
    assert verify().entries == SIZES[-1]


def test_of_an_empty_log_nothing_is_given_out(db: None, tmp_path: Path) -> None:
    assert verify().entries == 0
    with pytest.raises(NotFound):
        exporting.export(lambda _path, _content: None)
    with pytest.raises(NotFound):
        proofs.of_entry(write()[0].id)  # it isn't sealed yet
