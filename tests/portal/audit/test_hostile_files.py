"""The standalone verifier, fed what a liar or a broken disk may give: it says 1 or 2, and never runs away."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import audit_verifier
import audit_witness
import pytest
from audit_verifier import Broken, Files, Key

from portal.audit.heads import Head
from portal.audit.merkle import leaf_hash
from portal.audit.notes import Signer

AT = datetime(2030, 1, 31, tzinfo=UTC)
LOG = Signer("portal/audit/1", bytes(range(32)))
OTHER = Signer("portal/audit/2", bytes(range(1, 33)))
LEAF = '{"verb":"case.opened"}'
ROOT = leaf_hash(LEAF.encode())
NOTE = LOG.sign(Head(LOG.name, 1, ROOT).text(), AT)
PROOF = f"c2sp.org/tlog-proof@v1\nindex 0\n\n{NOTE}"
DEEP = "[" * 200_000


def _key(signer: Signer) -> Key:
    return Key(signer.name, signer.verifier.public)


def _run(what: str, path: Path, *more: str) -> int:
    return audit_verifier.main([what, str(path), "--key", LOG.verifier.text, *more])


def _certificate(**body: object) -> str:
    whole = {"format": audit_verifier.CERTIFICATES[0], "entries": [], "files": []} | body
    return json.dumps({"certificate": whole, "signature": NOTE})


@pytest.mark.parametrize("what", ["proof", "growth", "certificate"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"7",
        b'"x"',
        b"NaN",
        DEEP.encode(),
        b"9" * 5000,
        b"%PDF-1.7 nothing",
        json.dumps({"leaf": 1, "proof": 2, "old": 3, "new": [], "certificate": 4, "signature": 5}).encode(),
        json.dumps({"leaf": DEEP, "proof": PROOF, "old": NOTE, "new": NOTE, "proofs": 0}).encode(),
        json.dumps({"leaf": LEAF, "proof": "c2sp.org/tlog-proof@v1"}).encode(),
        json.dumps({"leaf": LEAF, "proof": PROOF.replace("index 0", "index " + "9" * 5000)}).encode(),
        json.dumps({"leaf": LEAF, "proof": PROOF.replace("index 0", "index -1")}).encode(),
        json.dumps({"leaf": LEAF + " ", "proof": PROOF}).encode(),
        json.dumps({"leaf": LEAF, "proof": PROOF.replace("\n\n", "\nnot base64\n\n", 1)}).encode(),
        _certificate(entries=[1]).encode(),
        _certificate(format=[]).encode(),
        _certificate(files=None, entries=None).encode(),
    ],
    ids=range(20),
)
def test_no_file_makes_it_stumble(tmp_path: Path, what: str, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert _run(what, path) in {1, 2}


def test_what_is_sound_holds(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(json.dumps({"leaf": LEAF, "proof": PROOF}))
    assert _run("proof", path) == 0
    assert _run("proof", tmp_path / "none") == 2


def _export(folder: Path) -> None:
    """One entry as files."""
    files = {
        "checkpoint": NOTE.encode(),
        "checkpoints.jsonl": json.dumps({"size": 1, "note": NOTE}).encode() + b"\n",
        "tile/0/000.p/1": ROOT,
        "tile/entries/000.p/1": len(LEAF).to_bytes(2, "big") + LEAF.encode(),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _write(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


TOO_LONG = bytes(audit_verifier.LARGEST + 1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _folder: None, 0),
        (_write("checkpoint", b"\xff"), 2),
        (_write("checkpoint", TOO_LONG), 2),
        (_write("checkpoint", b"\n\n"), 1),
        (_write("checkpoints.jsonl", b"{}\n"), 2),
        (_write("checkpoints.jsonl", DEEP.encode()), 2),
        (_write("checkpoints.jsonl", TOO_LONG), 2),
        (_write("tile/entries/000.p/1", b"\x00"), 1),
        (_write("tile/entries/000.p/1", b"\xff\xffshort"), 1),
        (_write("tile/entries/000.p/1", TOO_LONG), 2),
        (_write("tile/0/000.p/1", ROOT + b"\x00"), 1),
        (_write("tile/0/000.p/1", b""), 1),
        (lambda folder: (folder / "tile/0/000.p/1").unlink(), 2),
        (lambda folder: (folder / "checkpoints.jsonl").unlink(), 2),
    ],
    ids=range(14),
)
@pytest.mark.parametrize("packed", [False, True])
def test_no_export_makes_it_stumble(
    tmp_path: Path, change: Callable[[Path], object], code: int, *, packed: bool
) -> None:
    _export(tmp_path / "log")
    change(tmp_path / "log")
    if packed:
        with zipfile.ZipFile(tmp_path / "log.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in (tmp_path / "log").rglob("*"):
                archive.write(path, path.relative_to(tmp_path / "log"))
    assert _run("export", tmp_path / ("log.zip" if packed else "log")) == code


def test_archives_are_never_unpacked_and_their_lies_are_2(tmp_path: Path) -> None:
    path = tmp_path / "log.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../outside", "x")
        archive.writestr("/checkpoint", NOTE)
        archive.writestr("checkpoint", NOTE)
    assert _run("export", path) == 2
    assert not (tmp_path.parent / "outside").exists()
    content = path.read_bytes()
    for wrong in (content[:-30], content.replace(b"\x00\x00\x00\x00", b"\x09\x00\x63\x00", 1), b"PK", b""):
        path.write_bytes(wrong)
        assert _run("export", path) == 2


def test_a_checkpoint_of_another_log_counts_for_nothing(tmp_path: Path) -> None:
    both = [_key(LOG), _key(OTHER)]
    foreign = OTHER.sign(Head(OTHER.name, 1, ROOT).text(), AT)
    _export(tmp_path)
    with pytest.raises(Broken, match="is of another log, portal/audit/2"):
        audit_verifier.check_export(Files(tmp_path), both, [], audit_verifier.checkpoint(foreign, both))
    with pytest.raises(Broken, match="these are two logs"):
        audit_verifier.check_growth({"old": foreign, "new": NOTE, "proof": []}, both)
    # Signed with a key that is known, under the name of a log that it isn't the key of.
    with pytest.raises(Broken, match="isn't signed by the log's key"):
        audit_verifier.checkpoint(OTHER.sign(Head(LOG.name, 1, ROOT).text(), AT), both)


def test_a_witness_is_its_key_and_not_its_name() -> None:
    """Whoever calls themselves like the log, or like another witness, signs for nobody else."""
    text = Head(LOG.name, 1, ROOT).text()
    impostor = Signer(LOG.name, bytes(32))
    with pytest.raises(Broken, match="isn't signed by the log's key"):
        audit_verifier.checkpoint(impostor.sign(text, AT), [_key(LOG)], [_key(impostor)])
    witness, namesake = Signer("w", bytes(32)), Signer("w", bytes([7] * 32))
    for signer in (namesake, Signer("v", witness.seed)):
        with pytest.raises(Broken, match="isn't co-signed by w"):
            audit_verifier.checkpoint(NOTE + signer.cosign(text, AT), [_key(LOG)], [_key(witness)])
    assert audit_verifier.checkpoint(NOTE + witness.cosign(text, AT), [_key(LOG)], [_key(witness)]).size == 1
    # One under another checkpoint is no signature here.
    replayed = witness.cosign(Head(LOG.name, 2, ROOT).text(), AT)
    with pytest.raises(Broken, match="the signature of w is false"):
        audit_verifier.checkpoint(NOTE + replayed, [_key(LOG)], [_key(witness)])


def test_a_witness_is_not_kept_busy_by_a_portal_that_changes_its_mind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, asked = tmp_path / "witness", []
    audit_witness.make_key(folder, "w")
    (folder / "checkpoint").write_text(NOTE)

    def fetch(address: str, _body: str | None = None) -> str:
        asked.append(address)
        if "growth" in address:
            return ""
        return LOG.sign(Head(LOG.name, 2 + len(asked), bytes(32)).text(), AT)

    monkeypatch.setattr(audit_witness, "fetch", fetch)
    assert audit_witness.main(["cosign", str(folder), "https://x", "--key", LOG.verifier.text]) == 1
    assert len(asked) < 10
    assert (folder / "checkpoint").read_text() == NOTE
