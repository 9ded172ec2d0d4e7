"""Proofs from the stored tiles hold for the standalone verifier, and cost no more reads than the tree is
high."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path

import audit_verifier
import pytest
from audit_verifier import Broken, Key
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.audit import keys, proofs, sealer, tiles
from portal.audit.merkle import Frontier
from portal.audit.models import Checkpoint, Leaf
from portal.core.errors import NotFound
from tests.portal.audit import alone
from tests.portal.audit.log import write

SIZE = 1200


@pytest.fixture
def hashes(db: None) -> list[bytes]:
    """The hashes of a sealed log with four full tiles and a bit."""
    write(SIZE)
    sealer.seal_waiting(batch=500)
    return [bytes(row) for row in Leaf.objects.order_by("index").values_list("hash", flat=True)]


def key() -> Key:
    signer = keys.signer().verifier
    return Key(signer.name, signer.public)


def root(hashes: list[bytes], size: int) -> bytes:
    edge = Frontier()
    for leaf in hashes[:size]:
        edge.append(leaf)
    return edge.root()


def test_every_proof_holds_for_every_shape_of_tree(hashes: list[bytes]) -> None:
    for size in (1, 2, 3, 255, 256, 257, 511, 512, 513, 768, 1023, 1024, 1025, SIZE):
        expected = root(hashes, size)
        assert proofs.Tree(size).root() == expected
        for index in {0, size // 3, size // 2, size - 1}:
            path = proofs.Tree(size).inclusion(index)
            assert audit_verifier.root_of_inclusion(index, size, hashes[index], path) == expected
        for old in {1, size // 3, size // 2, size - 1, size} - {0}:
            path = proofs.Tree(size).consistency(old)
            roots = root(hashes, old), expected
            audit_verifier.check_consistency(old, size, roots, path)


def test_a_proof_reads_no_more_than_the_tree_is_high(hashes: list[bytes]) -> None:
    for size in (2, 255, 256, 700, SIZE):
        height = (size - 1).bit_length()
        for index in (0, size // 2, size - 1):
            tree = proofs.Tree(size)
            path = tree.inclusion(index)
            assert len(path) <= height
            assert tree.reads <= min(height, 2 * (1 + height // tiles.HEIGHT))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_altered_proof_holds(hashes: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(2, SIZE))
    index = data.draw(st.integers(0, size - 1))
    path = proofs.Tree(size).inclusion(index)
    expected = root(hashes, size)
    wrong = list(path)
    match data.draw(st.sampled_from(["flip", "drop", "add", "leaf", "index", "swap"])):
        case "flip":
            place = data.draw(st.integers(0, len(path) - 1))
            bit = data.draw(st.integers(0, 255))
            wrong[place] = (int.from_bytes(path[place], "big") ^ 1 << bit).to_bytes(32, "big")
            args = index, size, hashes[index], wrong
        case "drop":
            args = index, size, hashes[index], wrong[:-1]
        case "add":
            args = index, size, hashes[index], [*wrong, hashes[0]]
        case "leaf":
            args = index, size, hashes[(index + 1) % size], wrong
        case "index":
            args = (index + 1) % size, size, hashes[index], wrong
        case _:
            wrong.reverse()
            args = index, size, hashes[index], wrong if wrong != path else [*wrong, hashes[0]]
    with suppress(Broken):
        assert audit_verifier.root_of_inclusion(*args) != expected


def test_the_printed_proof_of_an_entry_holds_elsewhere(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = write(3)
    sealer.seal_waiting()
    call_command("audit", "prove", str(entries[1].id))
    file = tmp_path / "proof.json"
    file.write_text(capsys.readouterr().out)
    public = keys.signer().verifier.text
    holds = alone.verify(tmp_path, "proof", file, "--key", public)
    assert (holds.returncode, json.loads(holds.stdout.removeprefix("holds\n"))["id"]) == (
        0,
        str(entries[1].id),
    )

    data = json.loads(file.read_text())
    file.write_text(json.dumps(data | {"leaf": data["leaf"].replace("case.opened", "case.read")}))
    assert alone.verify(tmp_path, "proof", file, "--key", public).returncode == 1
    other = public.replace("portal/audit/", "portal/other/")
    assert alone.verify(tmp_path, "proof", file, "--key", other).returncode == 2


def test_an_entry_that_is_not_sealed_has_no_proof(db: None) -> None:
    entry = write()[0]
    with pytest.raises(NotFound):
        proofs.of_entry(entry.id)
    with pytest.raises(CommandError, match="isn't in the sealed log"):
        call_command("audit", "prove", str(entry.id))


def test_growth_from_a_checkpoint_kept_elsewhere(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(5)
    sealer.seal_waiting()
    kept = tmp_path / "kept"
    kept.write_text(Checkpoint.objects.get().note)
    write(300)
    sealer.seal_waiting()
    call_command("audit", "prove", "--since", str(kept))
    data = json.loads(capsys.readouterr().out)
    assert audit_verifier.check_growth(data, [key()]) == "from 5 entries to 305"
    data["proof"][0] = base64.b64encode(bytes(32)).decode()
    with pytest.raises(Broken, match="not consistent"):
        audit_verifier.check_growth(data, [key()])
